#include "tests/support/testmain.h"

#include "core/engine/progress.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using engine::CallStage;
using engine::Progress;
using journal::EventType;
using nlohmann::json;

static Result<std::string> inlineText(const json& reference)
{
    if (!reference.contains("text"))
        return fail(ErrorCode::NotFound, "payload", "not inline");
    return reference["text"].get<std::string>();
}

class TestProgress : public test::TestCase {
    Q_OBJECT

    static void feed(Progress& progress, EventType type, const json& data) { GH_VERIFY(progress.apply(type, data, inlineText)); }

    static void feedCall(Progress& progress)
    {
        feed(progress, EventType::UserMessage, {{"text", {{"text", "do it"}}}, {"task", true}});
        feed(progress, EventType::ModelRequest, {{"turn", 1}, {"reqDigest", "d1"}});
        feed(progress, EventType::ModelResponse,
             {{"text", {{"text", ""}}},
              {"usage", {{"input", 10}, {"output", 5}}},
              {"calls", {{{"id", "c1"}, {"name", "t"}, {"arguments", {{"text", "{}"}}}}}}});
        feed(progress, EventType::ToolRequested, {{"call", "c1"}, {"tool", "t"}});
    }

private Q_SLOTS:
    void aCallGoesThroughItsStages()
    {
        Progress progress;
        feedCall(progress);
        QCOMPARE(progress.openCalls().size(), std::size_t{1});
        QVERIFY(progress.find("c1")->requested);
        feed(progress, EventType::ApprovalRequested, {{"id", "ap-1"}, {"call", "c1"}, {"binding", "b1"}});
        QVERIFY(progress.find("c1")->stage == CallStage::Asked);
        feed(progress, EventType::ApprovalResolved, {{"id", "ap-1"}, {"decision", "approve"}});
        QVERIFY(progress.find("c1")->stage == CallStage::Approved);
        feed(progress, EventType::EffectStarted, {{"effect", "ef-1"}, {"call", "c1"}});
        QVERIFY(progress.find("c1")->stage == CallStage::Started);
        feed(progress, EventType::EffectFinished, {{"effect", "ef-1"}});
        QVERIFY(progress.find("c1")->stage == CallStage::Finished);
        feed(progress, EventType::ToolResult, {{"call", "c1"}, {"text", {{"text", "ok"}}}});
        QVERIFY(progress.openCalls().empty());
        QCOMPARE(progress.items().size(), std::size_t{3});
        QCOMPARE(progress.turns(), std::uint64_t{1});
        QCOMPARE(progress.inputTokens() + progress.outputTokens(), std::uint64_t{15});
    }

    // A crash between claim and outcome: never "not started" again.
    void anUnfinishedClaimStaysAClaim()
    {
        Progress progress;
        feedCall(progress);
        feed(progress, EventType::EffectStarted, {{"effect", "ef-1"}, {"call", "c1"}});
        QVERIFY(progress.find("c1")->stage == CallStage::Started);
        feed(progress, EventType::EffectUnknown, {{"effect", "ef-1"}});
        QVERIFY(progress.find("c1")->stage == CallStage::Unknown);
    }

    void aVoidedApprovalIsNoApproval_data()
    {
        QTest::addColumn<int>("type");
        QTest::newRow("invalidated") << static_cast<int>(EventType::ApprovalInvalidated);
        QTest::newRow("expired") << static_cast<int>(EventType::ApprovalExpired);
    }

    void aVoidedApprovalIsNoApproval()
    {
        QFETCH(int, type);
        Progress progress;
        feedCall(progress);
        feed(progress, EventType::ApprovalRequested, {{"id", "ap-1"}, {"call", "c1"}, {"binding", "b1"}});
        feed(progress, EventType::ApprovalResolved, {{"id", "ap-1"}, {"decision", "approve"}});
        feed(progress, static_cast<EventType>(type), {{"id", "ap-1"}});
        QVERIFY(progress.find("c1")->stage == CallStage::Proposed);
        QVERIFY(progress.find("c1")->approval.empty());
    }

    // Once a person was asked, that is never forgotten: not by a request that became void.
    void whoWasAskedStaysAsked()
    {
        Progress progress;
        feedCall(progress);
        QVERIFY(!progress.find("c1")->asked);
        feed(progress, EventType::ApprovalRequested, {{"id", "ap-1"}, {"call", "c1"}, {"binding", "b1"}});
        feed(progress, EventType::ApprovalInvalidated, {{"id", "ap-1"}});
        QVERIFY(progress.find("c1")->asked);
    }

    void theTaskIsDecidedByItsOwnDecisions()
    {
        Progress progress;
        QVERIFY(!progress.taskAllowed());
        feed(progress, EventType::PolicyDecided, {{"point", "input"}, {"effect", "allow"}, {"policyDigest", "p1"}, {"said", true}});
        QVERIFY2(!progress.taskAllowed(), "words to an agent are no word about its task");
        feed(progress, EventType::PolicyDecided, {{"point", "input"}, {"effect", "allow"}, {"policyDigest", "p1"}});
        QVERIFY(progress.taskAllowed());
        QCOMPARE(progress.taskPolicy(), std::string("p1"));
        feed(progress, EventType::UserMessage, {{"text", {{"text", "do it"}}}, {"task", true}});
        feed(progress, EventType::PolicyDecided, {{"point", "input"}, {"effect", "ask"}, {"policyDigest", "p2"}});
        QVERIFY2(!progress.taskAllowed(), "also when it runs already");
    }

    void denialsAreCountedAndForgottenByTheNextAnswer()
    {
        Progress progress;
        feedCall(progress);
        feed(progress, EventType::PolicyDecided, {{"point", "tool"}, {"effect", "deny"}});
        QCOMPARE(progress.denied(), std::uint64_t{1});
        QVERIFY(progress.deniedLast());
        feed(progress, EventType::ToolResult, {{"call", "c1"}, {"text", {{"text", "no"}}}});
        feed(progress, EventType::ModelResponse, {{"text", {{"text", "done"}}}, {"calls", json::array()}});
        QVERIFY(!progress.deniedLast());
        QVERIFY(progress.answered());
        QCOMPARE(progress.answer(), std::string("done"));
    }

    void aResultWithoutItsCallIsCorrupt()
    {
        Progress progress;
        const auto applied = progress.apply(EventType::ToolResult, {{"call", "c9"}, {"text", {{"text", "x"}}}}, inlineText);
        QVERIFY(!applied && applied.error().code == ErrorCode::Corrupt);
    }

    void versionsAndPathsComeBack()
    {
        workspace::PathVersion version;
        version.kind = execution::FileKind::Regular;
        version.mode = 0755;
        version.size = 3;
        version.sha256 = std::string(64, 'a');
        version.blob = R"({"commit":"c","size":3})";
        GH_VALUE(const auto back, engine::versionFromJson(engine::versionToJson(version)));
        QVERIFY(back.sameAs(version));
        QCOMPARE(back.blob, version.blob);
        for (const std::string& path : {std::string("plain"), std::string("new\nline"), std::string("not \xff utf-8")}) {
            GH_VALUE(const std::string same, engine::pathFromJson(engine::pathToJson(path)));
            QCOMPARE(same, path);
        }
        QVERIFY(!engine::versionFromJson(json::object()));
        QVERIFY(!engine::pathFromJson(json(3)));
    }
};

GATEHOUSE_TEST_MAIN(TestProgress)
#include "tst_progress.moc"
