#include "core/policy/obligations.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::policy;
using std::chrono::milliseconds;

class TestObligations : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void durations_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qlonglong>("expected"); // milliseconds; -1: refused
        const auto row = [](const char* text, qlonglong expected) { QTest::newRow(text) << QByteArray(text) << expected; };
        row("PT4H", 14400000);
        row("PT0.5S", 500);
        row("P1DT1H", 90000000);
        row("P2W", 1209600000);
        row("PT1M30S", 90000);
        for (const char* bad : {"",
                                "P",
                                "PT",
                                "4h",
                                "PT4",
                                "P1Y",
                                "P1M",
                                "PT1H1D",
                                "PT1S1M",
                                "-PT1S",
                                "PT-1S",
                                "PT0S",
                                "PT1.5H",
                                "PT1.S",
                                "PT1.2345S",
                                "P1DT",
                                "PT99999999999999999999S",
                                "pt4h",
                                "PT4H ",
                                "P4000D"})
            row(bad, -1);
    }

    void durations()
    {
        QFETCH(QByteArray, text);
        QFETCH(qlonglong, expected);
        const auto parsed = parseDuration(text.toStdString());
        QCOMPARE(parsed ? static_cast<qlonglong>(parsed->count()) : -1, expected);
        if (parsed)
            QCOMPARE(*parseDuration(formatDuration(*parsed)), *parsed);
    }

    void theStrictestOfBoth()
    {
        GH_VALUE(const Obligations a,
                 obligationsFromJson(nlohmann::json::parse(
                     R"({"quorum":[{"role":"owner","n":1},{"role":"sre","n":2}],"expires":"PT4H","window":"night"})")));
        GH_VALUE(
            const Obligations b,
            obligationsFromJson(nlohmann::json::parse(
                R"({"quorum":[{"role":"owner","n":2}],"expires":"PT1H","execute_within":"P1D","window":"weekend","reason_required":true})")));
        const Obligations both = strictest(a, b);
        QCOMPARE(strictest(b, a), both);
        QCOMPARE(toJson(both).dump(),
                 std::string(R"({"execute_within":"P1D","expires":"PT1H","quorum":[{"n":2,"role":"owner"},{"n":2,"role":"sre"}],)"
                             R"("reason_required":true,"window":["night","weekend"]})"));
        GH_VALUE(const Obligations again, obligationsFromJson(toJson(both)));
        QCOMPARE(again, both);
        QCOMPARE(strictest(a, Obligations()), a);
    }
};

GATEHOUSE_TEST_MAIN(TestObligations)
#include "tst_obligations.moc"
