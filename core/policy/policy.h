// A policy document as read, and the reader. A value; const use from any thread.
//
// Source of the format: FORMATS, `*.policy.json` (gatehouse:policy/1). The reader checks all of it by itself, with places:
// a rule that is not wholly understood is an error, never a weaker rule. Its digest is the SHA-256 of the canonical JSON
// of the whole document: that is the policy's version.
#pragma once

#include "core/base/problem.h"
#include "core/policy/condition.h"
#include "core/policy/obligations.h"
#include "core/policy/point.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {
class JsonDocument;
}

namespace gatehouse::policy {

// Outermost first. A lower layer can only narrow.
enum class Layer { Org, Project, Template, Run };
[[nodiscard]] std::string_view layerName(Layer layer);
[[nodiscard]] std::optional<Layer> layerFromName(std::string_view name);

enum class Effect { Allow, Ask, Deny };
[[nodiscard]] std::string_view effectName(Effect effect);
[[nodiscard]] std::optional<Effect> effectFromName(std::string_view name);

struct Rule {
    std::string id;
    Effect effect = Effect::Deny;
    std::vector<Point> points;
    Condition when;
    Obligations obligations; // of ask
    std::string reason;
    std::string help;
    std::string pointer; // "/rules/3"
    unsigned line = 0;   // of the rule's opening brace

    [[nodiscard]] bool appliesAt(Point point) const;
};

struct Policy {
    std::string id;
    Layer layer = Layer::Project;
    std::string file;   // as the reader was given it
    std::string digest; // SHA-256 of the canonical document, hex
    std::vector<Rule> rules;
    // "tools.allow" is enforced at tool, "models.allow" at model.request: what is not listed is denied.
    std::map<std::string, std::vector<std::string>> lists;
    std::map<std::string, unsigned> listLines;
};

inline constexpr std::size_t maximumPolicyBytes = 4u << 20;
inline constexpr std::size_t maximumRules = 10000;
inline constexpr unsigned maximumConditionDepth = 32;

// policy is absent exactly when problems holds an error.
struct PolicyLoad {
    std::optional<Policy> policy;
    std::vector<Problem> problems;
};

[[nodiscard]] PolicyLoad loadPolicy(const std::string& path);
[[nodiscard]] PolicyLoad readPolicy(std::string text, const std::string& name);
[[nodiscard]] PolicyLoad readPolicy(const JsonDocument& document);

} // namespace gatehouse::policy
