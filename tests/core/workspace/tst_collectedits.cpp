#include "core/workspace/collectedits.h"

#include "tests/core/workspace/fakeworkspace.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

using namespace gatehouse;
using namespace gatehouse::workspace;
using execution::FileKind;
using test::FakeFile;
using test::FakeWorkspace;

namespace {

FakeFile file(std::string bytes, std::uint32_t mode = 0644)
{
    return {FileKind::Regular, mode, std::move(bytes)};
}

const PathEdit* find(const std::vector<PathEdit>& edits, const std::string& path)
{
    for (const PathEdit& edit : edits)
        if (edit.path == path)
            return &edit;
    return nullptr;
}

} // namespace

class TestCollectEdits : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void bytesOfBothSides()
    {
        FakeWorkspace workspace;
        workspace.base = {{"a", file("old")}, {"same", file("x")}, {"gone", file("g", 0755)}, {"mode", file("m")}};
        workspace.now = {
            {"a", file("new")}, {"same", file("x")}, {"mode", file("m", 0755)}, {"link", {FileKind::Symlink, 0777, "/etc/shadow"}}};
        GH_VALUE(const auto edits, collectEdits(workspace.changes(), workspace, {}, {}));
        QCOMPARE(edits.size(), std::size_t(4));
        QCOMPARE(edits[0].path, std::string("a"));
        QCOMPARE(*edits[0].bytesBefore, std::string("old"));
        QCOMPARE(*edits[0].bytesAfter, std::string("new"));
        QCOMPARE(edits[0].after.sha256, sha256Hex("new"));
        QCOMPARE(edits[1].path, std::string("gone"));
        QVERIFY(!edits[1].after.present() && !edits[1].bytesAfter);
        QCOMPARE(*edits[2].bytesAfter, std::string("/etc/shadow"));
        QVERIFY(edits[2].after.kind == FileKind::Symlink);
        QCOMPARE(edits[3].after.mode, 0755u);
    }

    void theWorkersWordOnContentsIsNotTaken()
    {
        FakeWorkspace workspace;
        workspace.base = {{"a", file("old")}};
        workspace.now = {{"a", file("real")}};
        const execution::ChangeSet lie{{{"a", {FileKind::Regular, 0777, 9}, {FileKind::Symlink, 07777, 1ull << 40}}}, true};
        GH_VALUE(const auto edits, collectEdits(lie, workspace, {}, {}));
        QVERIFY(edits[0].after.kind == FileKind::Regular);
        QCOMPARE(edits[0].after.mode, 0644u);
        QCOMPARE(edits[0].after.size, std::uint64_t(4));
    }

    void beforeIsWhatThePreviousStepLeft()
    {
        FakeWorkspace workspace;
        workspace.base = {{"a", file("base")}};
        workspace.now = {{"a", file("two")}};
        KnownState known;
        const PathStep step{
            "a", {FileKind::Regular, 0644, 4, sha256Hex("base"), "b0"}, {FileKind::Regular, 0644, 3, sha256Hex("one"), "b1"}};
        GH_VERIFY(known.apply(std::span(&step, 1)));
        std::string asked;
        const BytesSource source = [&](const std::string& path, const PathVersion& version) -> Result<std::string> {
            asked = path + ' ' + version.blob;
            return std::string("one");
        };
        GH_VALUE(const auto edits, collectEdits(workspace.changes(), workspace, known, source));
        QCOMPARE(asked, std::string("a b1"));
        QCOMPARE(*edits[0].bytesBefore, std::string("one"));
        const BytesSource liar = [](const std::string&, const PathVersion&) -> Result<std::string> { return std::string("forged"); };
        const auto corrupt = collectEdits(workspace.changes(), workspace, known, liar);
        QVERIFY(!corrupt && corrupt.error().code == ErrorCode::Corrupt);
    }

    void aFileBackAtItsPreviousStateIsNoEdit()
    {
        FakeWorkspace workspace;
        workspace.base = {{"a", file("base")}};
        workspace.now = {{"a", file("one")}};
        KnownState known;
        const PathStep step{"a", {FileKind::Regular, 0644, 4, sha256Hex("base"), ""}, {FileKind::Regular, 0644, 3, sha256Hex("one"), ""}};
        GH_VERIFY(known.apply(std::span(&step, 1)));
        GH_VALUE(const auto edits, collectEdits(workspace.changes(), workspace, known, {}));
        QVERIFY(edits.empty());
    }

    void largeFilesAreDigestedNotHeld()
    {
        FakeWorkspace workspace;
        workspace.base = {{"big", file(std::string(3000, 'a'))}};
        workspace.now = {{"big", file(std::string(2000, 'b'))}, {"small", file("s")}};
        EditLimits limits;
        limits.fileBytes = 100;
        GH_VALUE(const auto edits, collectEdits(workspace.changes(), workspace, {}, {}, limits));
        QCOMPARE(edits.size(), std::size_t(2));
        QVERIFY(!edits[0].bytesBefore && !edits[0].bytesAfter && !edits[0].complete());
        QCOMPARE(edits[0].after.sha256, sha256Hex(std::string(2000, 'b')));
        QCOMPARE(edits[0].after.size, std::uint64_t(2000));
        QCOMPARE(workspace.largestRead, std::uint64_t(1));
        QVERIFY(edits[1].complete());
    }

    void aStepsTotalIsBounded()
    {
        FakeWorkspace workspace;
        for (char c = 'a'; c <= 'e'; ++c)
            workspace.now[std::string(1, c)] = file(std::string(40, c));
        EditLimits limits;
        limits.totalBytes = 100;
        GH_VALUE(const auto edits, collectEdits(workspace.changes(), workspace, {}, {}, limits));
        QCOMPARE(edits.size(), std::size_t(5));
        QVERIFY(edits[0].complete() && edits[1].complete() && !edits[2].complete() && !edits[4].complete());
        QCOMPARE(edits[4].after.sha256, sha256Hex(std::string(40, 'e')));
    }

    void devicesAreListedNotOpened()
    {
        FakeWorkspace workspace;
        workspace.base = {{"p", file("x")}};
        workspace.now = {{"p", {FileKind::Other, 0600, ""}}};
        GH_VALUE(const auto edits, collectEdits(workspace.changes(), workspace, {}, {}));
        QVERIFY(edits[0].after.kind == FileKind::Other);
        QVERIFY(!edits[0].bytesAfter && edits[0].after.sha256.empty());
    }

    void aFolderThatBecameALinkTakesItsFilesWithIt()
    {
        FakeWorkspace workspace;
        workspace.base = {{"d", {FileKind::Directory, 0755, ""}}, {"d/passwd", file("mine")}};
        workspace.now = {{"d", {FileKind::Symlink, 0777, "/etc"}}};
        GH_VALUE(const auto edits, collectEdits(workspace.changes(), workspace, {}, {}));
        const PathEdit* gone = find(edits, "d/passwd");
        QVERIFY(gone && !gone->after.present());
        QVERIFY(find(edits, "d")->after.kind == FileKind::Symlink);
    }

    void aFileThatWeMayNotReadIsListedWithoutDigest()
    {
        FakeWorkspace workspace;
        workspace.base = {{"a", file("old")}};
        workspace.now = {{"a", file("secret", 0)}};
        workspace.forbidden = {"a"};
        workspace.base.clear();
        execution::ChangeSet set{{{"a", {}, {FileKind::Regular, 0, 6}}}, true};
        GH_VALUE(const auto edits, collectEdits(set, workspace, {}, {}));
        QCOMPARE(edits.size(), std::size_t(1));
        QVERIFY(edits[0].after.sha256.empty() && !edits[0].complete());
    }

    void pathsOutsideEndTheWorker_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char* path : {"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "./a"})
            QTest::newRow(path) << QByteArray(path);
        QTest::newRow("NUL") << QByteArray("a\0b", 3);
    }
    void pathsOutsideEndTheWorker()
    {
        QFETCH(QByteArray, path);
        FakeWorkspace workspace;
        const execution::ChangeSet set{{{path.toStdString(), {}, {}}}, true};
        const auto edits = collectEdits(set, workspace, {}, {});
        QVERIFY(!edits && edits.error().code == ErrorCode::Worker);
        QVERIFY(workspace.readPaths.empty());
    }

    void doubledAndUnsortedPathsAreOne()
    {
        FakeWorkspace workspace;
        workspace.now = {{"a", file("1")}, {"b", file("2")}};
        const execution::ChangeSet set{{{"b", {}, {}}, {"a", {}, {}}, {"b", {}, {}}}, true};
        GH_VALUE(const auto edits, collectEdits(set, workspace, {}, {}));
        QCOMPARE(edits.size(), std::size_t(2));
        QCOMPARE(edits[0].path, std::string("a"));
    }

    void tooManyPathsAreAnError()
    {
        FakeWorkspace workspace;
        EditLimits limits;
        limits.changes = 1;
        const execution::ChangeSet set{{{"a", {}, {}}, {"b", {}, {}}}, true};
        const auto edits = collectEdits(set, workspace, {}, {}, limits);
        QVERIFY(!edits && edits.error().code == ErrorCode::Limit);
    }
};

GATEHOUSE_TEST_MAIN(TestCollectEdits)
#include "tst_collectedits.moc"
