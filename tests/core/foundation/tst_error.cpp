#include "core/foundation/result.h"
#include "tests/support/testmain.h"

using namespace gatehouse;

static Result<int> doubled(Result<int> in)
{
    GH_ASSIGN(const int value, std::move(in));
    return value * 2;
}

class TestError : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void argumentsAreNeverScannedForPlaceholders()
    {
        const Message message("%1 and %2", {"%2", "%1"});
        QCOMPARE(message.format(), std::string("%2 and %1"));
        QCOMPARE(Message("100% of %3", {"a"}).format(), std::string("100% of %3"));
    }

    void oneLineNamesPlaceReasonAndAdvice()
    {
        const Error error{ErrorCode::NotFound, "demo.json:3:5", Message("No agent is called %1", {"x"}), "Name one of: planner"};
        QCOMPARE(error.toString(), std::string("demo.json:3:5: No agent is called x; Name one of: planner"));
    }

    void macrosPassErrorsOnAndValuesThrough()
    {
        QCOMPARE(*doubled(21), 42);
        const Result<int> failed = doubled(fail(ErrorCode::Busy, "x", "y"));
        QVERIFY(!failed);
        QVERIFY(failed.error().code == ErrorCode::Busy);
    }
};

GATEHOUSE_TEST_MAIN(TestError)
#include "tst_error.moc"
