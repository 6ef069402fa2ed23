#include "core/foundation/beneath.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;

class TestBeneath : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatIsBeneath()
    {
        test::TemporaryFolder folder;
        folder.write("a/b.txt", "hello");
        GH_VALUE(const UniqueFd root, openDirectory(folder.path()));
        GH_VALUE(const std::string bytes, readBeneath(root.get(), "a/b.txt", 100));
        QCOMPARE(bytes, std::string("hello"));
    }

    void refusesEveryWayOut_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char* path : {"../secret", "a/../../secret", "/etc/passwd", "link", "linkdir/secret", "a/../link", "inner"})
            QTest::newRow(path) << QByteArray(path);
        QTest::newRow("NUL") << QByteArray("a/b.txt\0../secret", 17);
    }

    void refusesEveryWayOut()
    {
        QFETCH(QByteArray, path);
        test::TemporaryFolder folder;
        folder.write("secret", "S");
        folder.write("tree/a/b.txt", "hello");
        QCOMPARE(::symlink("../secret", folder.path("tree/link").c_str()), 0);
        QCOMPARE(::symlink("..", folder.path("tree/linkdir").c_str()), 0);
        QCOMPARE(::symlink("a/b.txt", folder.path("tree/inner").c_str()), 0);
        GH_VALUE(const UniqueFd root, openDirectory(folder.path("tree")));
        const auto bytes = readBeneath(root.get(), path.toStdString(), 100);
        QVERIFY(!bytes);
    }

    void aFifoDoesNotHoldUs()
    {
        test::TemporaryFolder folder;
        QCOMPARE(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
        GH_VALUE(const UniqueFd root, openDirectory(folder.path()));
        const auto bytes = readBeneath(root.get(), "pipe", 100);
        QVERIFY(!bytes);
        QVERIFY(bytes.error().code == ErrorCode::InvalidInput);
    }

    void tooMuchIsAnErrorNotACut()
    {
        test::TemporaryFolder folder;
        folder.write("big", std::string(101, 'x'));
        GH_VALUE(const UniqueFd root, openDirectory(folder.path()));
        const auto bytes = readBeneath(root.get(), "big", 100);
        QVERIFY(!bytes);
        QVERIFY(bytes.error().code == ErrorCode::Limit);
    }

    void makesFoldersButNotThroughLinks()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const UniqueFd root, openDirectory(folder.path()));
        GH_VERIFY(makeDirectoriesBeneath(root.get(), "x/y/z", 0755));
        GH_VERIFY(makeDirectoriesBeneath(root.get(), "x/y/z", 0755));
        QCOMPARE(::symlink("x", folder.path("l").c_str()), 0);
        QVERIFY(!makeDirectoriesBeneath(root.get(), "l/new", 0755));
        QVERIFY(!makeDirectoriesBeneath(root.get(), "../new", 0755));
    }

    void plainPaths()
    {
        for (const char* good : {"a", "a/b", "..a/b..", ".git/x"})
            QVERIFY2(isPlainRelativePath(good), good);
        for (const char* bad : {"", "/", "/a", "a/", "a//b", ".", "a/.", "..", "a/../b", "./a"})
            QVERIFY2(!isPlainRelativePath(bad), bad);
    }
};

GATEHOUSE_TEST_MAIN(TestBeneath)
#include "tst_beneath.moc"
