#include "core/tools/v4apatch.h"

#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

using namespace gatehouse;
using namespace gatehouse::tools;

namespace {

std::string wrapped(const std::string& body)
{
    return "*** Begin Patch\n" + body + "*** End Patch\n";
}

// A patch as text that a person can compare.
std::string describe(const V4aPatch& patch)
{
    std::string out;
    for (const PatchSection& section : patch.sections) {
        out += section.kind == SectionKind::Add ? "A " : section.kind == SectionKind::Delete ? "D " : "U ";
        out += section.path + (section.moveTo.empty() ? "" : " > " + section.moveTo) +
            (section.content.empty() ? "" : " = " + section.content);
        for (const Hunk& hunk : section.hunks) {
            out += " [";
            for (const std::string& anchor : hunk.anchors)
                out += '@' + anchor + '|';
            for (const HunkLine& line : hunk.lines)
                (out += static_cast<char>(line.kind)) += line.text + '|';
            out += hunk.atEnd ? "$]" : "]";
        }
        out += ';';
    }
    return out;
}

} // namespace

class TestV4aPatch : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const std::string& text, const char* expected) {
            QTest::newRow(name) << QByteArray(text.data(), static_cast<qsizetype>(text.size())) << QByteArray(expected);
        };
        row("add", wrapped("*** Add File: a/b.txt\n+one\n+\n+ two\n"), "A a/b.txt = one\n\n two\n;");
        row("delete", wrapped("*** Delete File: a\n"), "D a;");
        row("update", wrapped("*** Update File: a\n@@\n x\n-y\n+z\n"), "U a [ x|-y|+z|];");
        row("update without @@", wrapped("*** Update File: a\n x\n-y\n+z\n"), "U a [ x|-y|+z|];");
        row("two hunks", wrapped("*** Update File: a\n-x\n@@\n-y\n"), "U a [-x|] [-y|];");
        row("anchor", wrapped("*** Update File: a\n@@ def f():\n-y\n"), "U a [@def f():|-y|];");
        row("indented anchor", wrapped("*** Update File: a\n@@     def f():\n-y\n"), "U a [@    def f():|-y|];");
        row("stacked anchors", wrapped("*** Update File: a\n@@ class A\n@@ def f\n-y\n"), "U a [@class A|@def f|-y|];");
        row("end of file", wrapped("*** Update File: a\n@@\n+z\n*** End of File\n"), "U a [+z|$];");
        row("hunk after end of file", wrapped("*** Update File: a\n+z\n*** End of File\n@@\n-y\n"), "U a [+z|$] [-y|];");
        row("move", wrapped("*** Update File: a\n*** Move to: b\n-x\n"), "U a > b [-x|];");
        row("move alone", wrapped("*** Update File: a\n*** Move to: b\n"), "U a > b;");
        row("empty line is context", wrapped("*** Update File: a\n x\n\n-y\n"), "U a [ x| |-y|];");
        row("several files", wrapped("*** Add File: a\n+1\n*** Delete File: b\n*** Update File: c\n-x\n"), "A a = 1\n;D b;U c [-x|];");
        row("no final newline", "*** Begin Patch\n*** Delete File: a\n*** End Patch", "D a;");
        row("blank lines around", "\n  \n*** Begin Patch\n*** Delete File: a\n*** End Patch\n\n", "D a;");
        row("CRLF all over", "*** Begin Patch\r\n*** Add File: a\r\n+x\r\n*** End Patch\r\n", "A a = x\n;");
        row("CR in content", wrapped("*** Update File: a\n-x\r\n+y\r\n"), "U a [-x\r|+y\r|];");
        row("path with spaces", wrapped("*** Delete File:   a b.txt  \n"), "D a b.txt;");
        row("no space after the colon", wrapped("*** Delete File:a\n"), "D a;");
        row("content that looks like a header", wrapped("*** Add File: a\n+*** End Patch\n+*** Add File: b\n"),
            "A a = *** End Patch\n*** Add File: b\n;");
        row("removed line that looks like a header", wrapped("*** Update File: a\n-*** End of File\n+@@ x\n"),
            "U a [-*** End of File|+@@ x|];");
        row("dots in names", wrapped("*** Delete File: ...\n*** Delete File: a/..b\n"), "D ...;D a/..b;");
        row("unified header is an anchor", wrapped("*** Update File: a\n@@ -2147483648,1 +1 @@\n-x\n"), "U a [@-2147483648,1 +1 @@|-x|];");
        row("UTF-8", wrapped("*** Update File: Größe\n-ä\n+日本\n"), "U Größe [-ä|+日本|];");
    }
    void reads()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        GH_VALUE(const V4aPatch patch, parsePatch(text.toStdString()));
        QCOMPARE(describe(patch), expected.toStdString());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<QByteArray>("why");
        const auto row = [](const char* name, const std::string& text, int line, const char* why) {
            QTest::newRow(name) << QByteArray(text.data(), static_cast<qsizetype>(text.size())) << line << QByteArray(why);
        };
        row("nothing", "", 1, "begins with");
        row("blank", "\n\n", 3, "begins with");
        row("prose first", "Here is it:\n" + wrapped("*** Delete File: a\n"), 1, "begins with");
        row("prose after", wrapped("*** Delete File: a\n") + "done\n", 4, "ends with");
        row("text on the end line", "*** Begin Patch\n*** Delete File: a\n*** End Patch!\n", 3, "ends with");
        row("no end", "*** Begin Patch\n*** Delete File: a\n", 2, "ends with");
        row("only the begin", "*** Begin Patch", 1, "ends with");
        row("here document", "apply_patch <<'EOF'\n" + wrapped("*** Delete File: a\n") + "EOF\n", 1, "begins with");
        row("no section", wrapped(""), 2, "holds no file");
        row("unknown header", wrapped("*** Rename File: a\n"), 2, "not known");
        row("line outside", wrapped("+x\n"), 2, "outside of any file");
        row("blank between files", wrapped("*** Delete File: a\n\n*** Delete File: b\n"), 3, "no lines");
        row("path missing", wrapped("*** Delete File: \n"), 2, "path is missing");
        row("move path missing", wrapped("*** Update File: a\n*** Move to:\n"), 3, "path is missing");
        row("absolute", wrapped("*** Delete File: /etc/passwd\n"), 2, "plain path");
        row("dot dot", wrapped("*** Delete File: ../a\n"), 2, "plain path");
        row("dot dot inside", wrapped("*** Update File: a/../../b\n-x\n"), 2, "plain path");
        row("dot dot at the end", wrapped("*** Delete File: a/..\n"), 2, "plain path");
        row("move outside", wrapped("*** Update File: a\n*** Move to: ../b\n"), 3, "plain path");
        row("move absolute", wrapped("*** Update File: a\n*** Move to: /b\n"), 3, "plain path");
        row("dot", wrapped("*** Delete File: ./a\n"), 2, "plain path");
        row("doubled slash", wrapped("*** Delete File: a//b\n"), 2, "plain path");
        row("slash at the end", wrapped("*** Add File: a/\n+x\n"), 2, "plain path");
        row("CR in a path", wrapped("*** Delete File: a\r\n"), 2, "carriage return");
        row("NUL in a path", wrapped(std::string("*** Delete File: a\0b\n", 21)), 2, "NUL");
        row("NUL in content", wrapped(std::string("*** Add File: a\n+x\0\n", 20)), 3, "NUL");
        row("long path", wrapped("*** Delete File: " + std::string(5000, 'a') + "\n"), 2, "longer than");
        row("empty new file", wrapped("*** Add File: a\n"), 3, "no lines");
        row("new file with another line", wrapped("*** Add File: a\n+x\ny\n"), 4, "starts with");
        row("new file with a blank line", wrapped("*** Add File: a\n+x\n\n+y\n"), 4, "starts with");
        row("deleted file with lines", wrapped("*** Delete File: a\n-x\n"), 3, "no lines");
        row("update without lines", wrapped("*** Update File: a\n"), 2, "Nothing in this section");
        row("anchor without lines", wrapped("*** Update File: a\n@@ x\n"), 3, "Nothing in this section");
        row("end of file without lines", wrapped("*** Update File: a\n*** End of File\n"), 3, "Nothing in this section");
        row("twice end of file", wrapped("*** Update File: a\n-x\n*** End of File\n*** End of File\n"), 5, "Nothing in this section");
        row("text after the end mark", wrapped("*** Update File: a\n-x\n*** End of File!\n"), 4, "not known");
        row("line without a sign", wrapped("*** Update File: a\n-x\ny\n"), 4, "Invalid Line");
        row("tab for a sign", wrapped("*** Update File: a\n\tx\n"), 3, "Invalid Line");
        row("anchor without a space", wrapped("*** Update File: a\n@@x\n-y\n"), 3, "Invalid Anchor");
        row("header inside a hunk", wrapped("*** Update File: a\n-x\n*** Move to: b\n"), 4, "not known");
        row("second begin", wrapped("*** Begin Patch\n*** Delete File: a\n"), 2, "not known");
        row("one file twice", wrapped("*** Update File: a\n-x\n*** Update File: a\n-y\n"), 4, "already stands in line 2");
        row("add and delete", wrapped("*** Delete File: a\n*** Add File: a\n+x\n"), 3, "already stands in line 2");
        row("moved onto another", wrapped("*** Update File: a\n*** Move to: b\n*** Add File: b\n+x\n"), 4, "already stands in line 3");
        row("moved onto itself", wrapped("*** Update File: a\n*** Move to: a\n-x\n"), 3, "already stands in line 2");
        row("file and folder", wrapped("*** Add File: a\n+x\n*** Add File: a/b/c\n+x\n"), 4, "can't be a file and the folder");
        row("some lines CRLF", "*** Begin Patch\r\n*** Delete File: a\n*** End Patch\n", 1, "begins with");
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        QFETCH(QByteArray, why);
        const auto patch = parsePatch(text.toStdString());
        QVERIFY(!patch);
        QVERIFY(patch.error().code == ErrorCode::InvalidInput);
        QCOMPARE(patch.error().where, "patch line " + std::to_string(line));
        QVERIFY2(patch.error().toString().find(why.toStdString()) != std::string::npos, patch.error().toString().c_str());
    }

    void hasLimits()
    {
        QVERIFY(!parsePatch(wrapped("*** Add File: a\n+" + std::string(5u << 20, 'x') + '\n')));
        std::string many;
        for (int i = 0; i < 1001; ++i)
            many += "*** Delete File: f" + std::to_string(i) + '\n';
        const auto patch = parsePatch(wrapped(many));
        QVERIFY(!patch && patch.error().where == "patch line 1002");
    }

    void aMillionHunksTakeNoTime()
    {
        std::string body = "*** Update File: a\n";
        for (int i = 0; i < 500000; ++i)
            body += "@@\n-x\n";
        QElapsedTimer timer;
        timer.start();
        const auto patch = parsePatch(wrapped(body));
        QVERIFY(patch && patch->sections.front().hunks.size() == 500000);
        QVERIFY2(timer.elapsed() < 10000, "parsing must be linear");
    }

    void deepPathsTakeNoTime()
    {
        std::string path = "a";
        while (path.size() < 4000)
            path += "/a";
        std::string body;
        for (int i = 0; i < 900; ++i)
            body += "*** Delete File: " + path + std::to_string(i) + '\n';
        GH_VERIFY(parsePatch(wrapped(body)));
    }
};

GATEHOUSE_TEST_MAIN(TestV4aPatch)
#include "tst_v4apatch.moc"
