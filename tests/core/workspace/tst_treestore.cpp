#include "core/workspace/treestore.h"

#include "core/foundation/beneath.h"
#include "core/workspace/collectedits.h"
#include "tests/core/workspace/realgit.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <random>

using namespace gatehouse;
using namespace gatehouse::workspace;
using execution::FileKind;
using test::FileTable;

namespace {

std::vector<PathEdit> edits(const FileTable& before, const FileTable& after)
{
    test::FakeWorkspace workspace;
    workspace.base = before;
    workspace.now = after;
    auto made = collectEdits(workspace.changes(), workspace, {}, {});
    return made ? *made : std::vector<PathEdit>();
}

FileTable stored(const TreeStore& store, const std::string& tree)
{
    FileTable out;
    const auto done = store.read(tree, [&](GitFile&& file) -> Result<void> {
        out[file.path] = {file.kind == GitKind::Link ? FileKind::Symlink : FileKind::Regular,
                          file.kind == GitKind::Executable ? 0755u : 0644u, file.bytes};
        return {};
    });
    return done ? out : FileTable{{"unreadable", {}}};
}

// The id that git itself gives to these files.
std::string gitTree(const FileTable& files)
{
    test::TemporaryFolder folder;
    test::git(folder.path(), {"init", "-q"});
    test::writeTable(folder.path(), files);
    test::git(folder.path(), {"add", "-A", "-f"});
    std::string id = test::git(folder.path(), {"write-tree"}).output;
    return id.substr(0, id.find('\n'));
}

} // namespace

class TestTreeStore : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void treesAreGitsOwn()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const auto store, TreeStore::open(folder.path("store")));
        const FileTable first = {
            {"a", {FileKind::Regular, 0644, "1"}}, {"d/x", {FileKind::Regular, 0755, "2"}}, {"d/e/y", {FileKind::Symlink, 0777, "../x"}}};
        GH_VALUE(const StoredTree one, store->write(TreeStore::emptyTree(), edits({}, first)));
        QCOMPARE(one.tree, gitTree(first));
        const FileTable second = {{"a", {FileKind::Regular, 0755, "1"}},
                                  {"d/e/y", {FileKind::Regular, 0644, "now a file"}},
                                  {"b.c", {FileKind::Regular, 0644, ""}}};
        GH_VALUE(const StoredTree two, store->write(one.tree, edits(first, second)));
        QCOMPARE(two.tree, gitTree(second));
        QCOMPARE(test::describe(stored(*store, two.tree)), test::describe(second));
        QCOMPARE(test::describe(stored(*store, one.tree)), test::describe(first));
        GH_VALUE(const StoredTree none, store->write(two.tree, edits(second, {})));
        QCOMPARE(none.tree, TreeStore::emptyTree());
        const auto fsck = test::git(folder.path("store"), {"fsck", "--strict", "--no-dangling"});
        QVERIFY2(fsck.status == 0, fsck.error.c_str());
        struct stat status = {};
        QCOMPARE(::stat(folder.path("store").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, 0700u);
    }

    void filesAndFoldersChangePlaces()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const auto store, TreeStore::open(folder.path("store")));
        const FileTable asFile = {{"p", {FileKind::Regular, 0644, "file"}}, {"p.x", {}}, {"p-x", {}}};
        const FileTable asFolder = {{"p", {FileKind::Directory, 0755, ""}}, {"p/in", {FileKind::Regular, 0644, "in"}}, {"p.x", {}}};
        GH_VALUE(const StoredTree one, store->write(TreeStore::emptyTree(), edits({}, asFile)));
        GH_VALUE(const StoredTree two, store->write(one.tree, edits(asFile, asFolder)));
        QCOMPARE(two.tree, gitTree(asFolder));
        GH_VALUE(const StoredTree three, store->write(two.tree, edits(asFolder, asFile)));
        QCOMPARE(three.tree, one.tree);
    }

    void randomStepsGiveGitsTrees()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const auto store, TreeStore::open(folder.path("store")));
        std::mt19937 random(3);
        FileTable current;
        std::string tree = TreeStore::emptyTree();
        for (int step = 0; step < 25; ++step) {
            FileTable next = current;
            for (int i = 0; i < 4; ++i) {
                const std::string path =
                    "d" + std::to_string(random() % 3) + "/e" + std::to_string(random() % 2) + "/f" + std::to_string(random() % 3);
                if (random() % 3 == 0)
                    next.erase(path);
                else
                    next[path] = {FileKind::Regular, 0644, std::to_string(random())};
            }
            GH_VALUE(const StoredTree written, store->write(tree, edits(current, next)));
            QCOMPARE(written.tree, gitTree(next));
            current = next;
            tree = written.tree;
        }
    }

    void namesThatGitRefusesAreSkippedAndReported()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const auto store, TreeStore::open(folder.path("store")));
        const FileTable files = {{"repo/.git/config", {}}, {"repo/.GIT/x", {}}, {"repo/git~1", {}}, {"repo/ok", {}}, {"elsewhere", {}}};
        GH_VALUE(const StoredTree written, store->write(TreeStore::emptyTree(), edits({}, files), "repo"));
        QCOMPARE(written.excluded.size(), std::size_t(3));
        QCOMPARE(written.tree, gitTree({{"ok", {}}}));
    }

    void aCommitIsImportedWithoutItsRepositorysWord()
    {
        test::TemporaryFolder folder;
        const std::string repo = folder.path("repo");
        std::filesystem::create_directory(repo);
        const FileTable files = {{"a", {FileKind::Regular, 0644, "1"}}, {"sub/b", {FileKind::Regular, 0755, "2"}}};
        test::git(repo, {"init", "-q", "-b", "main"});
        test::writeTable(repo, files);
        test::git(repo, {"add", "-A"});
        QCOMPARE(test::git(repo, {"commit", "-q", "-m", "x"}).status, 0);
        test::writeFile(repo + "/.git/config", "[broken");
        {
            GH_VALUE(const auto store, TreeStore::open(folder.path("store")));
            GH_VALUE(const UniqueFd fd, openDirectory(repo));
            GH_VALUE(const std::string tree, store->import(fd.get(), "main", "", "repo"));
            QCOMPARE(tree, gitTree(files));
            GH_VALUE(const std::string part, store->import(fd.get(), "main", "sub", "repo"));
            QCOMPARE(part, gitTree({{"b", {FileKind::Regular, 0755, "2"}}}));
            GH_VALUE(const std::string again, store->import(fd.get(), "main", "", "repo"));
            QCOMPARE(again, tree);
        }
        // The store stands alone, and can be opened again.
        std::filesystem::remove_all(repo);
        GH_VALUE(const auto store, TreeStore::open(folder.path("store")));
        QCOMPARE(test::describe(stored(*store, gitTree(files))), test::describe(files));
        FileTable changed = files;
        changed["a"].bytes = "changed";
        GH_VALUE(const StoredTree written, store->write(gitTree(files), edits(files, changed)));
        QCOMPARE(written.tree, gitTree(changed));
    }

    void anUnknownTreeIsAnError()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const auto store, TreeStore::open(folder.path("store")));
        QVERIFY(!store->write("nonsense", {}));
        QVERIFY(!store->write(std::string(40, 'a'), {}));
        QVERIFY(!store->read(std::string(40, 'a'), [](GitFile&&) -> Result<void> { return {}; }));
    }
};

GATEHOUSE_TEST_MAIN(TestTreeStore)
#include "tst_treestore.moc"
