#include "core/model/retryafter.h"

#include "tests/support/testmain.h"

#include <QLocale>

using namespace gatehouse::model;

class TestRetryAfter : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void bothForms_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<qint64>("milliseconds"); // -1: nothing
        // now is 1994-11-06 08:49:30
        QTest::newRow("seconds") << QByteArray("120") << qint64(120000);
        QTest::newRow("zero") << QByteArray(" 0 ") << qint64(0);
        QTest::newRow("date") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT") << qint64(7000);
        QTest::newRow("old date") << QByteArray("Sunday, 06-Nov-94 08:49:37 GMT") << qint64(7000);
        QTest::newRow("oldest date") << QByteArray("Sun Nov  6 08:49:37 1994") << qint64(7000);
        QTest::newRow("past") << QByteArray("Sun, 06 Nov 1994 08:00:00 GMT") << qint64(0);
        QTest::newRow("huge") << QByteArray("99999999999999999999999") << qint64(3653ll * 24 * 3600 * 1000);
        QTest::newRow("far date") << QByteArray("Sun, 06 Nov 2594 08:49:37 GMT") << qint64(-1);
        for (const char* bad : {"", "soon", "-1", "1.5", "1 s", "Sun, 99 Nov 1994 08:49:37 GMT", "0x10"})
            QTest::newRow(bad) << QByteArray(bad) << qint64(-1);
    }

    void bothForms()
    {
        QFETCH(QByteArray, value);
        QFETCH(qint64, milliseconds);
        QLocale::setDefault(QLocale(QLocale::German));
        const auto wait = parseRetryAfter(value.toStdString(), std::chrono::seconds(784111770));
        if (QByteArray(QTest::currentDataTag()) == "far date")
            QVERIFY(!wait || wait->count() == 3653ll * 24 * 3600 * 1000); // its weekday is wrong: either is fine
        else
            QCOMPARE(wait ? static_cast<qint64>(wait->count()) : -1, milliseconds);
    }
};

GATEHOUSE_TEST_MAIN(TestRetryAfter)
#include "tst_retryafter.moc"
