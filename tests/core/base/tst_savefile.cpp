#include "core/base/savefile.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;

static std::size_t entries(const std::string& folder)
{
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

class TestSaveFile : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void writesAndReplacesWithTheModeAskedFor()
    {
        test::TemporaryFolder folder;
        GH_VERIFY(saveFile(folder.path("a"), "one", 0666));
        GH_VERIFY(saveFile(folder.path("a"), "two", 0600));
        QCOMPARE(folder.read("a"), std::string("two"));
        struct stat status = {};
        QCOMPARE(::stat(folder.path("a").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 07777, 0600u);
        QCOMPARE(entries(folder.path()), std::size_t{1});
    }

    void aLinkIsReplacedNotFollowed()
    {
        test::TemporaryFolder folder;
        folder.write("target", "old");
        QCOMPARE(::symlink("target", folder.path("link").c_str()), 0);
        GH_VERIFY(saveFile(folder.path("link"), "new"));
        QCOMPARE(folder.read("target"), std::string("old"));
        QCOMPARE(folder.read("link"), std::string("new"));
    }

    void aFailureLeavesTheOldFileAndNothingElse()
    {
        test::TemporaryFolder folder;
        folder.write("a", "old");
        struct rlimit before = {};
        ::getrlimit(RLIMIT_FSIZE, &before);
        struct rlimit small = {100, before.rlim_max};
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto saved = saveFile(folder.path("a"), std::string(1000, 'x'));
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        QVERIFY(!saved);
        QCOMPARE(saved.error().where, folder.path("a"));
        QCOMPARE(folder.read("a"), std::string("old"));
        QCOMPARE(entries(folder.path()), std::size_t{1});
        QVERIFY(saveFile(folder.path("none/a"), "x").error().code == ErrorCode::NotFound);
    }
};

GATEHOUSE_TEST_MAIN(TestSaveFile)
#include "tst_savefile.moc"
