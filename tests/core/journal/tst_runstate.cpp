#include "core/journal/reader.h"
#include "core/journal/runstate.h"
#include "tests/core/journal/journalfixture.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::journal;
using nlohmann::json;
using test::JournalFixture;
using test::RunEnd;

class TestRunState : public test::TestCase {
    Q_OBJECT
private:
    static RunState folded(const std::vector<Event>& events)
    {
        RunState state;
        std::uint64_t seq = 0;
        for (const Event& event : events) {
            Record record;
            record.seq = seq++;
            record.run = RunId("r");
            record.type = event.type;
            record.data = event.data;
            record.wall = "t" + std::to_string(seq);
            state.apply(record);
        }
        return state;
    }
    static Event approval(EventType type, json more = json::object())
    {
        more["id"] = "ap-1";
        return test::event(type, more);
    }

private Q_SLOTS:
    void foldsARun()
    {
        const JournalFixture run(RunEnd::Paused);
        GH_VALUE(Reader reader, Reader::openVerified(run.path()));
        GH_VALUE(const RunState state, foldRun(reader));
        QCOMPARE(state.name, std::string("demo"));
        QCOMPARE(state.requester, std::string("ada"));
        QVERIFY(state.phase == RunPhase::Paused);
        QCOMPARE(state.outcome, std::string("approval"));
        QCOMPARE(state.records, std::uint64_t{10});
        QCOMPARE(state.epochs, std::uint64_t{1});
        QVERIFY(state.approvals.empty());
        QVERIFY(state.effects.empty());
    }

    void approvalsAreOpenUntilTheyAreOver()
    {
        const std::vector<Event> open = {test::event(EventType::RunOpened), approval(EventType::ApprovalRequested, {{"binding", "b"}}),
                                         approval(EventType::ApprovalPresented),
                                         approval(EventType::ApprovalVote, {{"decision", "allow"}})};
        const RunState state = folded(open);
        QCOMPARE(state.approvals.size(), std::size_t{1});
        QCOMPARE(state.approvals.at("ap-1").state, std::string("presented"));
        QCOMPARE(state.approvals.at("ap-1").votes.size(), std::size_t{1});
        auto resolved = open;
        resolved.push_back(approval(EventType::ApprovalResolved, {{"decision", "allow"}}));
        QVERIFY(folded(resolved).approvals.at("ap-1").decision == "allow");
        resolved.push_back(approval(EventType::ApprovalConsumed));
        QVERIFY(folded(resolved).approvals.empty());
        for (const EventType end : {EventType::ApprovalExpired, EventType::ApprovalWithdrawn, EventType::ApprovalInvalidated}) {
            auto over = open;
            over.push_back(approval(end));
            QVERIFY(folded(over).approvals.empty());
        }
        auto denied = open;
        denied.push_back(approval(EventType::ApprovalResolved, {{"decision", "deny"}}));
        QVERIFY(folded(denied).approvals.empty());
    }

    void effectsAreOpenUntilTheyEnd()
    {
        std::vector<Event> events = {test::event(EventType::RunOpened),
                                     test::event(EventType::EffectStarted, {{"effect", "e"}, {"call", "c"}})};
        QCOMPARE(folded(events).effects.at("e").call, std::string("c"));
        events.push_back(test::event(EventType::EffectUnknown, {{"effect", "e"}}));
        QVERIFY(folded(events).effects.at("e").unknown);
        events.push_back(test::event(EventType::EffectReconciled, {{"effect", "e"}}));
        QVERIFY(folded(events).effects.empty());
    }

    void countsAndEnds()
    {
        const RunState state = folded(
            {test::event(EventType::RunOpened), test::event(EventType::ModelRequest, {{"turn", 1}}),
             test::event(EventType::ModelResponse, {{"usage", {{"input", 10}, {"output", 3}}}}),
             test::event(EventType::ModelRequest, {{"turn", 2}}), test::event(EventType::ModelRequest, {{"turn", 2}}),
             test::event(EventType::ModelResponse, {{"usage", {{"input", 5}, {"output", 2}}}}), test::event(EventType::ToolRequested),
             test::event(EventType::PolicyDecided, {{"effect", "deny"}}), test::event(EventType::PolicyDecided, {{"effect", "allow"}}),
             test::event(EventType::RunFinished, {{"outcome", "denied"}, {"final", nullptr}})});
        QCOMPARE(state.turns, std::uint64_t{2});
        QCOMPARE(state.toolCalls, std::uint64_t{1});
        QCOMPARE(state.denied, std::uint64_t{1});
        QCOMPARE(state.inputTokens, std::uint64_t{15});
        QCOMPARE(state.outputTokens, std::uint64_t{5});
        QVERIFY(state.phase == RunPhase::Finished);
        QCOMPARE(state.outcome, std::string("denied"));
        QVERIFY(!state.final);
    }

    void fieldsOfAnotherTypeCountAsAbsent()
    {
        for (const EventTypeName& entry : eventTypes()) {
            for (const json& odd :
                 {json::object(), json{{"id", 5}, {"effect", json::array()}, {"usage", "x"}, {"name", 7}, {"outcome", nullptr}},
                  json{{"usage", {{"input", -1}, {"output", "x"}}}}})
                (void)folded({test::event(EventType::RunOpened, odd), test::event(entry.type, odd), test::event(entry.type, odd)});
        }
    }
};

GATEHOUSE_TEST_MAIN(TestRunState)
#include "tst_runstate.moc"
