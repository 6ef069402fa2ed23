// A request for approval, the votes on it, and where it stands. Values; any thread.
//
//   requested → delivered → resolved (approved | denied) → consumed
//   requested, delivered → expired | withdrawn | invalidated;   resolved (approved), never claimed → expired | invalidated
// No state turns into approved but by votes. Consumed means claimed: it is single use, whatever became of the effect.
#pragma once

#include "core/base/ids.h"
#include "core/foundation/result.h"
#include "core/policy/obligations.h"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {
class Clock;
}

namespace gatehouse::approval {

enum class RequestState { Requested, Delivered, Resolved, Consumed, Expired, Withdrawn, Invalidated };
// The names of `approvals list --json`: "requested", …
[[nodiscard]] std::string_view stateName(RequestState state);

enum class VoteDecision { Approve, Deny };
[[nodiscard]] std::string_view voteDecisionName(VoteDecision decision);
[[nodiscard]] std::optional<VoteDecision> voteDecisionFromName(std::string_view name);

// A moment on both clocks: the boot clock can't be set back.
struct Moment {
    std::int64_t wallMilliseconds = 0; // since 1970 UTC
    std::string boot;                  // kernel's boot id
    std::int64_t bootNanoseconds = 0;  // since that boot
    bool operator==(const Moment&) const = default;
};

[[nodiscard]] Moment momentOf(const Clock& clock);

// "2026-01-31T23:59:59.123Z" as milliseconds since 1970; absent for any other form.
[[nodiscard]] std::optional<std::int64_t> parseWall(std::string_view text);
[[nodiscard]] std::string formatWall(std::int64_t milliseconds);

struct Request {
    ApprovalId id;
    RunId run;
    std::string executionClass;
    std::string tool;
    std::string requester; // the person who started the run
    std::string binding;   // digest of the action
    std::string rule;      // that asked, such as "P-3"
    policy::Obligations obligations;
    Moment requestedAt; // of the record

    // When it expires on the wall clock; absent: never (it stays pending).
    [[nodiscard]] std::optional<std::int64_t> expiresAt() const;
    // Past its time on either clock. A wall clock behind the request's own moment never revives it.
    [[nodiscard]] bool expired(const Moment& now) const;
    bool operator==(const Request&) const = default;
};

// A vote as it arrives, from the command line, the window or an inbox file; hostile until judged.
struct Vote {
    ApprovalId id;
    std::string principal;
    VoteDecision decision = VoteDecision::Deny;
    std::string reason;
    std::string channel; // "command-line", "window", "inbox"
    std::string binding; // the digest that the voter was shown
    bool operator==(const Vote&) const = default;
};

[[nodiscard]] nlohmann::json toJson(const Vote& vote);
// Every field but reason is required; sizes are bounded (ErrorCode::InvalidInput).
[[nodiscard]] Result<Vote> voteFromJson(const nlohmann::json& value);

struct RequestStatus {
    Request request;
    RequestState state = RequestState::Requested;
    std::optional<VoteDecision> decision; // when resolved
    std::optional<Moment> resolvedAt;
    std::vector<Vote> votes; // those that counted
    std::string effect;      // that consumed it
    std::string cause;       // of expired, withdrawn, invalidated
    std::uint64_t seq = 0;   // of the record that requested it

    // Waiting for somebody to decide.
    [[nodiscard]] bool open() const { return state == RequestState::Requested || state == RequestState::Delivered; }
    // Approved and neither consumed nor expired: the one state in which an effect may be claimed.
    [[nodiscard]] bool claimable(const Moment& now) const;
};

// "ap-" and 12 hex digits of binding and nonce.
[[nodiscard]] ApprovalId makeApprovalId(const std::string& binding);

// Data of `approval.requested`; action and presentation are the journal's payload references.
[[nodiscard]] nlohmann::json requestedData(const Request& request, nlohmann::json action, nlohmann::json presentation);

} // namespace gatehouse::approval
