// What a killed launcher left is removed, and nothing else.
#include "sandbox/worker/statefolder.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
namespace files = std::filesystem;

class TestStateFolder : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void leftOversGo();
    void othersStay();
};

static void age(const std::string& path)
{
    const timespec times[2] = {{1, 0}, {1, 0}};
    QCOMPARE(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
}

void TestStateFolder::leftOversGo()
{
    test::TemporaryFolder top;
    std::string path;
    {
        GH_VALUE(const worker::PrivateFolder folder, worker::makePrivateFolder(top.path()));
        path = folder.path;
    }
    files::create_directories(path + "/layer/upper/a/b");
    files::create_directory_symlink(top.path(), path + "/layer/upper/a/link");
    QCOMPARE(::chmod((path + "/layer/upper/a").c_str(), 0), 0);
    age(path);
    worker::sweepPrivateFolders(top.path());
    QVERIFY(!files::exists(path));
    QVERIFY(files::exists(top.path()));
}

void TestStateFolder::othersStay()
{
    test::TemporaryFolder top;
    GH_VALUE(const worker::PrivateFolder inUse, worker::makePrivateFolder(top.path()));
    age(inUse.path);
    std::string young;
    {
        GH_VALUE(const worker::PrivateFolder folder, worker::makePrivateFolder(top.path()));
        young = folder.path;
    }
    std::vector<std::string> kept = {inUse.path, young};
    for (const char* name : {"gatehouse-tests-abcdef", "gatehouse-abc", "other-abcdef", "gatehouse-public"}) {
        kept.push_back(top.path(name));
        files::create_directory(kept.back());
        files::permissions(kept.back(), files::perms(0700));
    }
    files::permissions(kept.back(), files::perms(0755)); // our pattern, but not private
    files::create_directory_symlink(young, top.path("gatehouse-linked"));
    kept.push_back(top.path("gatehouse-linked"));
    for (const std::string& path : kept)
        if (path != young)
            age(path);
    worker::sweepPrivateFolders(top.path());
    for (const std::string& path : kept)
        QVERIFY2(files::exists(path), path.c_str());
}

GATEHOUSE_TEST_MAIN(TestStateFolder)
#include "tst_statefolder.moc"
