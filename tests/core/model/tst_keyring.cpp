#include "core/model/keyring.h"

#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::model;

class TestKeyRing : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    // The variable must stand where the kernel put it at exec, or /proc/self/environ would not show it at all.
    void initTestCase()
    {
        if (std::getenv("GATEHOUSE_TEST_KEY") != nullptr)
            return;
        qputenv("GATEHOUSE_TEST_KEY", "sk-planted-in-the-environment");
        const QByteArray program = QFile::encodeName(QCoreApplication::applicationFilePath());
        std::vector<QByteArray> words;
        for (const QString& argument : QCoreApplication::arguments())
            words.push_back(argument.toLocal8Bit());
        std::vector<char*> argv;
        for (QByteArray& word : words)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        ::execv(program.constData(), argv.data());
        QFAIL("could not start again");
    }

    void anEnvironmentKeyIsReadOnceAndLeavesNoTrace()
    {
        QVERIFY(test::readFile("/proc/self/environ").find("sk-planted") != std::string::npos);
        KeyRing ring;
        GH_VALUE(const Secret key, ring.read("env:GATEHOUSE_TEST_KEY"));
        QCOMPARE(std::string(key.reveal()), std::string("sk-planted-in-the-environment"));
        QVERIFY(std::getenv("GATEHOUSE_TEST_KEY") == nullptr);
        QVERIFY(test::readFile("/proc/self/environ").find("sk-planted") == std::string::npos);
        GH_VALUE(const Secret again, ring.read("env:GATEHOUSE_TEST_KEY"));
        QCOMPARE(std::string(again.reveal()), std::string(key.reveal()));
        const auto missing = ring.read("env:GATEHOUSE_NO_SUCH_KEY");
        QVERIFY(!missing);
        QCOMPARE(missing.error().toString(),
                 std::string("env:GATEHOUSE_NO_SUCH_KEY: The environment has no variable GATEHOUSE_NO_SUCH_KEY; "
                             "Set it before the program starts, or name another key"));
    }

    void aKeyFileMustBePrivate_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("good");
        QTest::newRow("0600") << 0600 << true;
        QTest::newRow("0400") << 0400 << true;
        for (const int bad : {0640, 0604, 0660, 0644, 0601, 0700, 04600})
            QTest::addRow("%04o", bad) << bad << false;
    }

    void aKeyFileMustBePrivate()
    {
        QFETCH(int, mode);
        QFETCH(bool, good);
        test::TemporaryFolder folder;
        const std::string path = folder.write("key", "sk-in-a-file\n");
        QCOMPARE(::chmod(path.c_str(), static_cast<mode_t>(mode)), 0);
        KeyRing ring;
        const auto absolute = ring.read("file:" + path);
        const auto relative = ring.read("file:key", folder.path());
        QCOMPARE(absolute.has_value(), good);
        QCOMPARE(relative.has_value(), good);
        if (good)
            QCOMPARE(std::string(relative->reveal()), std::string("sk-in-a-file"));
        else
            QVERIFY(absolute.error().code == ErrorCode::PermissionDenied);
    }

    void whatIsNoKeyIsRefusedWithoutRepeatingIt_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("blank") << QByteArray(" \n");
        QTest::newRow("two lines") << QByteArray("sk-one\nsk-two\n");
        QTest::newRow("header injection") << QByteArray("sk-one\r\nX: y");
        QTest::newRow("not ASCII") << QByteArray("sk-\xc3\xa9");
        QTest::newRow("huge") << QByteArray(20000, 'k');
    }

    void whatIsNoKeyIsRefusedWithoutRepeatingIt()
    {
        QFETCH(QByteArray, content);
        test::TemporaryFolder folder;
        const std::string path = folder.write("key", content.toStdString());
        QCOMPARE(::chmod(path.c_str(), 0600), 0);
        KeyRing ring;
        const auto key = ring.read("file:" + path);
        QVERIFY(!key);
        QVERIFY(key.error().toString().find("sk-") == std::string::npos);
    }

    void otherReferences()
    {
        KeyRing ring;
        QVERIFY(ring.read("keychain:openai").error().code == ErrorCode::Unsupported);
        const auto value = ring.read("sk-pasted-here");
        QVERIFY(!value);
        QVERIFY(value.error().toString().find("sk-pasted") == std::string::npos);
        QVERIFY(ring.read("file:/no/such/file").error().code == ErrorCode::NotFound);
        QVERIFY(ring.read("file:/dev/null").error().code == ErrorCode::InvalidInput);
    }

    void aSecretIsWipedWhenItMoves()
    {
        Secret secret(std::string("0123456789"));
        const Secret other = std::move(secret);
        QVERIFY(secret.empty()); // NOLINT: that is what is promised
        QCOMPARE(std::string(other.reveal()), std::string("0123456789"));
    }
};

GATEHOUSE_TEST_MAIN(TestKeyRing)
#include "tst_keyring.moc"
