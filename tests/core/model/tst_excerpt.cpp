#include "core/model/excerpt.h"

#include "tests/support/testmain.h"

using namespace gatehouse::model;

class TestExcerpt : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void foreignBytesBecomeHarmless_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << QByteArray("grüß 世界 🧾") << QByteArray("grüß 世界 🧾");
        QTest::newRow("lines") << QByteArray("a\nb\tc\r") << QByteArray("a\\nb\\tc\\x0d");
        QTest::newRow("terminal") << QByteArray("\x1b[31m\x07\x7f") << QByteArray("\\x1b[31m\\x07\\x7f");
        QTest::newRow("direction") << QByteArray("a\u202eb\u200bc\ufeff") << QByteArray("a\\u{202e}b\\u{200b}c\\u{feff}");
        QTest::newRow("C1") << QByteArray("\u0085\u009b") << QByteArray("\\u{85}\\u{9b}");
        QTest::newRow("not UTF-8") << QByteArray("\xff\xc3\xc3\xa9\xe2\x82") << QByteArray("\\xff\\xc3é\\xe2\\x82");
        QTest::newRow("overlong, surrogate, beyond") << QByteArray("\xc0\xaf\xe0\x80\xaf\xed\xa0\x80\xf4\x90\x80\x80")
                                                     << QByteArray("\\xc0\\xaf\\xe0\\x80\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a\\x00b");
        QTest::newRow("bad byte as a line end") << QByteArray("\x80\x8a") << QByteArray("\\x80\\x8a");
        QTest::newRow("tag characters") << QByteArray("\xf3\xa0\x81\x81") << QByteArray("\\u{e0041}");
    }

    void foreignBytesBecomeHarmless()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(excerpt(bytes.toStdString(), 1000)), shown);
    }

    void cutsBetweenCharactersAndSaysSo()
    {
        QCOMPARE(excerpt("aé€", 2), std::string("aé…"));
        QCOMPARE(excerpt("abc", 3), std::string("abc"));
        QCOMPARE(excerpt("abcd", 3), std::string("abc…"));
        QCOMPARE(excerpt("a", 0), std::string("…"));
    }

    void theKeyIsTakenOutInPartsToo()
    {
        const std::string key = "sk-abcdefghij0123456789";
        QCOMPARE(withoutSecret("bad key " + key + "!", key), std::string("bad key [key]!"));
        QCOMPARE(withoutSecret("bad key sk-abcdef****456789!", key), std::string("bad key [key]****[key]!"));
        QCOMPARE(withoutSecret("sk-ab and 6789", key), std::string("sk-ab and 6789"));
        QCOMPARE(withoutSecret("anything", ""), std::string("anything"));
        QCOMPARE(withoutSecret("pin 1234", "1234"), std::string("pin [key]"));
    }
};

GATEHOUSE_TEST_MAIN(TestExcerpt)
#include "tst_excerpt.moc"
