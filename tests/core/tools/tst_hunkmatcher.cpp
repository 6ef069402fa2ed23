#include "core/tools/hunkmatcher.h"

#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

#include <random>

using namespace gatehouse;
using namespace gatehouse::tools;

namespace {

Result<PatchedText> run(const std::string& text, const std::string& body)
{
    auto patch = parsePatch("*** Begin Patch\n*** Update File: f\n" + body + "*** End Patch\n");
    if (!patch)
        return std::unexpected(patch.error());
    return applyHunks(text, patch->sections.front().hunks, "f");
}

std::string join(const std::vector<std::string>& lines)
{
    std::string out;
    for (const std::string& line : lines)
        out += line + '\n';
    return out;
}

} // namespace

class TestHunkMatcher : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void applies_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<QByteArray>("warning");
        const auto row = [](const char* name, const char* text, const char* body, const char* expected, const char* warning = "") {
            QTest::newRow(name) << QByteArray(text) << QByteArray(body) << QByteArray(expected) << QByteArray(warning);
        };
        row("replace", "a\nb\nc\n", " a\n-b\n+B\n c\n", "a\nB\nc\n");
        row("replace without context", "a\nb\nc\n", "-b\n+B\n", "a\nB\nc\n");
        row("remove", "a\nb\nc\n", "-b\n", "a\nc\n");
        row("remove all", "a\n", "-a\n", "");
        row("insert after context", "a\nb\n", " a\n+x\n+y\n", "a\nx\ny\nb\n");
        row("insert before context", "a\nb\n", "+x\n a\n", "x\na\nb\n");
        row("two hunks", "a\nb\nc\nd\n", "-a\n@@\n-d\n+D\n", "b\nc\nD\n");
        row("second of equal lines by order", "x\na\nx\nb\n", "-a\n@@\n-x\n", "x\nb\n");
        row("first of equal lines, and says so", "x\na\nx\n", "-x\n+y\n", "y\na\nx\n",
            "fits several places; took line 1, it also fits line 3");
        row("anchor", "def f:\n  x\ndef g:\n  x\n", "@@ def g:\n-  x\n+  y\n", "def f:\n  x\ndef g:\n  y\n");
        row("anchor is the first context line", "a\nb\n", "@@ a\n a\n-b\n", "a\n");
        row("stacked anchors", "class A\n f\n  x\nclass B\n f\n  x\n", "@@ class B\n@@  f\n-  x\n+  y\n",
            "class A\n f\n  x\nclass B\n f\n  y\n");
        row("indented anchor found without indentation", "class A\n    def f\n        x\n", "@@ def f\n-        x\n",
            "class A\n    def f\n");
        row("anchor in several places", "f\nx\nf\nz\n", "@@ f\n-x\n+y\n", "f\ny\nf\nz\n", "anchor that stands in several places");
        row("same anchor again", "f\n1\n2\n3\n", "@@ f\n-1\n@@ f\n-3\n", "f\n2\n");
        row("insert after anchor", "a\nb\n", "@@ a\n+x\n", "a\nx\nb\n");
        row("insert at the end", "a\nb\n", "+x\n*** End of File\n", "a\nb\nx\n");
        row("insert into an empty file", "", "+x\n", "x\n");
        row("end of file takes the tail", "x\na\nx\n", "-x\n+y\n*** End of File\n", "x\na\ny\n");
        row("end of file elsewhere", "x\na\nb\n", "-x\n+y\n*** End of File\n", "y\na\nb\n",
            "is marked as the end of the file but was found at line 1");
        row("no final newline stays", "a\nb", "-a\n+A\n", "A\nb");
        row("no final newline, last line changed", "a\nb", "-b\n+B\n", "a\nB");
        row("no final newline, appended", "a\nb", " b\n+c\n", "a\nb\nc");
        row("no final newline, last removed", "a\nb", "-b\n", "a");
        row("no final newline, appended at the end", "a", "+b\n*** End of File\n", "a\nb");
        row("CRLF stays", "a\r\nb\r\nc\r\n", "-b\n+B\n", "a\r\nB\r\nc\r\n");
        row("CRLF in the patch's content too", "a\r\nb\r\n", "-b\r\n+B\r\n", "a\r\nB\r\n");
        row("CRLF without a final one", "a\r\nb\r\nc", " b\n+x\n", "a\r\nb\r\nx\r\nc");
        row("CRLF appended", "a\r\nb\r\nc", " c\n+x\n", "a\r\nb\r\nc\r\nx");
        row("mixed ends stay", "a\nb\r\nc\n", "-a\n+A\n", "A\nb\r\nc\n");
        row("trailing space ignored", "a  \nb\n", " a\n-b\n+B\n", "a  \nB\n",
            "hunk 1 matched only after trimming white space at line ends");
        row("indentation ignored", "    a\n    b\n", " a\n-b\n+B\n", "    a\nB\n", "matched only after trimming indentation");
        row("exact beats trimmed", "  a\na\n", "-a\n+A\n", "  a\nA\n");
        row("right-trimmed beats trimmed", "  a\na \n", "-a\n+A\n", "  a\nA\n", "line ends");
        row("tab and space differ exactly", "\ta\n a\n", "- a\n", "\ta\n");
        row("spare blank line at the hunk's end", "a\nb\n", "-a\n+A\n\n@@\n-b\n", "A\n");
        row("blank line that is there", "a\n\nb\n", "-a\n\n b\n", "\nb\n");
        row("context only", "a\n", " a\n", "a\n");
        row("overlapping pattern", "a\na\na\nb\n", " a\n a\n-b\n", "a\na\na\n");
        row("Latin-1 elsewhere", "caf\xe9\nb\n", "-b\n+B\n", "caf\xe9\nB\n");
        row("lone CR", "a\rb\nc\n", "-c\n+C\n", "a\rb\nC\n");
        row("text that looks like a patch", "*** End Patch\n+x\n", "-*** End Patch\n", "+x\n");
    }
    void applies()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, expected);
        QFETCH(QByteArray, warning);
        GH_VALUE(const PatchedText patched, run(text.toStdString(), body.toStdString()));
        QCOMPARE(patched.text, expected.toStdString());
        QCOMPARE(patched.warnings.size(), warning.isEmpty() ? std::size_t(0) : std::size_t(1));
        if (!warning.isEmpty())
            QVERIFY2(patched.warnings[0].find(warning.toStdString()) != std::string::npos, patched.warnings[0].c_str());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<QByteArray>("why");
        const auto row = [](const char* name, const char* text, const char* body, const char* where, const char* why) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(body) << QByteArray(where) << QByteArray(why);
        };
        row("not there", "a\nb\n", "-c\n", "f: hunk 1", "Invalid Context");
        row("second not there", "a\nb\n", "-a\n@@\n-c\n", "f: hunk 2", "Invalid Context");
        row("out of order", "a\nb\nc\n", "-c\n@@\n-a\n", "f: hunk 2", "order of the file");
        row("lines apart", "a\nx\nb\n", " a\n-b\n", "f: hunk 1", "Invalid Context");
        row("anchor not there", "a\nb\n", "@@ zzz\n-b\n", "f: hunk 1", "Invalid Anchor");
        row("line numbers", "a\nb\n", "@@ -1,2 +1,2 @@\n-b\n", "f: hunk 1", "no line numbers");
        row("2^31 line numbers", "a\nb\n", "@@ -2147483648,2147483648 +2147483648 @@\n-b\n", "f: hunk 1", "no line numbers");
        row("before its anchor", "x\nf\ny\n", "@@ f\n-x\n", "f: hunk 1", "order of the file");
        row("nowhere to insert", "a\n", "+x\n", "f: hunk 1", "says no place");
        row("empty file", "", "-a\n", "f: hunk 1", "Invalid Context");
        row("longer than the file", "a\n", " a\n a\n", "f: hunk 1", "Invalid Context");
        row("the same place twice", "a\n", "-a\n@@\n-a\n", "f: hunk 2", "Invalid Context");
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, where);
        QFETCH(QByteArray, why);
        const auto patched = run(text.toStdString(), body.toStdString());
        QVERIFY(!patched);
        QCOMPARE(patched.error().where, where.toStdString());
        QVERIFY2(patched.error().toString().find(why.toStdString()) != std::string::npos, patched.error().toString().c_str());
    }

    // A patch made from two texts whose lines are all different gives the second text back.
    void whatIsDifferentIsMade()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 400; ++round) {
            std::vector<std::string> before;
            for (unsigned i = 0; i < 3 + random() % 20; ++i)
                before.push_back("line " + std::to_string(i) + " of " + std::to_string(random() % 1000));
            std::vector<std::string> after;
            std::string body;
            bool open = false;
            for (std::size_t i = 0; i < before.size(); ++i) {
                const unsigned what = random() % 6;
                if (what >= 4 && open) { // a gap: the next change starts a hunk of its own
                    open = false;
                    after.push_back(before[i]);
                    continue;
                }
                if (!open)
                    body += "@@\n";
                open = true;
                body += (what == 0 || what == 1 ? '-' : ' ') + before[i] + '\n';
                if (what >= 2)
                    after.push_back(before[i]);
                if (what == 1 || what == 2) {
                    after.push_back("new " + std::to_string(i));
                    body += '+' + after.back() + '\n';
                }
            }
            GH_VALUE(const PatchedText patched, run(join(before), body));
            QCOMPARE(patched.text, join(after));
            QVERIFY(patched.warnings.empty());
        }
    }

    void hostileRepetitionIsBounded()
    {
        std::string text(3u << 20, '\n');
        std::string body = "*** Begin Patch\n*** Update File: f\n";
        for (int i = 0; i < 300000; ++i)
            body += "@@\n \n+\n";
        GH_VALUE(const V4aPatch patch, parsePatch(body + "*** End Patch\n"));
        QElapsedTimer timer;
        timer.start();
        (void)applyHunks(text, patch.sections.front().hunks, "f");
        std::string pattern = "*** Begin Patch\n*** Update File: f\n";
        for (int i = 0; i < 500000; ++i)
            pattern += " \n";
        GH_VALUE(const V4aPatch longPatch, parsePatch(pattern + "-x\n*** End Patch\n"));
        QVERIFY(!applyHunks(text, longPatch.sections.front().hunks, "f"));
        std::string blanks = "*** Begin Patch\n*** Update File: f\n-x\n";
        for (int i = 0; i < 1000000; ++i)
            blanks += "\n";
        GH_VALUE(const V4aPatch blankPatch, parsePatch(blanks + "*** End Patch\n"));
        QVERIFY(!applyHunks("x\ny\n", blankPatch.sections.front().hunks, "f"));
        QVERIFY2(timer.elapsed() < 60000, "matching must be bounded");
    }
};

GATEHOUSE_TEST_MAIN(TestHunkMatcher)
#include "tst_hunkmatcher.moc"
