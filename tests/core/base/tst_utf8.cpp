#include "core/base/clock.h"
#include "core/base/utf8.h"
#include "tests/support/testmain.h"

using namespace gatehouse;

class TestUtf8 : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyCodePointThereAndBack()
    {
        for (char32_t point = 0; point <= 0x10FFFF; ++point) {
            if (point == 0xD800)
                point = 0xE000;
            std::string text;
            appendUtf8(text, point);
            const CodePoint read = codePointAt(text, 0);
            if (!read.valid || read.value != point || read.length != text.size())
                QFAIL(qPrintable(QString::number(point, 16)));
        }
    }

    void invalidSequences_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("continuation") << QByteArray("a\x80z") << QByteArray("a\xEF\xBF\xBDz");
        QTest::newRow("overlong slash") << QByteArray("\xC0\xAF") << QByteArray("\xEF\xBF\xBD\xEF\xBF\xBD");
        QTest::newRow("overlong three") << QByteArray("\xE0\x80\xAF") << QByteArray("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << QByteArray("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        QTest::newRow("too large") << QByteArray("\xF4\x90\x80\x80") << QByteArray("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
        QTest::newRow("cut") << QByteArray("\xF0\x9F\x98") << QByteArray("\xEF\xBF\xBD");
        QTest::newRow("cut then more") << QByteArray("\xE2\x82zz") << QByteArray("\xEF\xBF\xBDzz");
        QTest::newRow("late") << QByteArray("0123456789abcdef\xFF") << QByteArray("0123456789abcdef\xEF\xBF\xBD");
    }

    void invalidSequences()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, shown);
        QVERIFY(!isValidUtf8(bytes.toStdString()));
        QCOMPARE(QByteArray::fromStdString(toValidUtf8(bytes.toStdString())), shown);
        QVERIFY(isValidUtf8(shown.toStdString()));
    }

    void utcIsWrittenWithMilliseconds()
    {
        using namespace std::chrono;
        QCOMPARE(formatUtc(sys_days(2026y / 2 / 28) + 23h + 59min + 59s + 7ms), std::string("2026-02-28T23:59:59.007Z"));
        const SystemClock clock;
        QCOMPARE(clock.bootId().size(), std::size_t{36});
        QVERIFY(clock.boottimeNanoseconds() > 0);
        QCOMPARE(clock.wall().size(), std::size_t{24});
    }
};

GATEHOUSE_TEST_MAIN(TestUtf8)
#include "tst_utf8.moc"
