#include "core/workspace/patch.h"

#include "core/foundation/sha256.h"
#include "core/workspace/collectedits.h"
#include "tests/core/workspace/fakeworkspace.h"
#include "tests/core/workspace/realgit.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <random>

using namespace gatehouse;
using namespace gatehouse::workspace;
using execution::FileKind;
using test::FakeFile;
using test::FileTable;

namespace {

FakeFile file(std::string bytes, std::uint32_t mode = 0644)
{
    return {FileKind::Regular, mode, std::move(bytes)};
}
FakeFile link(std::string target)
{
    return {FileKind::Symlink, 0777, std::move(target)};
}
FakeFile folder()
{
    return {FileKind::Directory, 0755, {}};
}

struct Case {
    const char* name;
    FileTable before;
    FileTable after;
};

std::string lines(int count, const char* changed = nullptr, int at = -1)
{
    std::string out;
    for (int i = 0; i < count; ++i)
        out += i == at ? std::string(changed) + '\n' : "line " + std::to_string(i) + '\n';
    return out;
}

std::string randomBytes(unsigned seed, std::size_t size)
{
    std::mt19937 random(seed);
    std::string out(size, '\0');
    for (char& c : out)
        c = static_cast<char>(random());
    return out;
}

std::vector<Case> cases()
{
    using namespace std::string_literals;
    return {
        {"modified", {{"a.txt", file(lines(30))}}, {{"a.txt", file(lines(30, "changed", 15))}}},
        {"two hunks", {{"a.txt", file(lines(60))}}, {{"a.txt", file(lines(60, "one", 3).replace(400, 4, "two!"))}}},
        {"new", {}, {{"new.txt", file("hello\nworld\n")}}},
        {"new in new folders", {}, {{"x", folder()}, {"x/y", folder()}, {"x/y/new.txt", file("hello\n")}}},
        {"new and empty", {}, {{"empty", file("")}}},
        {"deleted", {{"gone", file("a\nb\n")}}, {}},
        {"deleted and empty", {{"gone", file("")}}, {}},
        {"emptied", {{"a", file("text\n")}}, {{"a", file("")}}},
        {"filled", {{"a", file("")}}, {{"a", file("text\n")}}},
        {"no final newline before", {{"a", file("one\ntwo")}}, {{"a", file("one\ntwo\n")}}},
        {"no final newline after", {{"a", file("one\ntwo\n")}}, {{"a", file("one\ntwo")}}},
        {"no final newline both", {{"a", file("one\ntwo")}}, {{"a", file("one\nthree")}}},
        {"new without final newline", {}, {{"a", file("x")}}},
        {"only a newline", {}, {{"a", file("\n")}}},
        {"CRLF", {{"a", file("one\r\ntwo\r\nthree\r\n")}}, {{"a", file("one\r\n2\r\nthree\r\n")}}},
        {"CRLF becomes LF", {{"a", file("one\r\ntwo\r\n")}}, {{"a", file("one\ntwo\n")}}},
        {"lone CR", {{"a", file("a\rb\rc\n")}}, {{"a", file("a\rB\rc\n")}}},
        {"trailing white space", {{"a", file("a  \n\t\nb\n")}}, {{"a", file("a \n\t \nb\n")}}},
        {"becomes executable", {{"s.sh", file("#!/bin/sh\n")}}, {{"s.sh", file("#!/bin/sh\n", 0755)}}},
        {"executable and changed", {{"s.sh", file("#!/bin/sh\n", 0755)}}, {{"s.sh", file("#!/bin/sh\nexit\n", 0644)}}},
        {"new executable", {}, {{"s.sh", file("#!/bin/sh\n", 0755)}}},
        {"mode of empty file", {{"e", file("")}}, {{"e", file("", 0755)}}},
        {"new link", {}, {{"l", link("target/file")}}},
        {"deleted link", {{"l", link("target")}}, {}},
        {"link elsewhere", {{"l", link("old")}}, {{"l", link("new")}}},
        {"dangling absolute link", {}, {{"l", link("/etc/passwd")}}},
        {"file becomes link", {{"l", file("text\n")}}, {{"l", link("target")}}},
        {"link becomes file", {{"l", link("target")}}, {{"l", file("text\n", 0755)}}},
        {"file becomes folder", {{"d", file("text\n")}}, {{"d", folder()}, {"d/f", file("x\n")}}},
        {"folder becomes file", {{"d", folder()}, {"d/f", file("x\n")}}, {{"d", file("text\n")}}},
        {"folder becomes link", {{"d", folder()}, {"d/f", file("x\n")}}, {{"d", link("elsewhere")}}},
        {"binary new", {}, {{"b.bin", file(randomBytes(1, 1000))}}},
        {"binary changed", {{"b.bin", file(randomBytes(1, 5000))}}, {{"b.bin", file(randomBytes(1, 4000) + randomBytes(2, 1000))}}},
        {"binary deleted", {{"b.bin", file(randomBytes(3, 52 * 3))}}, {}},
        {"binary emptied", {{"b.bin", file(randomBytes(3, 77))}}, {{"b.bin", file("")}}},
        {"binary from empty", {{"b.bin", file("")}}, {{"b.bin", file(randomBytes(3, 1))}}},
        {"binary to text", {{"b", file("a\0b\n"s)}}, {{"b", file("ab\n")}}},
        {"NUL late in text", {{"b", file(lines(2000) + "\0"s)}}, {{"b", file(lines(2000, "x", 3) + "\0"s)}}},
        {"control characters", {{"b", file("a\x1b[31m\n")}}, {{"b", file("\x01\x02\x03\x04\x1b[0m\n")}}},
        {"Latin-1 text", {{"a", file("caf\xe9\n")}}, {{"a", file("caf\xe9s\n")}}},
        {"name with spaces", {{"a b c", file("x\n")}}, {{"a b c", file("y\n")}, {"d e", file("")}}},
        {"name ends in space", {{"x ", file("x\n")}}, {{"x ", file("y\n")}}},
        {"mode of name with spaces", {{"a b", file("x\n")}}, {{"a b", file("x\n", 0755)}}},
        {"name with quotes", {{"a\"b\\c", file("x\n")}}, {{"a\"b\\c", file("y\n")}}},
        {"name with newline", {{"a\nb", file("x\n")}}, {{"a\nb", file("y\n")}, {"n\new", file("")}}},
        {"name with escape and tab", {{"\x1b[31m\t", file("x\n")}}, {{"\x1b[31m\t", file("y\n", 0755)}}},
        {"name not UTF-8", {{"f\xff\xfe", file("x\n")}}, {{"f\xff\xfe", file("y\n")}}},
        {"name in UTF-8", {{"Größe/ж", file("x\n")}}, {{"Größe/ж", file("y\n")}, {"日本", file("z")}}},
        {"name that looks like a header", {{"b b/b", file("x\n")}}, {{"b b/b", file("y\n", 0755)}}},
        {"deleted name with spaces", {{"a b", file("")}, {"c d", file("x\n")}}, {}},
        {"lines that look like a patch",
         {{"a", file("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n")}},
         {{"a", file("diff --git a/x b/x\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n-x\n+z\n\n@@ x\nGIT binary patch\n")}}},
        {"file named dev null", {}, {{"dev/null", file("x\n")}}},
        {"long lines", {{"a", file(std::string(300000, 'x') + '\n')}}, {{"a", file(std::string(300000, 'y') + '\n')}}},
        {"many",
         {{"a", file("1\n")}, {"b", file("2\n")}, {"c/d", file("3\n")}},
         {{"a", file("1\n1\n")}, {"c/d", file("4\n")}, {"c/e", file("5\n", 0755)}, {"f", link("a")}}},
    };
}

std::vector<PathEdit> editsOf(const Case& c, const std::string& prefix)
{
    test::FakeWorkspace workspace;
    for (const auto& [name, f] : c.before)
        workspace.base[prefix + name] = f;
    for (const auto& [name, f] : c.after)
        workspace.now[prefix + name] = f;
    auto edits = collectEdits(workspace.changes(), workspace, KnownState(), {});
    return edits ? *edits : std::vector<PathEdit>();
}

} // namespace

class TestPatch : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void gitTakesIt_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const Case& c : cases())
            QTest::newRow(c.name) << index++;
    }

    void gitTakesIt()
    {
        QFETCH(int, index);
        const Case c = cases()[static_cast<std::size_t>(index)];
        test::TemporaryFolder folder;
        test::writeTable(folder.path(), c.before);
        GH_VALUE(const Patch patch, makePatch(editsOf(c, "repo/"), {.prefix = "repo"}));
        QVERIFY(!patch.text.empty());
        QVERIFY(patch.excluded.empty());
        const test::GitAnswer check = test::git(folder.path(), {"apply", "--check", "-"}, patch.text);
        QVERIFY2(check.status == 0, (check.error + patch.text).c_str());
        const test::GitAnswer applied = test::git(folder.path(), {"apply", "-"}, patch.text);
        QVERIFY2(applied.status == 0, applied.error.c_str());
        QCOMPARE(test::describe(test::readTable(folder.path())), test::describe(c.after));
        // And back: the patch holds both sides whole.
        const test::GitAnswer back = test::git(folder.path(), {"apply", "-R", "-"}, patch.text);
        QVERIFY2(back.status == 0, back.error.c_str());
        QCOMPARE(test::describe(test::readTable(folder.path())), test::describe(c.before));
        test::emptyFolder(folder.path());
    }

    // In a repository git also compares the object ids that the patch names.
    void gitTakesItInARepository_data() { gitTakesIt_data(); }
    void gitTakesItInARepository()
    {
        QFETCH(int, index);
        const Case c = cases()[static_cast<std::size_t>(index)];
        test::TemporaryFolder folder;
        QCOMPARE(test::git(folder.path(), {"init", "-q"}).status, 0);
        test::writeTable(folder.path(), c.before);
        QCOMPARE(test::git(folder.path(), {"add", "-A"}).status, 0);
        GH_VALUE(const Patch patch, makePatch(editsOf(c, "")));
        const test::GitAnswer applied = test::git(folder.path(), {"apply", "--index", "-"}, patch.text);
        QVERIFY2(applied.status == 0, (applied.error + patch.text).c_str());
        QCOMPARE(test::describe(test::readTable(folder.path())), test::describe(c.after));
        test::emptyFolder(folder.path());
    }

    void anUnchangedFileIsNoEdit()
    {
        const Case c{"", {{"a", file("x\n")}, {"l", link("x")}}, {{"a", file("x\n")}, {"l", link("x")}}};
        QVERIFY(editsOf(c, "").empty());
        GH_VALUE(const Patch patch, makePatch(editsOf(c, "")));
        QVERIFY(patch.text.empty());
        QVERIFY(patch.stat == PatchStat());
    }

    void bitsThatGitDoesNotKeepMakeNoSection()
    {
        const Case c{"", {{"a", file("x\n", 0600)}}, {{"a", file("x\n", 0664)}}};
        QCOMPARE(editsOf(c, "").size(), std::size_t(1));
        GH_VALUE(const Patch patch, makePatch(editsOf(c, "")));
        QVERIFY(patch.text.empty());
        QCOMPARE(patch.stat.files, std::size_t(0));
    }

    void onlyWhatIsBeneathThePrefix()
    {
        const Case c{"", {}, {{"repo/a", file("x\n")}, {"repo2/b", file("y\n")}, {"rep", file("z\n")}, {"notes", file("n\n")}}};
        GH_VALUE(const Patch patch, makePatch(editsOf(c, ""), {.prefix = "repo"}));
        QCOMPARE(patch.stat.files, std::size_t(1));
        QVERIFY(patch.text.starts_with("diff --git a/a b/a\nnew file mode 100644\n"));
        QVERIFY(!makePatch(editsOf(c, ""), {.prefix = "../x"}));
    }

    void namesThatGitRefusesAreLeftOutAndNamed_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {".git/config", ".GIT/hooks/post-checkout", "a/.Git/x", "git~1", "GIT~1/x", ".git. ./x",
                                 ".git::$INDEX_ALLOCATION/x", ".g\u200cit/config", "a/.git"})
            QTest::newRow(name) << QByteArray(name);
    }
    void namesThatGitRefusesAreLeftOutAndNamed()
    {
        QFETCH(QByteArray, name);
        const Case c{"", {}, {{name.toStdString(), file("x\n")}, {"ok", file("x\n")}}};
        GH_VALUE(const Patch patch, makePatch(editsOf(c, "")));
        QCOMPARE(patch.stat.files, std::size_t(1));
        QCOMPARE(patch.excluded.size(), std::size_t(1));
        QCOMPARE(patch.excluded.front().path, name.toStdString());
        QVERIFY(patch.excluded.front().why == Excluded::RefusedName);
    }

    void aLinkInPlaceOfTheSubmoduleListIsLeftOut()
    {
        GH_VALUE(const Patch patch, makePatch(editsOf({"", {}, {{".gitmodules", link("x")}}}, "")));
        QCOMPARE(patch.excluded.size(), std::size_t(1));
        QVERIFY(patch.text.empty());
    }

    void aFileWithoutBytesIsLeftOutAndNamed()
    {
        PathEdit edit;
        edit.path = "huge";
        edit.after = {FileKind::Regular, 0644, 1ull << 40, std::string(64, 'a'), {}};
        GH_VALUE(const Patch patch, makePatch(std::span<const PathEdit>(&edit, 1)));
        QVERIFY(patch.text.empty());
        QVERIFY(patch.excluded == std::vector<ExcludedPath>({{"huge", Excluded::NoBytes}}));
    }

    void theStatCountsLines()
    {
        const Case c{"", {{"a", file("1\n2\n3\n")}, {"b", file(std::string("\0", 1))}}, {{"a", file("1\n3\n4\n5\n")}}};
        GH_VALUE(const Patch patch, makePatch(editsOf(c, "")));
        QCOMPARE(patch.stat.files, std::size_t(2));
        QCOMPARE(patch.stat.added, std::size_t(2));
        QCOMPARE(patch.stat.removed, std::size_t(1));
    }

    void theBytesAreFixed()
    {
        const Case c{"", {{"a b", file("1\n2\n3\n")}}, {{"a b", file("1\n2\nthree")}}};
        GH_VALUE(const Patch patch, makePatch(editsOf(c, "")));
        QCOMPARE(patch.text,
                 std::string("diff --git a/a b b/a b\n"
                             "index 01e79c32a8c99c557f0757da7cb6d65b3414466d..7f3ae779113defb81cdaf1ff84305f24b2d747de 100644\n"
                             "--- a/a b\t\n+++ b/a b\t\n@@ -1,3 +1,3 @@\n 1\n 2\n-3\n+three\n\\ No newline at end of file\n"));
    }

    void aToolsEditGivesTheSamePatch()
    {
        const execution::FileEdit edit{"a", "1\n", "2\n", 0644, 0644};
        GH_VALUE(const Patch announced, makePatch(std::span<const execution::FileEdit>(&edit, 1)));
        GH_VALUE(const Patch collected, makePatch(editsOf({"", {{"a", file("1\n")}}, {{"a", file("2\n")}}}, "")));
        QCOMPARE(announced.text, collected.text);
    }

    // Random edits of random lines, as git sees them.
    void randomTextsRoundTrip()
    {
        std::mt19937 random(20260101);
        const std::vector<std::string> words = {"", "a", "b", " ", "\r", "\t", "@@", "-", "+", "\\ No newline at end of file", "c\xff"};
        const auto text = [&] {
            std::string out;
            for (unsigned i = random() % 12; i > 0; --i)
                out += words[random() % words.size()] + '\n';
            return random() % 3 == 0 ? out + "end" : out;
        };
        test::TemporaryFolder folder;
        for (int round = 0; round < 60; ++round) {
            Case c{"", {}, {}};
            for (const char* name : {"a", "b", "c"}) {
                if (random() % 4 != 0)
                    c.before[name] = file(text(), random() % 2 == 0 ? 0644 : 0755);
                if (random() % 4 != 0)
                    c.after[name] = file(text(), random() % 2 == 0 ? 0644 : 0755);
            }
            const std::string path = folder.path(std::to_string(round));
            std::filesystem::create_directory(path);
            test::writeTable(path, c.before);
            GH_VALUE(const Patch patch, makePatch(editsOf(c, "")));
            if (!patch.text.empty()) {
                const test::GitAnswer applied = test::git(path, {"apply", "-"}, patch.text);
                QVERIFY2(applied.status == 0, (applied.error + patch.text).c_str());
            }
            QCOMPARE(test::describe(test::readTable(path)), test::describe(c.after));
        }
    }
};

GATEHOUSE_TEST_MAIN(TestPatch)
#include "tst_patch.moc"
