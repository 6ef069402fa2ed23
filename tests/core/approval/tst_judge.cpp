// moc 6.4 can't read <compare> before the library's own configuration.
// clang-format off
#include "tests/core/approval/approvalfixtures.h"
// clang-format on
#include "core/approval/judge.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <functional>

using namespace gatehouse;
using namespace gatehouse::approval;

namespace {

struct Case {
    RequestStatus status;
    Vote vote;
    JudgeContext context;
};

Case ordinary()
{
    Case result;
    result.status.request = test::makeRequest(sha256Hex("bytes"));
    result.status.request.obligations.quorum = {{"owner", 1}};
    result.status.request.obligations.expires = std::chrono::hours(4);
    result.vote = test::makeVote(result.status.request, VoteDecision::Approve);
    result.context.now = {1'060'000, "boot-1", 65'000'000'000};
    result.context.binding = result.status.request.binding;
    return result;
}

} // namespace

using Change = std::function<void(Case&)>;
Q_DECLARE_METATYPE(Change)

class TestJudge : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void onePersonConfirmsInASoloProject()
    {
        Case c = ordinary(); // the requester herself: solo
        GH_VALUE(const Verdict yes, judge(c.vote, c.status, c.context));
        QVERIFY(yes.resolves == VoteDecision::Approve);
        QCOMPARE(yes.by, std::string("confirmed by one person"));
        QVERIFY(!yes.isSigned);
        QCOMPARE(voteData(c.vote, yes)["signed"].get<bool>(), false);
        QCOMPARE(voteData(c.vote, yes)["separation"].get<std::string>(), std::string("one person"));
        c.vote.decision = VoteDecision::Deny;
        GH_VALUE(const Verdict no, judge(c.vote, c.status, c.context));
        QVERIFY(no.resolves == VoteDecision::Deny);
        QCOMPARE(resolvedData(c.vote.id, no)["decision"].get<std::string>(), std::string("deny"));
    }

    void refusals_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("why");
        const auto row = [](const char* name, ErrorCode code, const char* why, Change change) {
            QTest::newRow(name) << std::move(change) << static_cast<int>(code) << QByteArray(why);
        };
        row("another id", ErrorCode::NotFound, "no such request", [](Case& c) { c.vote.id = ApprovalId("ap-x"); });
        row("another digest", ErrorCode::InvalidInput, "other bytes", [](Case& c) { c.vote.binding = sha256Hex("others"); });
        row("no digest", ErrorCode::InvalidInput, "other bytes", [](Case& c) { c.vote.binding.clear(); });
        row("changed since", ErrorCode::Denied, "has changed since", [](Case& c) { c.context.binding = sha256Hex("others"); });
        row("nobody", ErrorCode::InvalidInput, "name of the person", [](Case& c) { c.vote.principal.clear(); });
        row("approved already", ErrorCode::AlreadyExists, "approved already", [](Case& c) {
            c.status.state = RequestState::Resolved;
            c.status.decision = VoteDecision::Approve;
        });
        row("denied already", ErrorCode::AlreadyExists, "denied already", [](Case& c) {
            c.status.state = RequestState::Resolved;
            c.status.decision = VoteDecision::Deny;
        });
        row("consumed", ErrorCode::AlreadyExists, "approved already", [](Case& c) {
            c.status.state = RequestState::Consumed;
            c.status.decision = VoteDecision::Approve;
        });
        row("expired by record", ErrorCode::Denied, "expired", [](Case& c) { c.status.state = RequestState::Expired; });
        row("withdrawn", ErrorCode::Denied, "withdrawn", [](Case& c) { c.status.state = RequestState::Withdrawn; });
        row("invalidated", ErrorCode::Denied, "policyDigest", [](Case& c) {
            c.status.state = RequestState::Invalidated;
            c.status.cause = "policyDigest";
        });
        row("past its time", ErrorCode::Denied, "expired", [](Case& c) { c.context.now.wallMilliseconds += 4 * 3600 * 1000; });
        row("clock set back", ErrorCode::Denied, "expired", [](Case& c) { // the boot clock went on
            c.context.now = {1'000'000, "boot-1", 5'000'000'000 + std::int64_t(4) * 3600 * 1'000'000'000};
        });
        row("clock before the request", ErrorCode::Denied, "clock", [](Case& c) { c.context.now = {1, "boot-2", 1}; });
        row("two people", ErrorCode::Denied, "2 different people", [](Case& c) { c.status.request.obligations.quorum = {{"owner", 2}}; });
        row("two roles", ErrorCode::Denied, "2 different people",
            [](Case& c) { c.status.request.obligations.quorum = {{"owner", 1}, {"sre", 1}}; });
        row("privileged", ErrorCode::Denied, "two people", [](Case& c) { c.status.request.executionClass = "privileged"; });
        row("a window", ErrorCode::Denied, "night", [](Case& c) { c.status.request.obligations.windows = {"night"}; });
        row("no reason", ErrorCode::InvalidInput, "reason", [](Case& c) { c.status.request.obligations.reasonRequired = true; });
        row("blank reason", ErrorCode::InvalidInput, "reason", [](Case& c) {
            c.status.request.obligations.reasonRequired = true;
            c.vote.reason = " \n\t";
        });
        row("a second vote while others are needed", ErrorCode::AlreadyExists, "voted already", [](Case& c) {
            c.status.request.obligations.quorum = {{"owner", 2}};
            c.status.votes = {c.vote};
        });
    }

    void refusals()
    {
        QFETCH(Change, change);
        QFETCH(int, code);
        QFETCH(QByteArray, why);
        Case c = ordinary();
        change(c);
        const auto verdict = judge(c.vote, c.status, c.context);
        QVERIFY(!verdict);
        QCOMPARE(static_cast<int>(verdict.error().code), code);
        QVERIFY2(verdict.error().toString().find(why.toStdString()) != std::string::npos, verdict.error().toString().c_str());
    }

    void denyingIsAlwaysPossible()
    {
        for (const char* what : {"people", "privileged", "window"}) {
            Case c = ordinary();
            c.vote.decision = VoteDecision::Deny;
            if (*what == 'p' && what[1] == 'e')
                c.status.request.obligations.quorum = {{"owner", 3}};
            else if (*what == 'p')
                c.status.request.executionClass = "privileged";
            else
                c.status.request.obligations.windows = {"night"};
            GH_VALUE(const Verdict verdict, judge(c.vote, c.status, c.context));
            QVERIFY(verdict.resolves == VoteDecision::Deny);
        }
    }

    void aVoteWithoutItsResolutionCanBeGivenAgain()
    {
        Case c = ordinary(); // a crash between the two records
        c.status.votes = {c.vote};
        GH_VALUE(const Verdict again, judge(c.vote, c.status, c.context));
        QVERIFY(again.resolves == VoteDecision::Approve);
    }

    void withoutAnExpiryARequestWaits()
    {
        Case c = ordinary();
        c.status.request.obligations.expires.reset();
        c.context.now.wallMilliseconds += std::int64_t(400) * 24 * 3600 * 1000;
        GH_VERIFY(judge(c.vote, c.status, c.context));
    }

    void votesFromFilesAreChecked()
    {
        const Case c = ordinary();
        GH_VALUE(const Vote back, voteFromJson(toJson(c.vote)));
        QCOMPARE(back, c.vote);
        const nlohmann::json good = toJson(c.vote);
        for (const char* key : {"id", "principal", "decision", "channel", "binding"}) {
            nlohmann::json bad = good;
            bad.erase(key);
            QVERIFY2(!voteFromJson(bad), key);
            bad[key] = 5;
            QVERIFY2(!voteFromJson(bad), key);
            bad[key] = std::string(10000, 'x');
            QVERIFY2(!voteFromJson(bad), key);
        }
        nlohmann::json maybe = good;
        maybe["decision"] = "maybe";
        QVERIFY(!voteFromJson(maybe));
        QVERIFY(!voteFromJson(nlohmann::json::array()));
    }

    void claimsEndWithTheirTime()
    {
        RequestStatus status = ordinary().status;
        const Moment soon{1'010'000, "boot-1", 15'000'000'000};
        QVERIFY(!status.claimable(soon));
        status.state = RequestState::Resolved;
        status.decision = VoteDecision::Approve;
        status.resolvedAt = Moment{1'005'000, "boot-1", 10'000'000'000};
        QVERIFY(status.claimable(soon));
        status.request.obligations.executeWithin = std::chrono::seconds(5);
        QVERIFY(!status.claimable(soon));
        status.request.obligations.executeWithin.reset();
        status.decision = VoteDecision::Deny;
        QVERIFY(!status.claimable(soon));
        status.decision = VoteDecision::Approve;
        status.state = RequestState::Consumed;
        QVERIFY(!status.claimable(soon));
    }

    void wallTimes()
    {
        QCOMPARE(parseWall("1970-01-01T00:00:01.500Z"), std::optional<std::int64_t>(1500));
        QCOMPARE(parseWall(formatWall(1'790'000'000'123)), std::optional<std::int64_t>(1'790'000'000'123));
        for (const char* bad : {"", "1970-01-01T00:00:01Z", "1970-13-01T00:00:01.500Z", "1970-02-30T00:00:01.500Z",
                                "1970-01-01T24:00:01.500Z", "1970-01-01T00:00:01.500+"})
            QVERIFY2(!parseWall(bad), bad);
    }
};

GATEHOUSE_TEST_MAIN(TestJudge)
#include "tst_judge.moc"
