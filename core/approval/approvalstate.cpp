#include "core/approval/approvalstate.h"

#include "core/journal/record.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace gatehouse::approval {

namespace {

using journal::EventType;
using nlohmann::json;

std::string text(const json& data, const char* name)
{
    const auto found = data.find(name);
    return found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::unexpected<Error> corrupt(const journal::Record& record, Message why)
{
    return fail(ErrorCode::Corrupt, "record " + std::to_string(record.seq), std::move(why));
}

Moment momentOf(const journal::Record& record)
{
    return {parseWall(record.wall).value_or(0), record.boot, std::strtoll(record.monoNs.c_str(), nullptr, 10)};
}

// The requester's own moment on the wall clock, so that the expiry shown and the expiry judged are one.
Moment requestedAt(const journal::Record& record)
{
    Moment moment = momentOf(record);
    if (const auto wall = parseWall(text(record.data, "requestedAt")))
        moment.wallMilliseconds = *wall;
    return moment;
}

Result<void> deliver(RequestStatus& status)
{
    if (status.state == RequestState::Requested)
        status.state = RequestState::Delivered;
    return {};
}

// The last vote of a person counts: after a crash between vote and resolution it is given again.
Result<void> vote(RequestStatus& status, const journal::Record& record)
{
    auto vote = voteFromJson(record.data);
    if (!vote)
        return corrupt(record, vote.error().why);
    if (!status.open())
        return corrupt(record, "A vote on a request that is not open");
    if (vote->binding != status.request.binding)
        return corrupt(record, "A vote on other bytes than those of the request");
    std::erase_if(status.votes, [&vote](const Vote& other) { return other.principal == vote->principal; });
    status.votes.push_back(*std::move(vote));
    return {};
}

Result<void> resolve(RequestStatus& status, const journal::Record& record)
{
    const auto decision = voteDecisionFromName(text(record.data, "decision"));
    if (!decision || !status.open())
        return corrupt(record, "A resolution that does not fit the request's state");
    const auto has = [&status](VoteDecision wanted) {
        return std::ranges::find(status.votes, wanted, &Vote::decision) != status.votes.end();
    };
    if (*decision == VoteDecision::Approve && (!has(VoteDecision::Approve) || has(VoteDecision::Deny)))
        return corrupt(record, "An approval without the votes for it");
    status.state = RequestState::Resolved;
    status.decision = decision;
    status.resolvedAt = momentOf(record);
    return {};
}

Result<void> consume(RequestStatus& status, const journal::Record& record)
{
    if (status.state != RequestState::Resolved || status.decision != VoteDecision::Approve)
        return corrupt(record, "An effect was claimed without an approval that is free");
    status.state = RequestState::Consumed;
    status.effect = text(record.data, "effect");
    return {};
}

Result<void> end(RequestStatus& status, const journal::Record& record, RequestState state)
{
    const bool approved = status.state == RequestState::Resolved && status.decision == VoteDecision::Approve;
    if (!status.open() && !(approved && state != RequestState::Withdrawn))
        return corrupt(record, "The end of a request that is not open");
    status.state = state;
    status.cause = text(record.data, "cause");
    return {};
}

Result<void> advance(RequestStatus& status, const journal::Record& record)
{
    switch (record.type) {
    case EventType::ApprovalDelivered:
    case EventType::ApprovalPresented:
        return deliver(status);
    case EventType::ApprovalVote:
        return vote(status, record);
    case EventType::ApprovalResolved:
        return resolve(status, record);
    case EventType::ApprovalConsumed:
        return consume(status, record);
    case EventType::ApprovalExpired:
        return end(status, record, RequestState::Expired);
    case EventType::ApprovalWithdrawn:
        return end(status, record, RequestState::Withdrawn);
    case EventType::ApprovalInvalidated:
        return end(status, record, RequestState::Invalidated);
    default:
        return {};
    }
}

bool isApproval(EventType type)
{
    switch (type) {
    case EventType::ApprovalRequested:
    case EventType::ApprovalDelivered:
    case EventType::ApprovalPresented:
    case EventType::ApprovalVote:
    case EventType::ApprovalResolved:
    case EventType::ApprovalConsumed:
    case EventType::ApprovalExpired:
    case EventType::ApprovalWithdrawn:
    case EventType::ApprovalInvalidated:
        return true;
    default:
        return false;
    }
}

Result<RequestStatus> requested(const journal::Record& record)
{
    RequestStatus status;
    Request& request = status.request;
    request.id = ApprovalId(text(record.data, "id"));
    request.binding = text(record.data, "binding");
    if (request.id.empty() || request.binding.empty())
        return corrupt(record, "A request without id or binding");
    request.run = record.run;
    request.executionClass = record.cls;
    request.tool = text(record.data, "tool");
    request.requester = text(record.data, "requester");
    request.rule = text(record.data, "rule");
    request.requestedAt = requestedAt(record);
    auto obligations = policy::obligationsFromJson(record.data.value("obligations", json()));
    if (!obligations)
        return corrupt(record, Message("A request whose obligations can't be read: %1", {obligations.error().toString()}));
    request.obligations = *std::move(obligations);
    status.seq = record.seq;
    return status;
}

} // namespace

Result<ApprovalState> ApprovalState::fold(std::span<const journal::Record> records)
{
    ApprovalState state;
    for (const journal::Record& record : records)
        GH_TRY(state.apply(record));
    return state;
}

Result<void> ApprovalState::apply(const journal::Record& record)
{
    if (!isApproval(record.type))
        return {};
    if (!record.data.is_object())
        return corrupt(record, "Its data is no object");
    const ApprovalId id(text(record.data, "id"));
    const auto found = m_index.find(id);
    if (record.type == EventType::ApprovalRequested) {
        if (found != m_index.end())
            return corrupt(record, "Two requests have one id");
        GH_ASSIGN(RequestStatus status, requested(record));
        m_index[id] = m_requests.size();
        m_requests.push_back(std::move(status));
        return {};
    }
    if (found == m_index.end())
        return corrupt(record, "It is about a request that was never made");
    return advance(m_requests[found->second], record);
}

const RequestStatus* ApprovalState::find(const ApprovalId& id) const
{
    const auto found = m_index.find(id);
    return found == m_index.end() ? nullptr : &m_requests[found->second];
}

std::vector<const RequestStatus*> ApprovalState::open() const
{
    std::vector<const RequestStatus*> result;
    for (const RequestStatus& status : m_requests)
        if (status.open())
            result.push_back(&status);
    return result;
}

std::vector<const RequestStatus*> ApprovalState::all() const
{
    std::vector<const RequestStatus*> result = open();
    for (const RequestStatus& status : m_requests)
        if (!status.open())
            result.push_back(&status);
    return result;
}

} // namespace gatehouse::approval
