#include "core/policy/policyset.h"

#include "core/base/canonicaljson.h"
#include "core/foundation/sha256.h"
#include "core/policy/evaluation.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace gatehouse::policy {

namespace {

using nlohmann::json;

constexpr std::size_t maximumNearMisses = 5;

std::string digestOf(const std::vector<Policy>& policies)
{
    json form = json::array();
    for (const Policy& policy : policies)
        form.push_back({{"layer", layerName(policy.layer)}, {"id", policy.id}, {"digest", policy.digest}});
    // Layer, id and digest are text that the reader has checked: there is a canonical form.
    return sha256Hex(canonicalJson(form).value_or(std::string()));
}

// The list that is enforced at a point, and the field that must be on it.
struct EnforcedList {
    Point point;
    const char* list;
    const char* field;
};
constexpr EnforcedList enforcedLists[] = {{Point::Tool, "tools.allow", "tool"}, {Point::ModelRequest, "models.allow", "model"}};

class Deciding {
public:
    Deciding(const std::vector<Policy>& policies, const Snapshot& snapshot, Decision& decision)
        : m_policies(policies), m_snapshot(snapshot), m_decision(decision), m_evaluation(snapshot)
    {
    }

    void run()
    {
        if (m_evaluation.textSize() > 16 * maximumSnapshotText)
            return error("the text is too large to be judged");
        for (const Policy& policy : m_policies) {
            for (const Rule& rule : policy.rules)
                if (rule.appliesAt(m_snapshot.point))
                    weigh(policy, rule);
            for (const EnforcedList& enforced : enforcedLists)
                if (enforced.point == m_snapshot.point)
                    enforce(policy, enforced);
        }
        sort();
        conclude();
    }

    void error(std::string what)
    {
        m_decision.effect = Effect::Deny;
        m_decision.cause = Cause::Error;
        m_decision.why = Message("It can't be judged, so it is denied: %1", {std::move(what)});
    }

private:
    void weigh(const Policy& policy, const Rule& rule)
    {
        const Outcome outcome = m_evaluation.evaluate(rule);
        const bool counts = rule.effect == Effect::Allow ? outcome.truth == Truth::True : outcome.truth != Truth::False;
        if (rule.effect != Effect::Deny)
            m_speaks[static_cast<std::size_t>(policy.layer)] = true;
        if (!counts) {
            if (rule.effect != Effect::Deny)
                addNearMiss(policy, rule, outcome);
            return;
        }
        addMatch(policy, rule, outcome);
        if (rule.effect != Effect::Deny)
            m_permits[static_cast<std::size_t>(policy.layer)] = true;
        if (rule.effect == Effect::Ask)
            m_decision.obligations = strictest(m_decision.obligations, rule.obligations);
    }

    void addMatch(const Policy& policy, const Rule& rule, const Outcome& outcome)
    {
        Match match{policy.id, rule.id, policy.layer, rule.effect, rule.reason, policy.file, rule.line, outcome.truth == Truth::Unknown,
                    {}};
        for (const Outcome* test : holdingTests(outcome))
            match.clauses.push_back(test->condition->pointer);
        m_decision.matched.push_back(std::move(match));
    }

    void addNearMiss(const Policy& policy, const Rule& rule, const Outcome& outcome)
    {
        NearMiss miss{policy.id, rule.id, policy.layer, policy.file, rule.line, {}};
        for (const Outcome* test : failingTests(outcome))
            miss.failing.push_back({test->condition->pointer, describe(test->condition->test), test->truth == Truth::Unknown});
        if (miss.failing.empty()) // every test holds, but not for what the shell does around the command
            miss.failing.push_back({rule.pointer + "/when", "command.redirects and command.environment are named by the rule", true});
        m_decision.nearMisses.push_back(std::move(miss));
    }

    void enforce(const Policy& policy, const EnforcedList& enforced)
    {
        const auto list = policy.lists.find(enforced.list);
        if (list == policy.lists.end())
            return;
        const auto value = m_snapshot.fields.find(enforced.field);
        const bool known = value != m_snapshot.fields.end() && value->is_string();
        if (known && std::ranges::find(list->second, value->get_ref<const std::string&>()) != list->second.end())
            return;
        const auto line = policy.listLines.find(enforced.list);
        const std::string name = std::string("lists/") + enforced.list;
        m_decision.matched.push_back({policy.id,
                                      name,
                                      policy.layer,
                                      Effect::Deny,
                                      "Not on the list " + std::string(enforced.list),
                                      policy.file,
                                      line == policy.listLines.end() ? 0 : line->second,
                                      !known,
                                      {"/" + name}});
    }

    // The order of documents and rules must not show: strongest effect, then outermost layer, then names.
    void sort()
    {
        std::ranges::sort(m_decision.matched, [](const Match& a, const Match& b) {
            return std::tuple(b.effect, a.unknown, a.layer, std::cref(a.policy).get(), std::cref(a.rule).get()) <
                std::tuple(a.effect, b.unknown, b.layer, std::cref(b.policy).get(), std::cref(b.rule).get());
        });
        std::ranges::sort(m_decision.nearMisses, [](const NearMiss& a, const NearMiss& b) {
            return std::tuple(a.failing.size(), a.layer, std::cref(a.policy).get(), std::cref(a.rule).get()) <
                std::tuple(b.failing.size(), b.layer, std::cref(b.policy).get(), std::cref(b.rule).get());
        });
        if (m_decision.nearMisses.size() > maximumNearMisses)
            m_decision.nearMisses.resize(maximumNearMisses);
    }

    void conclude()
    {
        const bool matches = !m_decision.matched.empty();
        if (matches && m_decision.matched.front().effect == Effect::Deny)
            return byRule(Effect::Deny);
        std::optional<Layer> silent;
        for (std::size_t i = 0; i < m_speaks.size() && !silent; ++i)
            if (m_speaks[i] && !m_permits[i])
                silent = static_cast<Layer>(i);
        if (silent)
            return deny(Cause::Layer, Message("No rule of the layer %1 allows this", {std::string(layerName(*silent))}));
        if (!matches)
            return deny(Cause::Default, Message("No rule allows anything at the point %1", {std::string(pointName(m_decision.point))}));
        byRule(m_decision.matched.front().effect);
    }

    void deny(Cause cause, Message why)
    {
        m_decision.effect = Effect::Deny;
        m_decision.cause = cause;
        m_decision.why = std::move(why);
        m_decision.obligations = {};
    }

    void byRule(Effect effect)
    {
        m_decision.effect = effect;
        m_decision.cause = Cause::Rule;
        if (effect != Effect::Ask)
            m_decision.obligations = {};
        const Match& match = m_decision.matched.front();
        const char* sentence = effect == Effect::Allow ? "Rule %1 allows it" : effect == Effect::Ask ? "Rule %1 asks" : "Rule %1 denies it";
        if (match.unknown && match.reason.empty())
            m_decision.why = Message("Rule %1 can't be ruled out, because not everything it looks at is known", {match.rule});
        else if (match.unknown)
            m_decision.why =
                Message("Rule %1 can't be ruled out, because not everything it looks at is known: %2", {match.rule, match.reason});
        else if (match.reason.empty())
            m_decision.why = Message(sentence, {match.rule});
        else
            m_decision.why = Message("%2 (rule %1)", {match.rule, match.reason});
    }

    const std::vector<Policy>& m_policies;
    const Snapshot& m_snapshot;
    Decision& m_decision;
    Evaluation m_evaluation;
    std::array<bool, 4> m_speaks{};  // layers with an allow or ask rule for the point
    std::array<bool, 4> m_permits{}; // layers of which one matched
};

std::size_t sizeOf(const Snapshot& snapshot)
{
    std::size_t result = 0;
    const auto text = snapshot.fields.find("text");
    if (text != snapshot.fields.end() && text->is_string())
        result = text->get_ref<const std::string&>().size();
    return result;
}

} // namespace

PolicySet::PolicySet() : m_digest(digestOf({})) { }

Result<void> PolicySet::add(Policy policy)
{
    const auto key = [](const Policy& p) { return std::tuple(p.layer, p.id); };
    const auto place = std::ranges::lower_bound(m_policies, key(policy), {}, key);
    if (place != m_policies.end() && key(*place) == key(policy)) {
        if (place->digest == policy.digest)
            return {};
        return fail(ErrorCode::AlreadyExists, policy.file,
                    Message("Another policy of the layer has the id %1: %2", {policy.id, place->file}),
                    "Give each policy an id of its own");
    }
    m_policies.insert(place, std::move(policy));
    m_digest = digestOf(m_policies);
    return {};
}

json PolicySet::layers() const
{
    json result = json::array();
    for (const Policy& policy : m_policies)
        result.push_back({{"layer", layerName(policy.layer)},
                          {"id", policy.id},
                          {"file", policy.file},
                          {"digest", policy.digest},
                          {"rules", policy.rules.size()}});
    return result;
}

Decision PolicySet::evaluate(const Snapshot& snapshot) const
{
    Decision decision;
    decision.point = snapshot.point;
    decision.policyDigest = m_digest;
    const auto failed = [&decision](const std::string& what) {
        decision.cause = Cause::Error;
        decision.why = Message("It can't be judged, so it is denied: %1", {what});
        return decision;
    };
    if (!snapshot.fields.is_object())
        return failed("the snapshot is not an object");
    if (sizeOf(snapshot) > maximumSnapshotText)
        return failed("its text is too large");
    auto digest = inputDigest(snapshot);
    if (!digest)
        return failed(digest.error().toString());
    decision.inputDigest = *std::move(digest);
    try {
        Deciding(m_policies, snapshot, decision).run();
    } catch (const std::exception& error) {
        // Defects must deny: whatever was concluded so far does not count.
        Decision denied;
        denied.point = snapshot.point;
        denied.policyDigest = m_digest;
        decision = std::move(denied);
        return failed(error.what());
    }
    return decision;
}

} // namespace gatehouse::policy
