// One snapshot, made ready for rules, and the outcome of a rule on it. One thread; lives for one decision.
#pragma once

#include "core/policy/command.h"
#include "core/policy/condition.h"
#include "core/policy/matcher.h"
#include "core/policy/policy.h"
#include "core/policy/snapshot.h"
#include "core/policy/text.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::policy {

// The value of a condition and of its parts, kept for explanations.
struct Outcome {
    Truth truth = Truth::Unknown;
    const Condition* condition = nullptr;
    std::vector<Outcome> children;
};

// The tests that made it hold (or not be known), and those that must still hold for it to be true.
[[nodiscard]] std::vector<const Outcome*> holdingTests(const Outcome& outcome);
[[nodiscard]] std::vector<const Outcome*> failingTests(const Outcome& outcome);

class Evaluation {
public:
    explicit Evaluation(const Snapshot& snapshot);
    // Bytes of all readings of the text: what a rule costs.
    [[nodiscard]] std::size_t textSize() const;
    // Deny and ask count when it is not False, allow only when it is True.
    [[nodiscard]] Outcome evaluate(const Rule& rule);

private:
    struct FieldValue {
        std::optional<nlohmann::json> value; // absent: missing or opaque
        bool present = true;                 // for `exists`, when that is known
        bool presenceKnown = true;
    };

    [[nodiscard]] Outcome outcomeOf(const Condition& condition, Reach reach);
    [[nodiscard]] Truth test(const FieldTest& test, Reach reach);
    [[nodiscard]] Truth matches(const Matcher& matcher, const std::string& field, const FieldValue& value, Reach reach);
    [[nodiscard]] FieldValue field(const std::string& name) const;
    [[nodiscard]] FieldValue commandField(std::string_view name) const;
    [[nodiscard]] FieldValue argument(std::string_view index) const;
    [[nodiscard]] Truth labelled(const std::string& field, const nlohmann::json& operand) const;
    [[nodiscard]] const Readings& readingsOf(const std::string& field, const nlohmann::json& value);
    [[nodiscard]] bool looksPastSideEffects(const Rule& rule) const;

    const Snapshot& m_snapshot;
    std::optional<Command> m_command;
    const SimpleCommand* m_simple = nullptr; // the one that command.argv means now
    std::map<std::string, Readings> m_readings;
};

} // namespace gatehouse::policy
