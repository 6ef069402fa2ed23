// What a policy set says about one snapshot, with everything needed to explain it. A value; any thread.
#pragma once

#include "core/foundation/error.h"
#include "core/policy/obligations.h"
#include "core/policy/point.h"
#include "core/policy/policy.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace gatehouse::policy {

// A rule that had its say. Of lists the rule is "lists/tools.allow".
struct Match {
    std::string policy;
    std::string rule;
    Layer layer = Layer::Project;
    Effect effect = Effect::Deny;
    std::string reason;
    std::string file;
    unsigned line = 0;
    bool unknown = false;             // it counts because something could not be known, not because it was seen
    std::vector<std::string> clauses; // pointers of the tests that made it count
    bool operator==(const Match&) const = default;
};

struct FailedClause {
    std::string pointer;
    std::string test; // "tool equals \"exec_command\""
    bool unknown = false;
    bool operator==(const FailedClause&) const = default;
};

// An allow or ask rule of the point that did not match, nearest first.
struct NearMiss {
    std::string policy;
    std::string rule;
    Layer layer = Layer::Project;
    std::string file;
    unsigned line = 0;
    std::vector<FailedClause> failing;
    bool operator==(const NearMiss&) const = default;
};

// Why the effect is what it is.
enum class Cause {
    Rule,    // "rule": the matched rules say so
    Layer,   // "policy.layer": some layer with rules for the point neither allows nor asks
    Default, // "policy.default": no rule of any layer speaks about the point
    Error,   // "policy.error": it could not be evaluated
};
[[nodiscard]] std::string_view causeName(Cause cause);

struct Decision {
    Point point = Point::Input;
    Effect effect = Effect::Deny;
    Cause cause = Cause::Default;
    Message why;                // one sentence for the person and for the model
    std::vector<Match> matched; // every deny, ask and allow that counts; those that decided first
    std::vector<NearMiss> nearMisses;
    Obligations obligations; // of ask, merged
    std::string inputDigest;
    std::string policyDigest;

    // The match that is named where there is room for one; null when none decided.
    [[nodiscard]] const Match* decisive() const;
    bool operator==(const Decision&) const = default;
};

// The data of `policy.decided`, and back.
[[nodiscard]] nlohmann::json toJson(const Decision& decision);
[[nodiscard]] Result<Decision> decisionFromJson(const nlohmann::json& data);

} // namespace gatehouse::policy
