#include "tests/support/testmain.h"
#include "widgets/models/runfold.h"
#include "widgets/models/runrecordmodel.h"

#include <QGuiApplication>

using namespace gatehouse;
using namespace gatehouse::widgets;
using journal::EventType;
using nlohmann::json;

namespace {

// A fold and what it was fed, a record each ten milliseconds.
struct Folded {
    void take(EventType type, json data, journal::Actor actor = {journal::ActorKind::System, "gatehouse"})
    {
        journal::Record record;
        record.seq = seq++;
        record.wall = "2026-11-21T12:00:00." + std::to_string(100 + seq * 10) + "Z";
        record.boot = "boot";
        record.monoNs = std::to_string(seq * 10'000'000);
        record.type = type;
        record.actor = std::move(actor);
        record.data = std::move(data);
        (void)fold.apply(record); // what the requests here leave out is not what is tested
    }

    // A call that a person is asked about.
    void ask()
    {
        take(EventType::RunOpened, {{"name", "repair"}, {"task", {{"text", "mend it"}}}, {"requester", "ann"}});
        take(EventType::ModelRequest, {{"agent", "repairer"}, {"turn", 1}});
        take(EventType::ModelResponse, {{"usage", {{"input", 1}, {"output", 1}}}});
        take(EventType::ToolRequested, {{"call", "c1"}, {"tool", "apply_patch"}}, {journal::ActorKind::Agent, "repairer"});
        take(EventType::ApprovalRequested, {{"id", "ap-1"}, {"call", "c1"}});
    }

    void vote(const char* decision, const char* reason)
    {
        take(EventType::ApprovalVote, {{"id", "ap-1"}, {"principal", "ann"}, {"decision", decision}, {"reason", reason}});
        take(EventType::ApprovalResolved, {{"id", "ap-1"}, {"decision", decision}, {"by", "one person"}});
    }

    void end(const char* outcome, const char* error = nullptr)
    {
        json data = {{"outcome", outcome}, {"turns", 1}};
        if (error)
            data["error"] = error;
        take(EventType::RunFinished, data);
    }

    RowPtr last()
    {
        for (RowPtr& row : fold.takeChanges().appended)
            rows.push_back(std::move(row));
        return rows.back();
    }

    std::uint64_t seq = 0;
    std::vector<RowPtr> rows;
    RunFold fold;
};

} // namespace

class TestRunFold : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aDecisionIsARowOfItsOwn_data()
    {
        QTest::addColumn<QByteArray>("decision");
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<int>("state");
        QTest::addColumn<QByteArray>("outcome");
        QTest::addColumn<QByteArray>("summary");
        QTest::newRow("approve") << QByteArray("approve") << QByteArray("") << int(RowState::Done) << QByteArray("approved")
                                 << QByteArray("apply_patch");
        QTest::newRow("deny") << QByteArray("deny") << QByteArray("Not on a Friday") << int(RowState::Denied) << QByteArray("denied")
                              << QByteArray("apply_patch: Not on a Friday");
        QTest::newRow("no word of ours") << QByteArray("perhaps") << QByteArray("") << int(RowState::Unknown) << QByteArray("")
                                         << QByteArray("apply_patch");
    }

    void aDecisionIsARowOfItsOwn()
    {
        QFETCH(QByteArray, decision);
        QFETCH(QByteArray, reason);
        QFETCH(int, state);
        QFETCH(QByteArray, outcome);
        QFETCH(QByteArray, summary);
        Folded f;
        f.ask();
        const RowPtr asked = f.last();
        f.vote(decision.constData(), reason.constData());
        const RowPtr vote = f.last();
        QVERIFY(vote->firstSeq > asked->firstSeq);
        QCOMPARE(vote->kind, RowKind::Decision);
        QCOMPARE(vote->agent, std::string("ann"));
        QCOMPARE(vote->approval, std::string("ap-1"));
        QCOMPARE(int(vote->state), state);
        QCOMPARE(vote->outcome, outcome.toStdString());
        QCOMPARE(vote->summary, summary.toStdString());
    }

    // Who asks where the request stands is led to what was asked about, also when that is the task itself.
    void aRequestStandsWhereItWasAsked()
    {
        Folded f;
        f.take(EventType::RunOpened, {{"name", "repair"}, {"task", {{"text", "mend it"}}}, {"requester", "ann"}});
        f.take(EventType::PolicyDecided, {{"point", "input"}, {"effect", "ask"}});
        f.take(EventType::ApprovalRequested, {{"id", "ap-1"}});
        f.vote("approve", "");
        (void)f.last();
        QCOMPARE(f.rows.back()->summary, std::string("task"));
        RunRecordModel model;
        RunBatch batch;
        batch.appended = f.rows;
        model.apply(batch);
        const int row = model.rowOfApproval("ap-1");
        QVERIFY(row >= 0 && row < model.rowCount() - 1);
        QCOMPARE(model.row(row)->approval, std::string("ap-1"));
    }

    void whatAPersonDeniedIsWhyTheRunEnded()
    {
        Folded f;
        f.ask();
        f.vote("deny", "Not on a Friday");
        f.end("denied", "/tmp/somewhere/script.json:36: The script expects another result");
        QCOMPARE(f.fold.info().deniedBy, std::string("ann"));
        QCOMPARE(f.fold.info().ending, std::string("Not on a Friday"));
        const RowPtr end = f.last();
        QVERIFY(end->kind == RowKind::Outcome && end->state == RowState::Denied);
        QCOMPARE(end->summary, std::string("ann: Not on a Friday"));
        QCOMPARE(end->agent, std::string("gatehouse"));
    }

    void aDenialWithoutAReasonNamesWhoDenied()
    {
        Folded f;
        f.ask();
        f.vote("deny", "");
        f.end("denied");
        QCOMPARE(f.fold.info().deniedBy, std::string("ann"));
        QVERIFY(f.fold.info().ending.empty());
        QCOMPARE(f.last()->summary, std::string("ann"));
    }

    void whatThePolicyDeniedIsWhyTheRunEnded()
    {
        Folded f;
        f.ask();
        policy::Decision decision;
        decision.effect = policy::Effect::Deny;
        policy::Match match;
        match.rule = "A-1";
        match.effect = policy::Effect::Deny;
        match.reason = "Nothing is deleted";
        decision.matched = {match};
        decision.cause = policy::Cause::Rule;
        f.take(EventType::PolicyDecided, policy::toJson(decision));
        f.end("denied", "An error");
        QCOMPARE(f.fold.info().deniedBy, std::string("A-1"));
        QCOMPARE(f.fold.info().ending, std::string("Nothing is deleted"));
    }

    // A person's denial that the agent heard long ago is not the reason of a later one.
    void whatNoRuleAllowedIsWhyTheRunEnded()
    {
        Folded f;
        f.ask();
        f.vote("deny", "Not on a Friday");
        policy::Decision decision;
        decision.effect = policy::Effect::Deny;
        decision.cause = policy::Cause::Default;
        decision.why = Message("No rule allows it");
        f.take(EventType::PolicyDecided, policy::toJson(decision));
        f.end("denied", "An error");
        QVERIFY(f.fold.info().deniedBy.empty());
        QVERIFY2(!f.fold.info().ending.contains("Friday"), f.fold.info().ending.c_str());
        QVERIFY(!f.fold.info().ending.empty());
    }

    void whatWasSaidLaterAndDeniedEndsNothing()
    {
        Folded f;
        f.ask();
        f.vote("deny", "Not on a Friday");
        policy::Decision decision;
        decision.effect = policy::Effect::Deny;
        json data = policy::toJson(decision);
        data["point"] = "input";
        data["said"] = "more";
        f.take(EventType::PolicyDecided, data);
        f.end("denied");
        QCOMPARE(f.fold.info().deniedBy, std::string("ann"));
    }

    // A denial that the run outlived is not why it failed.
    void anErrorIsWhyTheRunFailed()
    {
        Folded f;
        f.ask();
        f.vote("deny", "Not on a Friday");
        f.end("model-failed", "The server did not answer\nafter 5 attempts");
        QCOMPARE(f.fold.info().ending, std::string("The server did not answer"));
        QVERIFY(f.fold.info().progress == RunProgress::Failed);
        QVERIFY(f.last()->state == RowState::Failed);
        QCOMPARE(f.last()->summary, std::string("The server did not answer"));
    }

    void whatEndedWellHasNothingToExplain()
    {
        Folded f;
        f.ask();
        f.vote("approve", "It is right");
        f.end("completed");
        QVERIFY(f.fold.info().ending.empty());
    }

    void anEffectBeginsSomeTimeAfterTheAnswer()
    {
        Folded f;
        f.ask();
        f.vote("approve", "");
        f.take(EventType::RunPaused, {{"why", "approval"}});
        f.take(EventType::RunResumed, json::object());
        f.take(EventType::EffectStarted, {{"effect", "e1"}, {"call", "c1"}});
        (void)f.last();
        const auto call = std::ranges::find(f.rows, std::string("c1"), [](const RowPtr& row) { return row->call; });
        QVERIFY(call != f.rows.end());
        QVERIFY((*call)->askedMs < (*call)->answeredMs);
        QCOMPARE((*call)->actingMs - (*call)->answeredMs, std::int64_t{30});
    }

    void aTurnThatIsAskedAgainIsOne()
    {
        Folded f;
        f.ask();
        f.take(EventType::ModelRequest, {{"agent", "repairer"}, {"turn", 2}});
        f.take(EventType::ModelRequest, {{"agent", "repairer"}, {"turn", 2}});
        QCOMPARE(f.fold.info().turns, std::uint64_t{2});
    }

    void aLayerThatIsMissingIsSeen()
    {
        Folded f;
        f.take(EventType::SandboxCreated,
               {{"backend", "local"},
                {"layers", {{{"layer", "seccomp"}, {"state", "enforced"}}, {{"layer", "quota"}, {"state", "degraded"}}}}});
        QVERIFY(f.last()->state == RowState::Note);
        QCOMPARE(f.last()->outcome, std::string("1/2"));
        f.take(EventType::SandboxCreated, {{"backend", "local"}, {"layers", {{{"layer", "seccomp"}, {"state", "enforced"}}}}});
        QVERIFY(f.last()->state == RowState::Done && f.last()->outcome.empty());
    }
};

GATEHOUSE_TEST_MAIN(TestRunFold)
#include "tst_runfold.moc"
