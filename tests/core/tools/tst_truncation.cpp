#include "core/tools/truncation.h"

#include "core/base/utf8.h"
#include "tests/support/testmain.h"

using namespace gatehouse;
using namespace gatehouse::tools;

class TestTruncation : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void countsTokens()
    {
        QCOMPARE(tokenCount(0), std::uint64_t(0));
        QCOMPARE(tokenCount(1), std::uint64_t(1));
        QCOMPARE(tokenCount(4), std::uint64_t(1));
        QCOMPARE(tokenCount(5), std::uint64_t(2));
        QCOMPARE(tokenCount(~0ull), (~0ull >> 2) + 1);
    }

    void shortTextStays()
    {
        QCOMPARE(truncateOutput("12345678", 2), std::string("12345678"));
        QCOMPARE(truncateOutput("", 1), std::string());
    }

    void longTextLosesItsMiddle()
    {
        std::string text;
        for (int i = 0; i < 100; ++i)
            text += "line " + std::to_string(i) + '\n';
        const std::string cut = truncateOutput(text, 40);
        QVERIFY(cut.size() <= 160);
        QVERIFY2(cut.starts_with("Total output lines: 100\n\nline 0\n"), cut.c_str());
        QVERIFY2(cut.ends_with("line 99\n"), cut.c_str());
        const std::size_t first = cut.find("…");
        QVERIFY(cut.find(" tokens truncated…") > first);
        // The number is that of what is gone.
        const std::uint64_t named = std::stoull(cut.substr(first + 3));
        const std::size_t kept =
            cut.size() - std::string("Total output lines: 100\n\n").size() - std::string("… tokens truncated…").size() - 3;
        QCOMPARE(named, tokenCount(text.size() - kept));
    }

    void everyBudgetHolds()
    {
        std::string text;
        for (int i = 0; i < 60; ++i)
            text += i % 3 == 0 ? "ä" : i % 3 == 1 ? "日" : "\U0001F600";
        for (std::uint64_t budget = 1; budget <= tokenCount(text.size()) + 1; ++budget) {
            const std::string cut = truncateOutput(text, budget);
            QVERIFY(cut.size() <= budget * 4);
            QVERIFY(isValidUtf8(cut));
            QVERIFY(cut == text || cut.find("…") == 0 || cut.find("tokens truncated") != std::string::npos);
        }
    }

    void aTinyBudgetIsAClippedMarker()
    {
        const std::string cut = truncateOutput(std::string(1000, 'x'), 2);
        QCOMPARE(cut, std::string("…250 t"));
        QVERIFY(truncateOutput(std::string(1000, 'x'), 10).find("Total") == std::string::npos);
    }
};

GATEHOUSE_TEST_MAIN(TestTruncation)
#include "tst_truncation.moc"
