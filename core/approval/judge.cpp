#include "core/approval/judge.h"

#include "core/approval/span.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace gatehouse::approval {

namespace {

// A clock that stands this far before the request is wrong, and nothing can be said about expiry.
constexpr std::int64_t clockTolerance = 5000;

unsigned peopleNeeded(const Request& request)
{
    const auto& quorum = request.obligations.quorum;
    const unsigned sum =
        std::accumulate(quorum.begin(), quorum.end(), 0u, [](unsigned total, const policy::RoleCount& role) { return total + role.n; });
    return std::max(sum, 1u);
}

Result<void> refuse(ErrorCode code, const Request& request, Message why, Message advice = {})
{
    return fail(code, request.id.text(), std::move(why), std::move(advice));
}

Result<void> checkState(const RequestStatus& status)
{
    const Request& request = status.request;
    switch (status.state) {
    case RequestState::Requested:
    case RequestState::Delivered:
        return {};
    case RequestState::Resolved:
    case RequestState::Consumed:
        return refuse(ErrorCode::AlreadyExists, request,
                      status.decision == VoteDecision::Approve ? Message("It has been approved already")
                                                               : Message("It has been denied already"));
    case RequestState::Expired:
        return refuse(ErrorCode::Denied, request, "It has expired", "Resume the run: it will ask again");
    case RequestState::Withdrawn:
        return refuse(ErrorCode::Denied, request, "It has been withdrawn");
    case RequestState::Invalidated:
        return refuse(ErrorCode::Denied, request, Message("What it was about has changed: %1", {plain(status.cause)}),
                      "Resume the run: it will ask again");
    }
    return refuse(ErrorCode::Internal, request, "It is in no state that is known");
}

Result<void> checkTime(const Request& request, const Moment& now)
{
    if (request.expired(now))
        return refuse(ErrorCode::Denied, request, "It has expired", "Resume the run: it will ask again");
    if (now.wallMilliseconds < request.requestedAt.wallMilliseconds - clockTolerance)
        return refuse(ErrorCode::Denied, request, "The clock stands before the time of the request", "Set the clock right");
    return {};
}

Result<void> checkBinding(const Vote& vote, const Request& request, const JudgeContext& context)
{
    if (vote.binding != request.binding)
        return refuse(ErrorCode::InvalidInput, request, "The vote is about other bytes than the request: the digests differ",
                      "Look at the request again");
    if (!context.binding.empty() && context.binding != request.binding)
        return refuse(ErrorCode::Denied, request, "What would run has changed since it was asked for", "Resume the run: it will ask again");
    return {};
}

Result<void> checkVoter(const Vote& vote, const Request& request)
{
    if (vote.principal.empty() || vote.principal.size() > 256)
        return refuse(ErrorCode::InvalidInput, request, "A vote needs the name of the person who votes");
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    if (request.obligations.reasonRequired && std::ranges::all_of(vote.reason, blank))
        return refuse(ErrorCode::InvalidInput, request, "The policy demands a reason", "Give one");
    return {};
}

// Whether the votes so far decide: so it is after a crash between a vote and its resolution.
bool votesDecide(const RequestStatus& status)
{
    const auto approves = std::ranges::count(status.votes, VoteDecision::Approve, &Vote::decision);
    const auto denies = std::ranges::count(status.votes, VoteDecision::Deny, &Vote::decision);
    return denies > 0 || approves >= static_cast<std::ptrdiff_t>(peopleNeeded(status.request));
}

} // namespace

Result<Verdict> judge(const Vote& vote, const RequestStatus& status, const JudgeContext& context)
{
    const Request& request = status.request;
    if (vote.id != request.id)
        return fail(ErrorCode::NotFound, plain(vote.id.text()), "There is no such request");
    GH_TRY(checkState(status));
    GH_TRY(checkVoter(vote, request));
    GH_TRY(checkTime(request, context.now));
    GH_TRY(checkBinding(vote, request, context));
    const bool again = std::ranges::find(status.votes, vote.principal, &Vote::principal) != status.votes.end();
    if (again && !votesDecide(status))
        return fail(ErrorCode::AlreadyExists, request.id.text(), Message("%1 has voted already", {plain(vote.principal)}));
    Verdict verdict;
    verdict.separation = "one person";
    if (vote.decision == VoteDecision::Deny) {
        verdict.resolves = VoteDecision::Deny;
        verdict.by = "denied by one person";
        return verdict;
    }
    if (const auto why = cannotBeApproved(request, context.trust))
        return fail(ErrorCode::Denied, request.id.text(), *why, "It can be denied; or change the policy");
    verdict.resolves = VoteDecision::Approve;
    verdict.by = "confirmed by one person";
    return verdict;
}

std::optional<Message> cannotBeApproved(const Request& request, Trust)
{
    const unsigned people = peopleNeeded(request);
    if (people > 1)
        return Message("The policy demands %1 different people, and a project without a roster has one", {std::to_string(people)});
    if (request.executionClass == "privileged")
        return Message("A privileged action demands two people, and a project without a roster has one");
    if (!request.obligations.windows.empty())
        return Message("The policy demands the window %1, and this version opens none", {plain(*request.obligations.windows.begin())});
    return std::nullopt;
}

nlohmann::json voteData(const Vote& vote, const Verdict& verdict)
{
    nlohmann::json data = toJson(vote);
    data["separation"] = verdict.separation;
    data["signed"] = verdict.isSigned;
    return data;
}

nlohmann::json resolvedData(const ApprovalId& id, const Verdict& verdict)
{
    return {{"id", id.text()}, {"decision", voteDecisionName(verdict.resolves.value_or(VoteDecision::Deny))}, {"by", verdict.by}};
}

} // namespace gatehouse::approval
