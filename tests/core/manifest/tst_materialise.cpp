#include "core/manifest/materialise.h"

#include "core/manifest/contentdigest.h"
#include "core/workspace/commitfolder.h"
#include "tests/core/workspace/realgit.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

using namespace gatehouse;
using namespace gatehouse::workflow;
using execution::FileKind;
using manifest::Receipt;
using test::FileTable;

namespace {

// A project folder, sources in it, and an empty target.
struct Bench {
    test::TemporaryFolder folder;
    Project project;
    Manifest manifest;
    std::string target;

    Bench()
    {
        project.directory = std::filesystem::canonical(folder.path()).string() + "/project";
        std::filesystem::create_directory(project.directory);
        target = folder.path("target");
        std::filesystem::create_directory(target);
    }
    std::string source(const std::string& name) const { return project.directory + '/' + name; }
    void add(const std::string& path, decltype(ManifestEntry::content) content, std::optional<std::uint32_t> mode = {})
    {
        ManifestEntry entry;
        entry.path = path;
        entry.content = std::move(content);
        entry.mode = mode;
        entry.where = "w.json:" + std::to_string(manifest.entries.size() + 1) + ":1";
        manifest.entries.push_back(std::move(entry));
    }
    Result<std::vector<Receipt>> run(const CancelToken& cancel = {}) const
    {
        return manifest::materialise(manifest, project, target, cancel);
    }
    bool targetIsEmpty() const { return std::filesystem::is_empty(target); }
    mode_t mode(const std::string& path) const
    {
        struct stat status = {};
        return ::lstat((target + '/' + path).c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
    }
};

FileTable sources()
{
    return {{"readme", {FileKind::Regular, 0640, "hello\r\n"}},
            {"bin/run", {FileKind::Regular, 0700, "#!/bin/sh\n"}},
            {"bin/data", {FileKind::Regular, 0600, std::string("\0\xff", 2)}},
            {"empty", {FileKind::Directory, 0700, ""}}};
}

FileTable withModes(FileTable files)
{
    for (auto& [path, file] : files)
        if (file.kind == FileKind::Regular)
            file.mode = (file.mode & 0100) != 0 ? 0755 : 0644;
    return files;
}

} // namespace

class TestMaterialise : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyKindOfEntry()
    {
        Bench bench;
        test::writeTable(bench.source("folder"), sources());
        test::writeTable(bench.source("single"), {{"run.sh", {FileKind::Regular, 0744, "x"}}});
        test::writeTable(
            bench.source("repo"),
            {{"a", {FileKind::Regular, 0644, "1"}}, {"s.sh", {FileKind::Regular, 0755, "2"}}, {"l", {FileKind::Symlink, 0777, "a"}}});
        GH_VALUE(const std::string commit, workspace::commitFolder(bench.source("repo"), "main", "Start"));
        bench.add("copy", LocalDirEntry{bench.source("folder")});
        bench.add("deep/notes.md", FileEntry{"Notes: ä\n"});
        bench.add("dir", DirEntry{}, 0700);
        bench.add("dir/secret", FileEntry{""}, 0600);
        bench.add("repo", GitRepoEntry{"local", bench.source("repo"), "main", {}});
        bench.add("tool", LocalFileEntry{bench.source("single/run.sh")});
        GH_VALUE(const auto receipts, bench.run());
        FileTable expected = {{"deep/notes.md", {FileKind::Regular, 0644, "Notes: ä\n"}},
                              {"dir/secret", {}},
                              {"repo/a", {FileKind::Regular, 0644, "1"}},
                              {"repo/s.sh", {FileKind::Regular, 0755, "2"}},
                              {"repo/l", {FileKind::Symlink, 0777, "a"}},
                              {"tool", {FileKind::Regular, 0755, "x"}}};
        for (const auto& [path, file] : withModes(sources()))
            expected["copy/" + path] = file;
        QCOMPARE(test::describe(test::readTable(bench.target)), test::describe(expected));
        QVERIFY(!std::filesystem::exists(bench.target + "/repo/.git"));
        QVERIFY(std::filesystem::is_directory(bench.target + "/copy/empty"));
        QCOMPARE(bench.mode("dir"), mode_t(0700));
        QCOMPARE(bench.mode("dir/secret"), mode_t(0600));
        QCOMPARE(bench.mode("copy"), mode_t(0755));
        QCOMPARE(bench.mode("copy/bin/run"), mode_t(0755));
        QCOMPARE(bench.mode("deep"), mode_t(0755));
        QCOMPARE(receipts.size(), std::size_t(6));
        QVERIFY(receipts[1] == Receipt({"deep/notes.md", "file", "", "", sha256Hex("Notes: ä\n"), 1, 10, {}}));
        QCOMPARE(receipts[4].commit, commit);
        QCOMPARE(receipts[4].kind, std::string("git_repo"));
        QCOMPARE(receipts[4].files, std::uint64_t(3));
        const std::string list = "100644 " + sha256Hex("1") + " a" + '\0' + "120000 " + sha256Hex("a") + " l" + '\0' + "100755 " +
            sha256Hex("2") + " s.sh" + '\0';
        QCOMPARE(receipts[4].sha256, sha256Hex(list));
        QVERIFY(receipts[5] == Receipt({"tool", "local_file", bench.source("single/run.sh"), "", sha256Hex("x"), 1, 1, {}}));
    }

    void theUmaskHasNoSay()
    {
        const mode_t before = ::umask(077);
        Bench bench;
        bench.add("a/b", FileEntry{"x"});
        const auto receipts = bench.run();
        ::umask(before);
        GH_VERIFY(receipts);
        QCOMPARE(bench.mode("a"), mode_t(0755));
        QCOMPARE(bench.mode("a/b"), mode_t(0644));
    }

    void specialBitsAreNotTaken()
    {
        Bench bench;
        test::writeTable(bench.source("s"), {{"x", {FileKind::Regular, 04755, "x"}}});
        bench.add("s", LocalDirEntry{bench.source("s")});
        bench.add("f", FileEntry{"x"}, 06755);
        GH_VERIFY(bench.run());
        QCOMPARE(bench.mode("s/x"), mode_t(0755));
        QCOMPARE(bench.mode("f"), mode_t(0755));
    }

    void aCommitByItsId()
    {
        Bench bench;
        const std::string repo = bench.source("repo");
        test::writeTable(repo, {{"a", {FileKind::Regular, 0644, "old"}}, {"sub/b", {}}});
        GH_VALUE(const std::string old, workspace::commitFolder(repo, "main", "Start"));
        test::writeFile(repo + "/a", "new");
        QCOMPARE(test::git(repo, {"commit", "-qam", "second"}).status, 0);
        test::writeFile(repo + "/a", "not committed");
        bench.add("old", GitRepoEntry{"local", repo, old.substr(0, 10), {}});
        bench.add("new", GitRepoEntry{"local", repo, "", {}});
        bench.add("part", GitRepoEntry{"local", repo, "main", "sub"});
        GH_VALUE(const auto receipts, bench.run());
        QCOMPARE(test::readFile(bench.target + "/old/a"), std::string("old"));
        QCOMPARE(test::readFile(bench.target + "/new/a"), std::string("new"));
        QVERIFY(std::filesystem::exists(bench.target + "/part/b"));
        QCOMPARE(receipts[0].commit, old);
        QVERIFY(receipts[1].commit != old);
    }

    void submodulesAreEmptyFoldersAndListed()
    {
        Bench bench;
        test::writeTable(bench.source("inner"), {{"x", {}}});
        GH_VERIFY(workspace::commitFolder(bench.source("inner"), "main", "Start"));
        test::writeTable(bench.source("repo"), {{"a", {}}});
        GH_VERIFY(workspace::commitFolder(bench.source("repo"), "main", "Start"));
        QCOMPARE(test::git(bench.source("repo"),
                           {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", bench.source("inner"), "lib"})
                     .status,
                 0);
        QCOMPARE(test::git(bench.source("repo"), {"commit", "-qm", "sub"}).status, 0);
        bench.add("repo", GitRepoEntry{"local", bench.source("repo"), "main", {}});
        GH_VALUE(const auto receipts, bench.run());
        QVERIFY(receipts[0].leftOut == std::vector<std::string>({"lib"}));
        QVERIFY(std::filesystem::is_empty(bench.target + "/repo/lib"));
    }

    // Each leaves the target empty and names the entry and the place.
    void refuses_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QByteArray>("why");
        int index = 0;
        for (const char* why : {"symbolic links", "symbolic links", "regular files", "symbolic link", "regular file", "outside the project",
                                "outside the project", "never copied", "Could not open", "already put something", "already put something",
                                "already put something", "NotFound branch", "can't be fetched", "not carried out", "not a plain path",
                                "symbolic link", "not a git repository"})
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(index).arg(QLatin1String(why)))) << index << QByteArray(why), ++index;
    }
    void refuses()
    {
        QFETCH(int, which);
        QFETCH(QByteArray, why);
        Bench bench;
        const std::string s = bench.source("s");
        test::writeTable(s, {{"d/ok", {}}, {"z", {}}});
        std::filesystem::create_directories(bench.project.stateDirectory() + "/runs");
        bench.folder.write("outside/secret", "S");
        bench.add("first", FileEntry{"fine"});
        switch (which) {
        case 0:
            std::filesystem::create_symlink("/etc/passwd", s + "/d/link");
            bench.add("e", LocalDirEntry{s});
            break;
        case 1:
            std::filesystem::create_directory_symlink("d", s + "/inside");
            bench.add("e", LocalDirEntry{s});
            break;
        case 2:
            QCOMPARE(::mkfifo((s + "/pipe").c_str(), 0600), 0);
            bench.add("e", LocalDirEntry{s});
            break;
        case 3:
            std::filesystem::create_symlink("z", s + "/link");
            bench.add("e", LocalFileEntry{s + "/link"});
            break;
        case 4:
            QCOMPARE(::mkfifo((s + "/pipe").c_str(), 0600), 0);
            bench.add("e", LocalFileEntry{s + "/pipe"});
            break;
        case 5:
            bench.add("e", LocalFileEntry{bench.folder.path("outside/secret")});
            break;
        case 6:
            std::filesystem::create_directory(bench.project.directory + "-evil");
            bench.add("e", LocalDirEntry{bench.project.directory + "-evil"});
            break;
        case 7:
            bench.add("e", LocalDirEntry{bench.project.stateDirectory() + "/runs"});
            break;
        case 8:
            bench.add("e", LocalFileEntry{s + "/missing"});
            break;
        case 9:
            bench.add("d", LocalDirEntry{s});
            bench.add("d/z", FileEntry{"other"});
            break;
        case 10:
            bench.add("first/below", FileEntry{"x"});
            break;
        case 11:
            bench.add("first", DirEntry{});
            break;
        case 12:
            GH_VERIFY(workspace::commitFolder(s, "main", "Start"));
            bench.add("e", GitRepoEntry{"local", s, "nowhere", {}});
            why = "There is no branch";
            break;
        case 13:
            bench.add("e", GitRepoEntry{"github.com", "a/b", "main", {}});
            break;
        case 14:
            bench.add("e", MountEntry{"s3_mount", {}});
            break;
        case 15:
            bench.add("../e", FileEntry{"x"});
            break;
        case 16:
            std::filesystem::create_directory_symlink(bench.folder.path("outside"), bench.project.directory + "/way");
            bench.add("e", LocalFileEntry{bench.project.directory + "/way/secret"});
            break;
        default:
            bench.add("e", GitRepoEntry{"local", s, "", {}});
        }
        const auto receipts = bench.run();
        QVERIFY(!receipts);
        const std::string text = receipts.error().toString();
        QVERIFY2(text.find(why.toStdString()) != std::string::npos, text.c_str());
        const ManifestEntry& last = bench.manifest.entries.back();
        QVERIFY2(text.starts_with(last.where + ": entry " + last.path), text.c_str());
        QVERIFY(bench.targetIsEmpty());
    }

    void aFolderWithoutRightsIsEmptiedToo()
    {
        Bench bench;
        bench.add("d", DirEntry{}, 0);
        bench.add("d/f", FileEntry{"x"}, 0);
        bench.add("e", LocalFileEntry{bench.source("missing")});
        QVERIFY(!bench.run());
        QVERIFY(bench.targetIsEmpty());
    }

    void aGrantOpensAFolder()
    {
        Bench bench;
        bench.folder.write("granted/a", "x");
        const std::string granted = std::filesystem::canonical(bench.folder.path("granted")).string();
        bench.add("e", LocalDirEntry{granted});
        QVERIFY(!bench.run());
        bench.project.grants.push_back({granted, "test"});
        GH_VERIFY(bench.run());
        QCOMPARE(test::readFile(bench.target + "/e/a"), std::string("x"));
    }

    void theProjectsOwnRunsStayOut()
    {
        Bench bench;
        test::writeTable(bench.project.directory, {{"a", {}}, {".gatehouse/runs/1/journal.jsonl", {FileKind::Regular, 0600, "secret"}}});
        bench.add("all", LocalDirEntry{bench.project.directory});
        GH_VALUE(const auto receipts, bench.run());
        QVERIFY(std::filesystem::exists(bench.target + "/all/a"));
        QVERIFY(!std::filesystem::exists(bench.target + "/all/.gatehouse"));
        QVERIFY(receipts[0].leftOut == std::vector<std::string>({".gatehouse"}));
        QCOMPARE(receipts[0].files, std::uint64_t(1));
    }

    void entriesMayStandInAnothersFolder()
    {
        Bench bench;
        test::writeTable(bench.source("repo"), {{"a", {}}, {"out", {FileKind::Symlink, 0777, "/tmp"}}});
        GH_VERIFY(workspace::commitFolder(bench.source("repo"), "main", "Start"));
        bench.add("repo", GitRepoEntry{"local", bench.source("repo"), "main", {}});
        bench.add("repo/task.md", FileEntry{"do"});
        GH_VERIFY(bench.run());
        QCOMPARE(test::readFile(bench.target + "/repo/task.md"), std::string("do"));
        // Through a link of the repository nothing is written.
        Bench other;
        other.add("repo", GitRepoEntry{"local", other.source("repo"), "main", {}});
        test::writeTable(other.source("repo"), {{"out", {FileKind::Symlink, 0777, other.folder.path("outside")}}});
        std::filesystem::create_directory(other.folder.path("outside"));
        GH_VERIFY(workspace::commitFolder(other.source("repo"), "main", "Start"));
        other.add("repo/out/x", FileEntry{"x"});
        QVERIFY(!other.run());
        QVERIFY(std::filesystem::is_empty(other.folder.path("outside")));
        QVERIFY(other.targetIsEmpty());
    }

    void aFilledTargetIsLeftAlone()
    {
        Bench bench;
        test::writeFile(bench.target + "/mine", "x");
        bench.add("a", FileEntry{"x"});
        const auto receipts = bench.run();
        QVERIFY(!receipts && receipts.error().code == ErrorCode::Setup);
        QCOMPARE(test::readFile(bench.target + "/mine"), std::string("x"));
    }

    void stoppingEmptiesTheTarget()
    {
        Bench bench;
        test::writeTable(bench.source("s"), sources());
        bench.add("a", LocalDirEntry{bench.source("s")});
        CancelSource source;
        source.cancel();
        const auto receipts = bench.run(source.token());
        QVERIFY(!receipts && receipts.error().code == ErrorCode::Cancelled);
        QVERIFY(bench.targetIsEmpty());
    }

    void fiveThousandFilesAreQuick()
    {
        Bench bench;
        FileTable many;
        for (int i = 0; i < 5000; ++i)
            many["d" + std::to_string(i % 50) + "/f" + std::to_string(i)] = {FileKind::Regular, 0644,
                                                                             std::string(200, static_cast<char>('a' + i % 26))};
        test::writeTable(bench.source("many"), many);
        GH_VERIFY(workspace::commitFolder(bench.source("many"), "main", "Start"));
        bench.add("copy", GitRepoEntry{"local", bench.source("many"), "main", {}});
        QElapsedTimer timer;
        timer.start();
        GH_VALUE(const auto receipts, bench.run());
        const qint64 elapsed = timer.elapsed();
        qInfo("5000 files from a commit: %lld ms", elapsed);
        QCOMPARE(receipts[0].files, std::uint64_t(5000));
        QVERIFY(elapsed < 20000);
    }
};

GATEHOUSE_TEST_MAIN(TestMaterialise)
#include "tst_materialise.moc"
