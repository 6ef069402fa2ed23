#include "tests/support/testmain.h"
#include "widgets/approval/approvalgate.h"

using namespace gatehouse::widgets;
using In = GateInput;
using Out = GateOutcome;

namespace {
struct Step {
    std::int64_t at;
    In input;
    Out outcome;
};
using Steps = QList<Step>;
} // namespace
Q_DECLARE_METATYPE(Steps)

class TestApprovalGate : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    // The card appears at 1000 and has been seen whole.
    void keys_data()
    {
        QTest::addColumn<Steps>("steps");
        QTest::newRow("nothing within the dead time")
            << Steps{{1000, In::Deny, Out::Nothing}, {1200, In::ArmOrConfirm, Out::Nothing}, {1399, In::Escape, Out::Nothing}};
        QTest::newRow("typing through does not arm") << Steps{{1100, In::ArmOrConfirm, Out::Nothing}, {1450, In::ArmOrConfirm, Out::Armed}};
        QTest::newRow("A twice") << Steps{{1400, In::ArmOrConfirm, Out::Armed}, {1401, In::ArmOrConfirm, Out::Approve}};
        QTest::newRow("A, Enter") << Steps{{1400, In::ArmOrConfirm, Out::Armed}, {1500, In::Enter, Out::Approve}};
        QTest::newRow("Enter alone approves nothing") << Steps{{1400, In::Enter, Out::Nothing}, {1500, In::Enter, Out::Nothing}};
        QTest::newRow("Esc disarms, then closes")
            << Steps{{1400, In::ArmOrConfirm, Out::Armed}, {1500, In::Escape, Out::Disarmed}, {1600, In::Escape, Out::Close}};
        QTest::newRow("disarmed is not armed") << Steps{
            {1400, In::ArmOrConfirm, Out::Armed}, {1500, In::Escape, Out::Disarmed}, {1600, In::Enter, Out::Nothing}};
        QTest::newRow("Esc closes and decides nothing") << Steps{{1400, In::Escape, Out::Close}};
        QTest::newRow("deny") << Steps{{1400, In::Deny, Out::Deny}};
        QTest::newRow("deny what is armed") << Steps{{1400, In::ArmOrConfirm, Out::Armed}, {1500, In::Deny, Out::Deny}};
    }
    void keys()
    {
        QFETCH(Steps, steps);
        ApprovalGate gate;
        gate.attended(1000);
        gate.setPayloadSeen(true);
        for (const Step& step : steps)
            QCOMPARE(int(gate.take(step.input, step.at)), int(step.outcome));
    }

    void focusGainedAgainIsDeadAgainAndDisarms()
    {
        ApprovalGate gate;
        gate.attended(0);
        gate.setPayloadSeen(true);
        QVERIFY(gate.take(In::ArmOrConfirm, 500) == Out::Armed);
        gate.left();
        gate.attended(600);
        QVERIFY(gate.take(In::Enter, 700) == Out::Nothing);
        QVERIFY(gate.take(In::Enter, 1100) == Out::Nothing);
        QVERIFY(!gate.isArmed());
    }

    void approvingNeedsAllOnScreen()
    {
        ApprovalGate gate;
        gate.attended(0);
        QVERIFY(gate.take(In::ArmOrConfirm, 500) == Out::Nothing);
        QVERIFY(gate.take(In::Deny, 500) == Out::Deny);
        gate.setPayloadSeen(true);
        QVERIFY(gate.take(In::ArmOrConfirm, 600) == Out::Armed);
    }

    void aDemandedReasonGatesBothDecisions()
    {
        ApprovalGate gate;
        gate.attended(0);
        gate.setPayloadSeen(true);
        gate.setReasonRequired(true);
        QVERIFY(gate.take(In::ArmOrConfirm, 500) == Out::Nothing);
        QVERIFY(gate.take(In::Deny, 500) == Out::Nothing);
        gate.setReasonGiven(true);
        QVERIFY(gate.take(In::ArmOrConfirm, 500) == Out::Armed);
    }

    void whatIsDecidedElsewhereOnlyCloses()
    {
        ApprovalGate gate;
        gate.attended(0);
        gate.setPayloadSeen(true);
        QVERIFY(gate.take(In::ArmOrConfirm, 500) == Out::Armed);
        gate.setDecided();
        QVERIFY(gate.take(In::Enter, 600) == Out::Nothing);
        QVERIFY(gate.take(In::ArmOrConfirm, 600) == Out::Nothing);
        QVERIFY(gate.take(In::Deny, 600) == Out::Nothing);
        QVERIFY(gate.take(In::Escape, 600) == Out::Close);
    }

    void whatCantBeApprovedCanBeDenied()
    {
        ApprovalGate gate;
        gate.attended(0);
        gate.setPayloadSeen(true);
        gate.setApprovable(false);
        QVERIFY(gate.take(In::ArmOrConfirm, 500) == Out::Nothing);
        QVERIFY(gate.take(In::Deny, 500) == Out::Deny);
    }
};

GATEHOUSE_TEST_MAIN(TestApprovalGate)
#include "tst_approvalgate.moc"
