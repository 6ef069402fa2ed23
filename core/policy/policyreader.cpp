#include "core/base/canonicaljson.h"
#include "core/base/jsondocument.h"
#include "core/foundation/sha256.h"
#include "core/policy/conditionreader.h"
#include "core/policy/policy.h"

#include <algorithm>
#include <array>
#include <set>

namespace gatehouse::policy {

namespace {

using nlohmann::json;

constexpr std::string_view schemaName = "gatehouse:policy/1";
constexpr std::array<std::string_view, 9> topKeys = {"schema", "id",   "layer",   "description", "rules",
                                                     "lists",  "mask", "phrases", "$schema"};
constexpr std::array<std::string_view, 7> ruleKeys = {"id", "effect", "points", "when", "obligations", "reason", "help"};
constexpr std::array<std::string_view, 2> enforcedLists = {"tools.allow", "models.allow"};

template <typename Range> bool holds(const Range& range, std::string_view value)
{
    return std::ranges::find(range, value) != std::ranges::end(range);
}

bool isName(std::string_view text)
{
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

class PolicyReader {
public:
    explicit PolicyReader(const JsonDocument& document) : m_document(document), m_root(document.value()), m_problems(document) { }

    PolicyLoad run()
    {
        if (m_root.is_object())
            readAll();
        else
            m_problems.error("", "policy/document", "A policy must be an object");
        PolicyLoad result;
        result.problems = m_problems.take();
        if (!hasErrors(result.problems))
            result.policy = std::move(m_policy);
        return result;
    }

private:
    void readAll()
    {
        m_policy.file = m_document.name();
        checkSchema();
        for (const std::string& key : m_document.keys(""))
            if (!holds(topKeys, key))
                m_problems.keyWarning(childPointer("", key), "unknown-key",
                                      Message("A policy has no key %1; it is kept and has no effect", {key}));
        if (const auto id = text("", m_root, "id"); id && !isName(*id))
            m_problems.error("/id", "policy/id", "An id is made of letters, digits, dots, hyphens and underscores");
        else if (id)
            m_policy.id = *id;
        readLayer();
        readRules();
        readLists();
        for (const char* later : {"mask", "phrases"})
            if (m_root.contains(later))
                m_problems.keyWarning(std::string("/") + later, "policy/not-enforced",
                                      Message("%1 is not enforced by this version", {later}));
        makeDigest();
    }

    void checkSchema()
    {
        const auto schema = text("", m_root, "schema");
        if (schema && *schema != schemaName)
            m_problems.error("/schema", "policy/schema", Message("This is not a %1 document but %2", {std::string(schemaName), *schema}));
    }

    // A required, non-empty string member; reports and gives nothing when it is not one.
    std::optional<std::string> text(const std::string& pointer, const json& object, const char* key)
    {
        const auto found = object.find(key);
        const std::string place = childPointer(pointer, key);
        if (found == object.end()) {
            m_problems.error(pointer, "policy/required", Message("%1 is missing", {key}));
        } else if (!found->is_string() || found->get_ref<const std::string&>().empty()) {
            m_problems.error(place, "policy/type", Message("%1 must be a string that is not empty", {key}));
        } else {
            return found->get<std::string>();
        }
        return std::nullopt;
    }

    std::string optionalText(const std::string& pointer, const json& object, const char* key)
    {
        return object.contains(key) ? text(pointer, object, key).value_or(std::string()) : std::string();
    }

    void readLayer()
    {
        const auto name = text("", m_root, "layer");
        const auto layer = name ? layerFromName(*name) : std::nullopt;
        if (layer)
            m_policy.layer = *layer;
        else if (name)
            m_problems.error("/layer", "policy/layer", Message("There is no layer %1; there are: org, project, template, run", {*name}));
    }

    void readRules()
    {
        const auto rules = m_root.find("rules");
        if (rules == m_root.end() || !rules->is_array() || rules->size() > maximumRules) {
            m_problems.error(rules == m_root.end() ? "" : "/rules", "policy/required",
                             Message("rules must be an array of at most %1 rules", {std::to_string(maximumRules)}));
            return;
        }
        for (std::size_t i = 0; i < rules->size(); ++i)
            readRule(childPointer("/rules", i), (*rules)[i]);
    }

    void readRule(const std::string& pointer, const json& value)
    {
        if (!value.is_object())
            return m_problems.error(pointer, "policy/type", "A rule must be an object");
        Rule rule;
        rule.pointer = pointer;
        rule.line = m_document.position(pointer).line;
        for (const std::string& key : m_document.keys(pointer))
            if (!holds(ruleKeys, key))
                m_problems.keyError(childPointer(pointer, key), "policy/unknown-key",
                                    Message("A rule has no key %1; a rule that is not wholly understood is not applied", {key}));
        readId(pointer, value, rule);
        readEffect(pointer, value, rule);
        readPoints(pointer, value, rule);
        rule.reason = optionalText(pointer, value, "reason");
        rule.help = optionalText(pointer, value, "help");
        if (const auto when = value.find("when"); when == value.end())
            m_problems.error(pointer, "policy/required", "when is missing; {} always holds");
        else
            rule.when = ConditionReader(m_document, m_problems).read(pointer + "/when", *when, rule.points);
        readObligations(pointer, value, rule);
        m_policy.rules.push_back(std::move(rule));
    }

    void readId(const std::string& pointer, const json& value, Rule& rule)
    {
        const auto id = text(pointer, value, "id");
        if (!id)
            return;
        if (!isName(*id))
            m_problems.error(pointer + "/id", "policy/id", "An id is made of letters, digits, dots, hyphens and underscores");
        else if (!m_ids.insert(*id).second)
            m_problems.error(pointer + "/id", "policy/duplicate", Message("Another rule of this policy has the id %1", {*id}));
        rule.id = *id;
    }

    void readEffect(const std::string& pointer, const json& value, Rule& rule)
    {
        const auto name = text(pointer, value, "effect");
        const auto effect = name ? effectFromName(*name) : std::nullopt;
        if (effect)
            rule.effect = *effect;
        else if (name)
            m_problems.error(pointer + "/effect", "policy/effect", Message("There is no effect %1; there are: allow, ask, deny", {*name}));
    }

    void readPoints(const std::string& pointer, const json& value, Rule& rule)
    {
        const auto points = value.find("points");
        if (points == value.end())
            return m_problems.error(pointer, "policy/required", "points is missing");
        if (!points->is_array() || points->empty())
            return m_problems.error(pointer + "/points", "policy/type", "points must be an array of at least one name");
        for (std::size_t i = 0; i < points->size(); ++i) {
            const json& name = (*points)[i];
            const auto point = name.is_string() ? pointFromName(name.get_ref<const std::string&>()) : std::nullopt;
            if (!point)
                m_problems.error(childPointer(pointer + "/points", i), "policy/point", unknownPoint());
            else if (!rule.appliesAt(*point))
                rule.points.push_back(*point);
        }
    }

    static Message unknownPoint()
    {
        std::string known;
        for (const std::string_view name : pointNames())
            known += (known.empty() ? "" : ", ") + std::string(name);
        return Message("There is no such point; there are: %1", {known});
    }

    void readObligations(const std::string& pointer, const json& value, Rule& rule)
    {
        const auto found = value.find("obligations");
        if (found == value.end())
            return;
        const std::string place = pointer + "/obligations";
        if (rule.effect != Effect::Ask)
            return m_problems.keyError(place, "policy/obligations", "Only an ask rule has obligations");
        auto obligations = obligationsFromJson(*found);
        if (obligations)
            rule.obligations = *std::move(obligations);
        else
            m_problems.error(obligationPlace(place, obligations.error().where), "policy/obligations", obligations.error().why);
    }

    std::string obligationPlace(const std::string& place, const std::string& key) const
    {
        const std::string member = childPointer(place, key);
        return m_document.contains(member) ? member : place;
    }

    void readLists()
    {
        const auto lists = m_root.find("lists");
        if (lists == m_root.end())
            return;
        if (!lists->is_object())
            return m_problems.error("/lists", "policy/type", "lists must be an object of arrays");
        for (const std::string& name : m_document.keys("/lists")) {
            if (holds(enforcedLists, name))
                readList(name, lists->at(name));
            else
                m_problems.keyWarning(childPointer("/lists", name), "policy/not-enforced",
                                      Message("The list %1 is not enforced by this version", {name}));
        }
    }

    void readList(const std::string& name, const json& value)
    {
        const std::string pointer = childPointer("/lists", name);
        std::vector<std::string> entries;
        bool good = value.is_array();
        for (const json& entry : value) {
            good = good && entry.is_string();
            if (entry.is_string())
                entries.push_back(entry.get<std::string>());
        }
        if (!good)
            return m_problems.error(pointer, "policy/type", Message("The list %1 must be an array of names", {name}));
        m_policy.lists[name] = std::move(entries);
        m_policy.listLines[name] = m_document.keyPosition(pointer).line;
    }

    void makeDigest()
    {
        auto canonical = canonicalJson(m_root);
        if (canonical)
            m_policy.digest = sha256Hex(*canonical);
        else
            m_problems.error("", "policy/canonical", Message("It has no canonical form: %1", {canonical.error().toString()}));
    }

    const JsonDocument& m_document;
    const json& m_root;
    ProblemList m_problems;
    Policy m_policy;
    std::set<std::string> m_ids;
};

// A document that could not even be read as JSON: its error is the one problem. The place stands in where already.
PolicyLoad unreadable(const Error& error, const std::string& name)
{
    PolicyLoad result;
    Problem problem{Severity::Error, name, {}, {}, error.why, "json"};
    std::string_view where = error.where;
    if (where.starts_with(name + ':')) {
        where.remove_prefix(name.size() + 1);
        problem.position.line = static_cast<unsigned>(std::strtoul(where.data(), nullptr, 10));
        const std::size_t colon = where.find(':');
        problem.position.column =
            colon == std::string_view::npos ? 0 : static_cast<unsigned>(std::strtoul(where.data() + colon + 1, nullptr, 10));
    }
    result.problems.push_back(std::move(problem));
    return result;
}

} // namespace

PolicyLoad loadPolicy(const std::string& path)
{
    const auto document = JsonDocument::read(path, maximumPolicyBytes);
    return document ? readPolicy(*document) : unreadable(document.error(), path);
}

PolicyLoad readPolicy(std::string text, const std::string& name)
{
    if (text.size() > maximumPolicyBytes)
        return unreadable(Error{ErrorCode::Limit, name, "The policy is larger than 4 MiB", {}}, name);
    const auto document = JsonDocument::parse(std::move(text), name);
    return document ? readPolicy(*document) : unreadable(document.error(), name);
}

PolicyLoad readPolicy(const JsonDocument& document)
{
    return PolicyReader(document).run();
}

} // namespace gatehouse::policy
