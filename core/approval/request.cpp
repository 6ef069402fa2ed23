#include "core/approval/request.h"

#include "core/base/clock.h"
#include "core/base/utf8.h"
#include "core/foundation/sha256.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace gatehouse::approval {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 7> stateNames = {"requested", "delivered", "resolved",   "consumed",
                                                        "expired",   "withdrawn", "invalidated"};
constexpr std::size_t maximumReason = 4096;
constexpr std::size_t maximumName = 256;

// Past start by the duration, on the wall clock or, within one boot, on the boot clock.
bool elapsed(const Moment& start, milliseconds duration, const Moment& now)
{
    if (now.wallMilliseconds >= start.wallMilliseconds + duration.count())
        return true;
    return now.boot == start.boot && (now.bootNanoseconds - start.bootNanoseconds) / 1000000 >= duration.count();
}

// A whole field of digits at a fixed place; -1 for anything else.
int digits(std::string_view text, std::size_t at, std::size_t count)
{
    int result = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9')
            return -1;
        result = result * 10 + (c - '0');
    }
    return result;
}

bool readText(const json& value, const char* name, std::size_t maximum, std::string& out)
{
    const auto found = value.find(name);
    if (found == value.end() || !found->is_string() || found->get_ref<const std::string&>().size() > maximum)
        return false;
    out = found->get<std::string>();
    return isValidUtf8(out);
}

} // namespace

std::string_view stateName(RequestState state)
{
    return stateNames[static_cast<std::size_t>(state)];
}

std::string_view voteDecisionName(VoteDecision decision)
{
    return decision == VoteDecision::Approve ? "approve" : "deny";
}

std::optional<VoteDecision> voteDecisionFromName(std::string_view name)
{
    if (name == "approve")
        return VoteDecision::Approve;
    return name == "deny" ? std::optional(VoteDecision::Deny) : std::nullopt;
}

std::optional<std::int64_t> parseWall(std::string_view text)
{
    if (text.size() != 24 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' ||
        text[23] != 'Z')
        return std::nullopt;
    const std::array<int, 7> f = {digits(text, 0, 4),  digits(text, 5, 2),  digits(text, 8, 2), digits(text, 11, 2),
                                  digits(text, 14, 2), digits(text, 17, 2), digits(text, 20, 3)};
    const std::chrono::year_month_day date{std::chrono::year(f[0]), std::chrono::month(static_cast<unsigned>(f[1])),
                                           std::chrono::day(static_cast<unsigned>(f[2]))};
    if (std::ranges::any_of(f, [](int v) { return v < 0; }) || !date.ok() || f[3] > 23 || f[4] > 59 || f[5] > 59)
        return std::nullopt;
    const auto day = std::chrono::sys_days(date).time_since_epoch();
    const auto time = std::chrono::hours(f[3]) + std::chrono::minutes(f[4]) + std::chrono::seconds(f[5]) + milliseconds(f[6]);
    return std::chrono::duration_cast<milliseconds>(day + time).count();
}

std::string formatWall(std::int64_t value)
{
    return formatUtc(std::chrono::sys_time<milliseconds>(milliseconds(value)));
}

Moment momentOf(const Clock& clock)
{
    return {clock.now().time_since_epoch().count(), clock.bootId(), clock.boottimeNanoseconds()};
}

std::optional<std::int64_t> Request::expiresAt() const
{
    if (!obligations.expires)
        return std::nullopt;
    return requestedAt.wallMilliseconds + obligations.expires->count();
}

bool Request::expired(const Moment& now) const
{
    return obligations.expires && elapsed(requestedAt, *obligations.expires, now);
}

json toJson(const Vote& vote)
{
    return {{"id", vote.id.text()},  {"principal", vote.principal}, {"decision", voteDecisionName(vote.decision)},
            {"reason", vote.reason}, {"channel", vote.channel},     {"binding", vote.binding}};
}

Result<Vote> voteFromJson(const json& value)
{
    Vote vote;
    std::string id, decision;
    const bool good = value.is_object() && readText(value, "id", 64, id) && readText(value, "principal", maximumName, vote.principal) &&
        readText(value, "decision", 16, decision) && readText(value, "channel", 64, vote.channel) &&
        readText(value, "binding", 64, vote.binding) &&
        (!value.contains("reason") || readText(value, "reason", maximumReason, vote.reason));
    const auto known = voteDecisionFromName(decision);
    if (!good || !known)
        return fail(ErrorCode::InvalidInput, "vote", "It is not a vote: id, principal, decision, channel and binding are needed");
    vote.id = ApprovalId(id);
    vote.decision = *known;
    return vote;
}

bool RequestStatus::claimable(const Moment& now) const
{
    if (state != RequestState::Resolved || decision != VoteDecision::Approve || !resolvedAt)
        return false;
    return !request.obligations.executeWithin || !elapsed(*resolvedAt, *request.obligations.executeWithin, now);
}

ApprovalId makeApprovalId(const std::string& binding)
{
    return ApprovalId("ap-" + sha256Hex(binding + randomHex(16)).substr(0, 12));
}

json requestedData(const Request& request, json action, json presentation)
{
    const auto expires = request.expiresAt();
    const json obligations = policy::toJson(request.obligations);
    return {{"id", request.id.text()},
            {"binding", request.binding},
            {"action", std::move(action)},
            {"presentation", std::move(presentation)},
            {"quorum", obligations.contains("quorum") ? obligations["quorum"] : json::array()},
            {"expires", expires ? json(formatWall(*expires)) : json(nullptr)},
            {"obligations", obligations},
            {"requestedAt", formatWall(request.requestedAt.wallMilliseconds)},
            {"requester", request.requester},
            {"rule", request.rule},
            {"tool", request.tool}};
}

} // namespace gatehouse::approval
