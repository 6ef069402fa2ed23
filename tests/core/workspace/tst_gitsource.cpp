#include "core/workspace/gitsource.h"

#include "core/foundation/beneath.h"
#include "tests/core/workspace/realgit.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

using namespace gatehouse;
using namespace gatehouse::workspace;
using execution::FileKind;
using test::FileTable;

namespace {

std::string trimmed(std::string text)
{
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

// A repository with the files in one commit on branch main.
void makeRepository(const std::string& folder, const FileTable& files)
{
    std::filesystem::create_directories(folder);
    QCOMPARE(test::git(folder, {"init", "-q", "-b", "main"}).status, 0);
    test::writeTable(folder, files);
    QCOMPARE(test::git(folder, {"add", "-A"}).status, 0);
    QCOMPARE(test::git(folder, {"commit", "-q", "-m", "first"}).status, 0);
}

std::string revision(const std::string& folder, const std::string& name)
{
    return trimmed(test::git(folder, {"rev-parse", name}).output);
}

struct Read {
    GitCommit commit;
    FileTable files;
};

Result<Read> read(const std::string& folder, const std::string& ref, const std::string& subpath = {})
{
    GH_ASSIGN(const UniqueFd fd, openDirectory(folder));
    Read out;
    GH_ASSIGN(out.commit, readCommit(fd.get(), ref, subpath, "repo", [&](GitFile&& file) -> Result<void> {
                  const bool link = file.kind == GitKind::Link;
                  out.files[file.path] = {link ? FileKind::Symlink : FileKind::Regular, file.kind == GitKind::Executable ? 0755u : 0644u,
                                          file.bytes};
                  return {};
              }));
    return out;
}

FileTable sample()
{
    return {{"readme", {FileKind::Regular, 0644, "hello\r\n"}},
            {"bin/run", {FileKind::Regular, 0755, "#!/bin/sh\n"}},
            {"bin/data", {FileKind::Regular, 0644, std::string("\0\xff", 2)}},
            {"link", {FileKind::Symlink, 0777, "bin/run"}}};
}

} // namespace

class TestGitSource : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyNameOfACommit_data()
    {
        QTest::addColumn<QByteArray>("ref");
        for (const char* ref : {"", "HEAD", "main", "refs/heads/main", "feature/x", "v1", "annotated", "packed"})
            QTest::newRow(*ref ? ref : "nothing") << QByteArray(ref);
    }
    void everyNameOfACommit()
    {
        QFETCH(QByteArray, ref);
        test::TemporaryFolder folder;
        const std::string repo = folder.path("repo");
        makeRepository(repo, sample());
        for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{"branch", "packed"},
                                                                                             {"tag", "-a", "-m", "x", "annotated"},
                                                                                             {"pack-refs", "--all"},
                                                                                             {"branch", "feature/x"},
                                                                                             {"tag", "v1"}})
            QCOMPARE(test::git(repo, command).status, 0);
        GH_VALUE(const Read got, read(repo, ref.toStdString()));
        QCOMPARE(got.commit.commit, revision(repo, "HEAD"));
        QCOMPARE(got.commit.tree, revision(repo, "HEAD^{tree}"));
        QCOMPARE(test::describe(got.files), test::describe(sample()));
    }

    void idsWholeAndAbbreviated()
    {
        test::TemporaryFolder folder;
        makeRepository(folder.path(), sample());
        const std::string id = revision(folder.path(), "HEAD");
        for (const std::size_t length : {std::size_t(7), std::size_t(12), std::size_t(40)}) {
            GH_VALUE(const Read got, read(folder.path(), id.substr(0, length)));
            QCOMPARE(got.commit.commit, id);
        }
        const auto missing = read(folder.path(), std::string(40, 'a'));
        QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
    }

    void objectsInPacksAndBareRepositories()
    {
        test::TemporaryFolder folder;
        makeRepository(folder.path("repo"), sample());
        QCOMPARE(test::git(folder.path("repo"), {"gc", "-q", "--aggressive", "--prune=now"}).status, 0);
        GH_VALUE(const Read packed, read(folder.path("repo"), "main"));
        QCOMPARE(test::describe(packed.files), test::describe(sample()));
        QCOMPARE(test::git(folder.path(), {"clone", "-q", "--bare", "--no-hardlinks", "repo", "bare.git"}).status, 0);
        GH_VALUE(const Read bare, read(folder.path("bare.git"), "main"));
        QCOMPARE(test::describe(bare.files), test::describe(sample()));
    }

    void partOfACommit()
    {
        test::TemporaryFolder folder;
        makeRepository(folder.path(), sample());
        GH_VALUE(const Read got, read(folder.path(), "main", "bin"));
        QCOMPARE(got.files.size(), std::size_t(2));
        QVERIFY(got.files.contains("run"));
        QVERIFY(!read(folder.path(), "main", "nowhere"));
        QVERIFY(!read(folder.path(), "main", "readme"));
    }

    // What the work tree holds, and what configuration, hooks, filters and attributes say, plays no part.
    void nothingOfTheRepositoryIsExecutedOrObeyed()
    {
        test::TemporaryFolder folder;
        const std::string repo = folder.path("repo");
        FileTable files = sample();
        files[".gitattributes"] = {FileKind::Regular, 0644, "* filter=evil ident diff=evil\n"};
        makeRepository(repo, files);
        const std::string trap = "touch " + folder.path("trapped");
        for (const std::string key : {"filter.evil.smudge", "filter.evil.clean", "filter.evil.process", "core.fsmonitor", "core.sshCommand",
                                      "diff.external", "core.gitProxy", "core.alternateRefsCommand"})
            QCOMPARE(test::git(repo, {"config", key, trap}).status, 0);
        QCOMPARE(test::git(repo, {"config", "include.path", "/etc/passwd"}).status, 0);
        for (const char* hook : {"post-checkout", "pre-commit", "reference-transaction", "post-index-change"}) {
            test::writeFile(repo + "/.git/hooks/" + hook, "#!/bin/sh\n" + trap + '\n');
            ::chmod((repo + "/.git/hooks/" + hook).c_str(), 0755);
        }
        test::writeFile(repo + "/readme", "changed in the work tree");
        std::filesystem::remove(folder.path("trapped"));
        GH_VALUE(const Read got, read(repo, "main"));
        QCOMPARE(test::describe(got.files), test::describe(files));
        QVERIFY(!std::filesystem::exists(folder.path("trapped")));
        // A configuration that no reader would survive, too.
        test::writeFile(repo + "/.git/config", "[core\x01 broken");
        GH_VERIFY(read(repo, "main"));
    }

    void anotherOwnersRepositoryIsRead()
    {
        if (::geteuid() != 0)
            QSKIP("only root can make a repository of another owner");
        test::TemporaryFolder folder;
        makeRepository(folder.path("repo"), sample());
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path("repo")))
            QCOMPARE(::lchown(entry.path().c_str(), 12345, 12345), 0);
        QCOMPARE(::chown(folder.path("repo").c_str(), 12345, 12345), 0);
        GH_VERIFY(read(folder.path("repo"), "main"));
    }

    void submodulesAreListed()
    {
        test::TemporaryFolder folder;
        makeRepository(folder.path("inner"), {{"x", {}}});
        makeRepository(folder.path("repo"), sample());
        QCOMPARE(test::git(folder.path("repo"),
                           {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", folder.path("inner"), "lib/inner"})
                     .status,
                 0);
        QCOMPARE(test::git(folder.path("repo"), {"commit", "-q", "-m", "sub"}).status, 0);
        GH_VALUE(const Read got, read(folder.path("repo"), "main"));
        QVERIFY(got.commit.submodules == std::vector<std::string>({"lib/inner"}));
        QVERIFY(!got.files.contains("lib/inner"));
    }

    void refusesWhatLeadsElsewhere()
    {
        test::TemporaryFolder folder;
        makeRepository(folder.path("repo"), sample());
        QCOMPARE(test::git(folder.path("repo"), {"worktree", "add", "-q", folder.path("linked"), "-b", "linked"}).status, 0);
        const auto linked = read(folder.path("linked"), "");
        QVERIFY(!linked && linked.error().code == ErrorCode::Unsupported);
        QCOMPARE(test::git(folder.path(), {"clone", "-q", "--shared", "repo", "borrower"}).status, 0);
        const auto borrowed = read(folder.path("borrower"), "main");
        QVERIFY(!borrowed && borrowed.error().code == ErrorCode::Unsupported);
        std::filesystem::create_directory(folder.path("thief"));
        std::filesystem::create_directory_symlink(folder.path("repo/.git"), folder.path("thief/.git"));
        QVERIFY(!read(folder.path("thief"), "main"));
        std::filesystem::remove(folder.path("thief/.git"));
        std::filesystem::create_directory(folder.path("thief/.git"));
        std::filesystem::create_directory_symlink(folder.path("repo/.git/objects"), folder.path("thief/.git/objects"));
        test::writeFile(folder.path("thief/.git/HEAD"), revision(folder.path("repo"), "HEAD") + '\n');
        QVERIFY(!read(folder.path("thief"), ""));
        std::filesystem::remove(folder.path("thief/.git/objects"));
        std::filesystem::create_directories(folder.path("thief/.git/objects/pack"));
        std::filesystem::create_symlink(folder.path("repo/.git/objects/pack/x.pack"), folder.path("thief/.git/objects/pack/x.pack"));
        const auto pack = read(folder.path("thief"), "");
        QVERIFY(!pack && pack.error().code == ErrorCode::PermissionDenied);
    }

    void brokenRefs_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("loop") << QByteArray("ref: HEAD\n");
        QTest::newRow("outside") << QByteArray("ref: ../../secret\n");
        QTest::newRow("absolute") << QByteArray("ref: /etc/passwd\n");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("short") << QByteArray("1234567\n");
        QTest::newRow("long") << QByteArray(64, 'a');
        QTest::newRow("garbage") << QByteArray(40, 'z');
        QTest::newRow("unborn") << QByteArray("ref: refs/heads/none\n");
        QTest::newRow("huge") << QByteArray(100000, 'a');
    }
    void brokenRefs()
    {
        QFETCH(QByteArray, head);
        test::TemporaryFolder folder;
        makeRepository(folder.path(), sample());
        test::writeFile(folder.path(".git/HEAD"), head.toStdString());
        QVERIFY(!read(folder.path(), ""));
    }

    void badNames_data()
    {
        QTest::addColumn<QByteArray>("ref");
        for (const char* ref :
             {"nowhere", "../main", "refs/heads/../heads/main", "/main", "main/", "--upload-pack=x", "refs/heads", "abcdef1", "-"})
            QTest::newRow(ref) << QByteArray(ref);
    }
    void badNames()
    {
        QFETCH(QByteArray, ref);
        test::TemporaryFolder folder;
        makeRepository(folder.path(), sample());
        QVERIFY(!read(folder.path(), ref.toStdString()));
    }

    void branchAndTagOfOneName()
    {
        test::TemporaryFolder folder;
        makeRepository(folder.path(), sample());
        QCOMPARE(test::git(folder.path(), {"tag", "both"}).status, 0);
        QCOMPARE(test::git(folder.path(), {"commit", "-q", "--allow-empty", "-m", "second"}).status, 0);
        QCOMPARE(test::git(folder.path(), {"branch", "both"}).status, 0);
        const auto got = read(folder.path(), "both");
        QVERIFY(!got && got.error().code == ErrorCode::InvalidInput);
        GH_VERIFY(read(folder.path(), "refs/tags/both"));
    }

    void damagedObjectsAreFound()
    {
        test::TemporaryFolder folder;
        makeRepository(folder.path(), {{"a", {FileKind::Regular, 0644, "content"}}});
        const std::string blob = trimmed(test::git(folder.path(), {"rev-parse", "HEAD:a"}).output);
        const std::string path = folder.path(".git/objects/" + blob.substr(0, 2) + '/' + blob.substr(2));
        ::chmod(path.c_str(), 0644);
        // Another object's bytes under this one's name.
        const std::string other = trimmed(test::git(folder.path(), {"hash-object", "-w", "--stdin"}, "forged").output);
        std::filesystem::copy_file(folder.path(".git/objects/" + other.substr(0, 2) + '/' + other.substr(2)), path,
                                   std::filesystem::copy_options::overwrite_existing);
        QVERIFY(!read(folder.path(), "main"));
    }

    // Trees that the real git would not write.
    void hostileTrees_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {".git", ".GIT", "..", ".", "git~1", "a/b", ".git "})
            QTest::newRow(name) << QByteArray(name);
    }
    void hostileTrees()
    {
        QFETCH(QByteArray, name);
        test::TemporaryFolder folder;
        makeRepository(folder.path(), sample());
        const std::string blob = trimmed(test::git(folder.path(), {"rev-parse", "HEAD:readme"}).output);
        std::string tree = "100644 " + name.toStdString() + '\0';
        for (std::size_t i = 0; i < blob.size(); i += 2)
            tree += static_cast<char>(std::stoi(blob.substr(i, 2), nullptr, 16));
        const std::string treeId =
            trimmed(test::git(folder.path(), {"hash-object", "-t", "tree", "-w", "--stdin", "--literally"}, tree).output);
        QCOMPARE(treeId.size(), std::size_t(40));
        const std::string commit = trimmed(test::git(folder.path(), {"commit-tree", "-m", "x", treeId}).output);
        bool visited = false;
        GH_VALUE(const UniqueFd fd, openDirectory(folder.path()));
        const auto got = readCommit(fd.get(), commit, "", "repo", [&](GitFile&&) -> Result<void> {
            visited = true;
            return {};
        });
        QVERIFY(!got);
        QVERIFY(!visited);
    }

    // Ten folders that are all the same folder, eleven deep: 10^11 folders, and not one file, in 12 objects.
    void aTreeBombIsStopped()
    {
        test::TemporaryFolder folder;
        makeRepository(folder.path(), {{"a", {}}});
        std::string entry = "040000 tree " + trimmed(test::git(folder.path(), {"mktree"}, "").output);
        for (int level = 0; level < 11; ++level) {
            std::string listing;
            for (char c = 'a'; c <= 'j'; ++c)
                listing += entry + '\t' + c + '\n';
            entry = "040000 tree " + trimmed(test::git(folder.path(), {"mktree"}, listing).output);
        }
        const std::string commit = trimmed(test::git(folder.path(), {"commit-tree", "-m", "x", entry.substr(12)}).output);
        GH_VALUE(const UniqueFd fd, openDirectory(folder.path()));
        const auto got = readCommit(fd.get(), commit, "", "repo", [](GitFile&&) -> Result<void> { return {}; });
        QVERIFY(!got && got.error().code == ErrorCode::Limit);
    }

    void notARepository()
    {
        test::TemporaryFolder folder;
        const auto got = read(folder.path(), "");
        QVERIFY(!got && got.error().code == ErrorCode::NotFound);
    }
};

GATEHOUSE_TEST_MAIN(TestGitSource)
#include "tst_gitsource.moc"
