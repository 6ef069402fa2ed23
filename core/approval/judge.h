// Whether a vote counts, and what it decides: the one judge for command line, window and inbox. Pure; any thread.
#pragma once

#include "core/approval/request.h"
#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::approval {

// Projects with a roster come later; until then every project is solo: one person, votes unsigned.
enum class Trust { Solo };

struct JudgeContext {
    Trust trust = Trust::Solo;
    Moment now;
    std::string binding; // of the action as it is now; differs when something bound has changed
};

struct Verdict {
    // What the request becomes by this vote; absent: it counts, and others are still needed.
    std::optional<VoteDecision> resolves;
    std::string separation; // "one person"
    std::string by;         // "confirmed by one person", "denied by one person"
    bool isSigned = false;
};

// Refusals are errors with the reason: NotFound is the caller's (no such id); InvalidInput (wrong digest, a missing reason),
// AlreadyExists (decided already, or a second vote of one person), Denied (this person or this project can't decide it).
[[nodiscard]] Result<Verdict> judge(const Vote& vote, const RequestStatus& status, const JudgeContext& context);

// Data of `approval.vote` and of `approval.resolved`; write both in one durable append. The actor is the human principal.
[[nodiscard]] nlohmann::json voteData(const Vote& vote, const Verdict& verdict);
[[nodiscard]] nlohmann::json resolvedData(const ApprovalId& id, const Verdict& verdict);

// Why votes can never approve this request here; absent: they can. Shown with the request from the start.
[[nodiscard]] std::optional<Message> cannotBeApproved(const Request& request, Trust trust);

} // namespace gatehouse::approval
