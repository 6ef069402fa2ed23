// moc 6.4 can't read <compare> before the library's own configuration.
// clang-format off
#include "tests/core/approval/approvalfixtures.h"
// clang-format on
#include "core/approval/approvalstate.h"
#include "core/approval/judge.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::approval;
using journal::EventType;
using journal::Record;
using nlohmann::json;

namespace {

const Request request = [] {
    Request result = test::makeRequest(sha256Hex("bytes"));
    result.obligations.expires = std::chrono::hours(4);
    result.obligations.quorum = {{"owner", 1}};
    return result;
}();

json about(const std::string& more = "", const std::string& value = "")
{
    json data = {{"id", request.id.text()}};
    if (!more.empty())
        data[more] = value;
    return data;
}

json voteOf(VoteDecision decision)
{
    return voteData(test::makeVote(request, decision), Verdict{decision, "one person", "", false});
}

// requested, delivered, vote, resolved, consumed; other records among them.
std::vector<Record> wholeStory()
{
    test::RecordMaker record;
    return {
        record(EventType::RunOpened, json::object()),
        record(EventType::ApprovalRequested, requestedData(request, "a", "p")),
        record(EventType::RunPaused, json::object()),
        record(EventType::ApprovalPresented, about("channel", "window")),
        record(EventType::ApprovalVote, voteOf(VoteDecision::Approve)),
        record(EventType::ApprovalResolved, resolvedData(request.id, Verdict{VoteDecision::Approve, "", "confirmed by one person", false})),
        record(EventType::ApprovalConsumed, about("effect", "e-1")),
        record(EventType::EffectStarted, json::object()),
    };
}

Result<ApprovalState> foldOf(const std::vector<Record>& records, std::size_t count)
{
    return ApprovalState::fold(std::span(records).first(count));
}

} // namespace

class TestApprovalState : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aJournalCutAnywhereNeverSaysMoreThanItHolds()
    {
        const auto records = wholeStory();
        static constexpr const char* expected[] = {"",          "",         "requested", "requested", "delivered",
                                                   "delivered", "resolved", "consumed",  "consumed"};
        for (std::size_t count = 0; count <= records.size(); ++count) {
            GH_VALUE(const ApprovalState state, foldOf(records, count));
            const RequestStatus* status = state.find(request.id);
            QCOMPARE(std::string(status ? stateName(status->state) : ""), std::string(expected[count]));
            if (!status)
                continue;
            // Approved only once the resolution itself is there; claimable only until the claim is.
            QCOMPARE(status->claimable({1'000'100, "boot-1", 6'000'000'000}), count == 6);
            QCOMPARE(state.open().size(), std::size_t(count < 6 ? 1 : 0));
        }
    }

    void theRequestComesBackWhole()
    {
        GH_VALUE(const ApprovalState state, foldOf(wholeStory(), 2));
        const RequestStatus* status = state.find(request.id);
        QVERIFY(status != nullptr);
        QCOMPARE(status->request.binding, request.binding);
        QCOMPARE(status->request.obligations, request.obligations);
        QCOMPARE(status->request.expiresAt(), request.expiresAt());
        QCOMPARE(status->request.tool, std::string("exec_command"));
        QCOMPARE(status->request.executionClass, std::string("delivery"));
        QCOMPARE(status->seq, std::uint64_t(1));
    }

    void recordsThatDoNotFitAreCorruption_data()
    {
        QTest::addColumn<int>("after"); // records of the story before it
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("data");
        const auto row = [](const char* name, int after, EventType type, const json& data) {
            QTest::newRow(name) << after << static_cast<int>(type) << QByteArray::fromStdString(data.dump());
        };
        const json approve = resolvedData(request.id, Verdict{VoteDecision::Approve, "", "", false});
        row("vote on nothing", 1, EventType::ApprovalVote, voteOf(VoteDecision::Approve));
        row("a second request with the id", 2, EventType::ApprovalRequested, requestedData(request, "a", "p"));
        row("approved without a vote", 4, EventType::ApprovalResolved, approve);
        row("claimed before approved", 5, EventType::ApprovalConsumed, about("effect", "e"));
        row("vote on other bytes", 4, EventType::ApprovalVote, [] {
            json data = voteOf(VoteDecision::Approve);
            data["binding"] = sha256Hex("others");
            return data;
        }());
        row("vote after the resolution", 6, EventType::ApprovalVote, voteOf(VoteDecision::Deny));
        row("resolved twice", 6, EventType::ApprovalResolved, approve);
        row("claimed twice", 7, EventType::ApprovalConsumed, about("effect", "e-2"));
        row("expired after the claim", 7, EventType::ApprovalExpired, about("cause", "time"));
        row("withdrawn after the approval", 6, EventType::ApprovalWithdrawn, about());
        row("no id", 4, EventType::ApprovalVote, json::object());
        row("a resolution of maybe", 5, EventType::ApprovalResolved, about("decision", "maybe"));
        row("no object", 4, EventType::ApprovalVote, json::array());
        row("request without binding", 1, EventType::ApprovalRequested, about());
    }

    void recordsThatDoNotFitAreCorruption()
    {
        QFETCH(int, after);
        QFETCH(int, type);
        QFETCH(QByteArray, data);
        GH_VALUE(ApprovalState state, foldOf(wholeStory(), static_cast<std::size_t>(after)));
        const auto stateNow = [&state] {
            const RequestStatus* status = state.find(request.id);
            return std::string(status != nullptr ? stateName(status->state) : "");
        };
        const std::string kept = stateNow();
        test::RecordMaker record;
        const auto applied = state.apply(record(static_cast<EventType>(type), json::parse(data.toStdString())));
        QVERIFY(!applied);
        QVERIFY(applied.error().code == ErrorCode::Corrupt);
        QVERIFY(applied.error().where.starts_with("record "));
        QCOMPARE(stateNow(), kept);
    }

    void anEndIsNeverAYes_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("state");
        QTest::newRow("expired") << static_cast<int>(EventType::ApprovalExpired) << QByteArray("expired");
        QTest::newRow("withdrawn") << static_cast<int>(EventType::ApprovalWithdrawn) << QByteArray("withdrawn");
        QTest::newRow("invalidated") << static_cast<int>(EventType::ApprovalInvalidated) << QByteArray("invalidated");
    }

    void anEndIsNeverAYes()
    {
        QFETCH(int, type);
        QFETCH(QByteArray, state);
        GH_VALUE(ApprovalState approvals, foldOf(wholeStory(), 4));
        test::RecordMaker record;
        GH_VERIFY(approvals.apply(record(static_cast<EventType>(type), about("cause", "policyDigest"))));
        const RequestStatus* status = approvals.find(request.id);
        QCOMPARE(QByteArray(stateName(status->state).data()), state);
        QCOMPARE(status->cause, std::string("policyDigest"));
        QVERIFY(!status->open());
        QVERIFY(!status->claimable({0, "boot-1", 0}));
        const Vote vote = test::makeVote(request, VoteDecision::Approve);
        QVERIFY(!judge(vote, *status, {Trust::Solo, {1'000'100, "boot-1", 6'000'000'000}, request.binding}));
    }

    void anApprovalThatWasNotUsedCanBeVoided()
    {
        GH_VALUE(ApprovalState approvals, foldOf(wholeStory(), 6));
        test::RecordMaker record;
        GH_VERIFY(approvals.apply(record(EventType::ApprovalInvalidated, about("cause", "payloadDigest"))));
        QVERIFY(!approvals.find(request.id)->claimable({1'000'100, "boot-1", 6'000'000'000}));
        QVERIFY(!approvals.apply(record(EventType::ApprovalConsumed, about("effect", "e"))));
    }

    void aDenyEndsIt()
    {
        GH_VALUE(ApprovalState approvals, foldOf(wholeStory(), 4));
        test::RecordMaker record;
        GH_VERIFY(approvals.apply(record(EventType::ApprovalVote, voteOf(VoteDecision::Deny))));
        QVERIFY(
            !approvals.apply(record(EventType::ApprovalResolved, resolvedData(request.id, Verdict{VoteDecision::Approve, "", "", false}))));
        GH_VERIFY(
            approvals.apply(record(EventType::ApprovalResolved, resolvedData(request.id, Verdict{VoteDecision::Deny, "", "", false}))));
        QVERIFY(!approvals.apply(record(EventType::ApprovalConsumed, about("effect", "e"))));
    }

    void openOnesComeFirst()
    {
        auto records = wholeStory();
        test::RecordMaker record;
        Request second = request;
        second.id = ApprovalId("ap-second");
        records.push_back(record(EventType::ApprovalRequested, requestedData(second, "a", "p")));
        GH_VALUE(const ApprovalState approvals, foldOf(records, records.size()));
        const auto all = approvals.all();
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0]->request.id.text(), std::string("ap-second"));
        QCOMPARE(all[1]->request.id.text(), request.id.text());
    }

    void idsDiffer()
    {
        const ApprovalId one = makeApprovalId(request.binding), other = makeApprovalId(request.binding);
        QVERIFY(one != other);
        QCOMPARE(one.text().size(), std::size_t(15));
        QVERIFY(one.text().starts_with("ap-"));
    }
};

GATEHOUSE_TEST_MAIN(TestApprovalState)
#include "tst_approvalstate.moc"
