// The policies in force and the decision they come to. Any thread for const use.
//
// Total and deterministic: every snapshot gets exactly one decision, whatever the order of rules and policies.
//   1. what can't be evaluated (too large, no canonical form) is a deny: policy.error;
//   2. any matching deny in any layer denies; a value that is not known counts as a match in deny and ask, never in allow;
//   3. every layer that has an allow or ask rule for the point must allow or ask, else deny;
//   4. if any of those that match asks, the decision is ask, with the strictest obligations of all that ask;
//   5. no allow or ask rule for the point anywhere: deny. So a project without policies denies all.
#pragma once

#include "core/foundation/result.h"
#include "core/policy/decision.h"
#include "core/policy/snapshot.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace gatehouse::policy {

class PolicySet {
public:
    PolicySet();
    // The same document twice is one; two documents with one id in one layer are an error (ErrorCode::AlreadyExists).
    [[nodiscard]] Result<void> add(Policy policy);
    [[nodiscard]] bool empty() const { return m_policies.empty(); }
    // Sorted by layer and id.
    [[nodiscard]] const std::vector<Policy>& policies() const { return m_policies; }
    // SHA-256 over layer, id and digest of every policy: what is bound and journaled.
    [[nodiscard]] const std::string& digest() const { return m_digest; }
    // For `policy.loaded`: [{"layer","id","file","digest","rules"}].
    [[nodiscard]] nlohmann::json layers() const;

    [[nodiscard]] Decision evaluate(const Snapshot& snapshot) const;

private:
    std::vector<Policy> m_policies;
    std::string m_digest;
};

} // namespace gatehouse::policy
