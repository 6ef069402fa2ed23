#include "core/workflow/quantities.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

using namespace gatehouse::workflow;
using namespace std::chrono_literals;

class TestQuantities : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void durations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("milliseconds"); // -1: refused
        const auto row = [](const char* text, std::chrono::milliseconds expected) {
            QTest::newRow(text) << QString::fromUtf8(text) << qint64(expected.count());
        };
        row("PT30S", 30s);
        row("PT0.5S", 500ms);
        row("PT1H30M", 90min);
        row("P1DT12H", 36h);
        row("P2W", 336h);
        row("PT0S", 0ms);
        row("P3650D", 24h * 3650);
        for (const char* bad : {"",       "P",     "PT",    "P1",     "30",        "30s",   "PT30",  "PT30s",
                                "pt30s",  "P30S",  "PTS",   "PT1S1M", "PT1S1S",    "P1M",   "P1Y",   "P1DT",
                                "PT-1S",  "PT+1S", "PT1.S", "PT.5S",  "PT1.0005S", "PT1S ", " PT1S", "PT99999999999999999999S",
                                "P9999W", "PT1SX", "PTT1S"})
            row(bad, -1ms);
    }

    void durations()
    {
        QFETCH(QString, text);
        QFETCH(qint64, milliseconds);
        const auto result = parseDuration(text.toStdString());
        QCOMPARE(result ? qint64(result->count()) : qint64(-1), milliseconds);
    }

    void sizes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes"); // -1: refused
        const auto row = [](const char* text, qint64 expected) { QTest::newRow(text) << QString::fromUtf8(text) << expected; };
        row("0", 0);
        row("4096", 4096);
        row("4096B", 4096);
        row("512MiB", 512ll << 20);
        row("512 MiB", 512ll << 20);
        row("1.5GiB", 3ll << 29);
        row("100MB", 100'000'000);
        row("2TiB", 2ll << 40);
        row("1kB", 1000);
        for (const char* bad : {"", "MiB", "-1", "+1", "1 ", "1  MiB", "512mib", "512M", "512Mib", "1e3", "0x10", "1.0001kB", "1..5GiB",
                                "99999999999999999999", "9999999TiB", "1,5GiB", "1PiB", "512MiB/s"})
            row(bad, -1);
    }

    void sizes()
    {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        const auto result = parseSize(text.toStdString());
        QCOMPARE(result ? qint64(*result) : qint64(-1), bytes);
    }

    void rates()
    {
        QCOMPARE(parseRate("100MiB/s").value(), 100ull << 20);
        QVERIFY(!parseRate("100MiB"));
        QVERIFY(!parseRate("/s"));
    }

    void money_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("micros"); // -1: refused
        const auto row = [](const char* text, qint64 expected) { QTest::newRow(text) << QString::fromUtf8(text) << expected; };
        row("2.00 USD", 2'000'000);
        row("0.000001 EUR", 1);
        row("10 CHF", 10'000'000);
        for (const char* bad : {"", "2.00", "USD", "2.00USD", "2.00  USD", "2.00 usd", "2.00 US", "2.00 USDX", "-2.00 USD", "2,00 USD",
                                ".5 USD", "2. USD", "0.0000001 USD", "9999999999999999 USD", "2.00 USD "})
            row(bad, -1);
    }

    void money()
    {
        QFETCH(QString, text);
        QFETCH(qint64, micros);
        const auto result = parseMoney(text.toStdString());
        QCOMPARE(result ? qint64(result->micros) : qint64(-1), micros);
    }

    void periods()
    {
        QVERIFY(parsePeriod("P12M").value() == (Period{12, 0}));
        QVERIFY(parsePeriod("P1Y6M").value() == (Period{18, 0}));
        QVERIFY(parsePeriod("P2W").value() == (Period{0, 14}));
        for (const char* bad : {"", "P", "12M", "PT12M", "P12", "P1M1Y", "P1.5M", "P99999999M"})
            QVERIFY2(!parsePeriod(bad), bad);
    }

    void errorsShowTheTextButNotAllOfIt()
    {
        const auto result = parseSize(std::string(5000, '9'));
        QVERIFY(!result);
        QVERIFY(result.error().why.format().size() < 200);
    }
};

GATEHOUSE_TEST_MAIN(TestQuantities)
#include "tst_quantities.moc"
