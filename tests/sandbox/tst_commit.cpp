// Commits of files through a real sandbox: all or nothing, and the change list says what was done.
#include "core/foundation/sha256.h"
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <sys/stat.h>

using namespace gatehouse;
using execution::FileCommit;
using execution::FileKind;

class TestCommit : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void commitsAll();
    void oneThatDiffersStopsAll();
    void largeFile();
    void pathsOutsideAreRefused();
};

static std::unique_ptr<execution::SandboxSession> openOn(backends::LocalBackend& backend, const std::string& folder)
{
    auto session = backend.open(test::smallSpec(folder), CancelToken());
    if (!session)
        qFatal("%s", session.error().toString().c_str());
    return std::move(*session);
}

void TestCommit::commitsAll()
{
    test::TemporaryFolder folder;
    folder.write("f", "old");
    folder.write("gone", "gone");
    const auto backend = test::makeBackend();
    const auto session = openOn(*backend, folder.path());
    const std::vector<FileCommit> files = {
        {"f", sha256Hex("old"), "new", 0755, FileKind::Regular},
        {"deep/er/n", std::nullopt, "n", 0644, FileKind::Regular},
        {"gone", sha256Hex("gone"), std::nullopt, 0644, FileKind::Regular},
        {"link", std::nullopt, "f", 0644, FileKind::Symlink},
    };
    GH_VALUE(const auto set, session->commitFiles(files));
    QCOMPARE(set.changes.size(), std::size_t(6)); // and the two folders
    GH_VALUE(const auto file, session->workspace().read("f", 100));
    QCOMPARE(file.bytes, std::string("new"));
    QCOMPARE(file.state.mode, 0755u);
    GH_VALUE(const auto outcome, session->exec(test::shell("cat f deep/er/n link; ls -A | tr '\\n' ' '"), nullptr, {}));
    QCOMPARE(outcome.output.head, std::string("newnnewdeep f link "));
    QVERIFY(outcome.changes.changes.empty());
    QCOMPARE(folder.read("f"), std::string("old"));
}

void TestCommit::oneThatDiffersStopsAll()
{
    test::TemporaryFolder folder;
    folder.write("f", "old");
    folder.write("g", "other");
    const auto backend = test::makeBackend();
    const auto session = openOn(*backend, folder.path());
    const auto set = session->commitFiles({{"n", std::nullopt, "n", 0644, FileKind::Regular},
                                           {"f", sha256Hex("old"), "new", 0644, FileKind::Regular},
                                           {"g", sha256Hex("expected"), "new", 0644, FileKind::Regular}});
    QVERIFY(!set);
    QCOMPARE(set.error().code, ErrorCode::InvalidInput);
    QCOMPARE(set.error().where, std::string("g"));
    GH_VALUE(const auto outcome, session->exec(test::shell("cat f; ls -A | tr '\\n' ' '"), nullptr, {}));
    QCOMPARE(outcome.output.head, std::string("oldf g "));
    QVERIFY(outcome.changes.changes.empty());
}

void TestCommit::largeFile()
{
    const auto backend = test::makeBackend();
    const auto session = openOn(*backend, {});
    const std::string bytes(20u << 20, 'x');
    GH_VERIFY(session->commitFiles({{"big", std::nullopt, bytes, 0644, FileKind::Regular}}));
    GH_VALUE(const auto file, session->workspace().read("big", 1u << 30));
    QVERIFY(file.bytes == bytes);
    const auto again = session->commitFiles({{"big", std::nullopt, bytes, 0644, FileKind::Regular}});
    QCOMPARE(again.error().code, ErrorCode::InvalidInput);
}

void TestCommit::pathsOutsideAreRefused()
{
    test::TemporaryFolder folder;
    folder.write("d/f", "f");
    const auto backend = test::makeBackend();
    const auto session = openOn(*backend, folder.path());
    GH_VERIFY(session->exec(test::shell("ln -s /tmp out; ln -s d in"), nullptr, {}));
    for (const char* path : {"../x", "/tmp/x", "out/x", "in/x", "d/../x", ""})
        QCOMPARE(session->commitFiles({{path, std::nullopt, "x", 0644, FileKind::Regular}}).error().code, ErrorCode::InvalidInput);
    GH_VALUE(const auto outcome, session->exec(test::shell("ls -A /tmp d"), nullptr, {}));
    QVERIFY(outcome.output.head.find('x') == std::string::npos);
}

GATEHOUSE_SANDBOX_TEST_MAIN(TestCommit)
#include "tst_commit.moc"
