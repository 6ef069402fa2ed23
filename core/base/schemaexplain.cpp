#include "core/base/schemaexplain.h"

#include "core/base/jsondocument.h"

#include <algorithm>
#include <array>
#include <set>

namespace gatehouse {

using nlohmann::json;

namespace {

// How valijson's descriptions begin, and which keyword each speaks of. An empty keyword: it repeats an error inside.
struct Kind {
    std::string_view beginning;
    std::string_view keyword;
};
constexpr std::array kinds = std::to_array<Kind>({
    {"Failed to validate against any", "anyOf"},
    {"Failed to validate against exactly one", "oneOf"},
    {"Failed to validate against a conditional", "if"},
    {"Failed to validate against child schema #", ""},
    {"Failed to validate item #", ""},
    {"Failed to validate against additional", ""},
    {"Failed to validate against schema associated", ""},
    {"Failed to validate against dependent", ""},
    {"Cannot validate item #", "items"},
    {"Failed to match expected value set by 'const'", "const"},
    {"Failed to match against any enum", "enum"},
    {"Failed to match regex", "pattern"},
    {"Failed to any values", "contains"},
    {"Value type not permitted", "type"},
    {"Missing required property", "required"},
    {"Missing dependency", "dependencies"},
    {"Object contains a property", "additionalProperties"},
    {"Object should have no more", "maxProperties"},
    {"Object should have no fewer", "minProperties"},
    {"Expected number less", "maximum"},
    {"Expected number greater", "minimum"},
    {"Array should contain no more", "maxItems"},
    {"Array contains more items", "items"},
    {"Array should contain no fewer", "minItems"},
    {"String should be no more", "maxLength"},
    {"String should be no fewer", "minLength"},
    {"String should be a valid", "format"},
    {"Value should be a multiple", "multipleOf"},
    {"Elements at indexes", "uniqueItems"},
    {"Target should not validate", "not"},
});

std::string_view keywordOf(const std::string& description)
{
    for (const Kind& kind : kinds) {
        if (description.starts_with(kind.beginning))
            return kind.keyword;
    }
    return "schema";
}

// What stands between the last pair of single quotes.
std::string quoted(const std::string& description)
{
    const std::size_t first = description.rfind(" '");
    const std::size_t last = description.rfind('\'');
    return first == std::string::npos || last <= first + 1 ? std::string() : description.substr(first + 2, last - first - 2);
}

std::string shown(const json& value)
{
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > 60)
        text = text.substr(0, 57) + "...";
    return text;
}

std::string typeWord(std::string_view type)
{
    if (type == "integer")
        return "a whole number";
    if (type == "boolean")
        return "true or false";
    if (type == "object" || type == "array")
        return "an " + std::string(type);
    return type == "null" ? "null" : "a " + std::string(type);
}

std::string typeOf(const json& value)
{
    if (value.is_boolean())
        return value.get<bool>() ? "true" : "false";
    return typeWord(value.is_number() ? "number" : value.type_name());
}

std::string joined(const std::vector<std::string>& words, const std::string& last)
{
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
        out += (i == 0 ? "" : i + 1 == words.size() ? last : ", ") + words[i];
    return out;
}

// By its key, where it has one.
Message mustNotBeEmpty(std::string_view pointer, const json& value)
{
    const std::string_view last = pointer.substr(pointer.rfind('/') + 1);
    if (last.find_first_not_of("0123456789") != std::string_view::npos)
        return {"\"%1\" must not be empty", {unescapedSegment(last)}};
    return value.is_string() ? "This must not be empty"
        : value.is_array()   ? "This list must not be empty"
                             : "This object must not be empty";
}

class Explainer {
public:
    Explainer(const SchemaWalk& walk, const json& value) : m_walk(walk), m_value(value) { }

    [[nodiscard]] SchemaExplanation explain(const SchemaFinding& finding) const
    {
        const json::json_pointer pointer(finding.pointer);
        const std::string keyword(keywordOf(finding.description));
        const json& value = m_value.contains(pointer) ? m_value.at(pointer) : m_value;
        const auto schemas = m_walk.at(pointer);
        if (keyword == "required" || keyword == "dependencies") {
            return {finding.pointer, Message("The key \"%1\" is missing", {quoted(finding.description)}), keyword};
        }
        if (keyword == "additionalProperties")
            return unknownKey(finding, schemas);
        return {finding.pointer, message(keyword, finding, value, schemas), keyword};
    }

private:
    [[nodiscard]] static SchemaExplanation unknownKey(const SchemaFinding& finding, const SchemaWalk::Subschemas& schemas)
    {
        const std::string key = quoted(finding.description);
        const auto guess = nearestWord(key, propertyNames(schemas));
        Message message = guess ? Message("The key \"%1\" is not known here; did you mean \"%2\"?", {key, *guess})
                                : Message("The key \"%1\" is not known here", {key});
        return {childPointer(finding.pointer, key), std::move(message), "additionalProperties", true};
    }

    // The keyword's value in the first schema that has it.
    [[nodiscard]] static const json* keywordValue(const SchemaWalk::Subschemas& schemas, std::initializer_list<const char*> keywords)
    {
        for (const json* schema : schemas) {
            for (const char* keyword : keywords) {
                if (schema->is_object() && schema->contains(keyword))
                    return &(*schema)[keyword];
            }
        }
        return nullptr;
    }

    [[nodiscard]] static Message wrongType(const json& value, const SchemaWalk::Subschemas& schemas)
    {
        std::vector<std::string> expected;
        for (const json* schema : schemas) {
            json types = schema->is_object() ? schema->value("type", json::array()) : json::array();
            if (types.is_string())
                types = json::array({types});
            for (const json& one : types) {
                const std::string word = typeWord(one.is_string() ? one.get<std::string>() : "value");
                if (std::ranges::find(expected, word) == expected.end())
                    expected.push_back(word);
            }
        }
        return {"%1 is expected here, but this is %2", {joined(expected, " or "), typeOf(value)}};
    }

    [[nodiscard]] static Message notAllowed(const json& value, const SchemaWalk::Subschemas& schemas)
    {
        std::vector<std::string> allowed;
        std::vector<std::string> words;
        const auto add = [&](const json& one) {
            if (std::ranges::find(allowed, shown(one)) != allowed.end())
                return;
            allowed.push_back(shown(one));
            if (one.is_string())
                words.push_back(one);
        };
        for (const json* schema : schemas) {
            if (schema->is_object() && schema->contains("const"))
                add((*schema)["const"]);
            const json listed = schema->is_object() ? schema->value("enum", json::array()) : json::array();
            for (const json& one : listed)
                add(one);
        }
        if (allowed.size() == 1)
            return {"%1 is expected here, but this is %2", {allowed.front(), shown(value)}};
        const auto guess = value.is_string() ? nearestWord(value.get_ref<const std::string&>(), words) : std::nullopt;
        if (guess)
            return {"%1 is not known here; did you mean \"%2\"? Known: %3", {shown(value), *guess, joined(allowed, ", ")}};
        return {"%1 is not known here; known: %2", {shown(value), joined(allowed, ", ")}};
    }

    [[nodiscard]] static Message message(const std::string& keyword, const SchemaFinding& finding, const json& value,
                                         const SchemaWalk::Subschemas& schemas)
    {
        const auto number = [&](std::initializer_list<const char*> keywords) {
            const json* found = keywordValue(schemas, keywords);
            return found != nullptr ? found->dump() : std::string("?");
        };
        if (keyword == "type")
            return wrongType(value, schemas);
        if (keyword == "enum" || keyword == "const")
            return notAllowed(value, schemas);
        if (keyword == "pattern")
            return {"%1 does not have the form %2", {shown(value), number({"pattern"})}};
        if (keyword == "minimum")
            return {"%1 is too small: at least %2", {shown(value), number({"minimum", "exclusiveMinimum"})}};
        if (keyword == "maximum")
            return {"%1 is too large: at most %2", {shown(value), number({"maximum", "exclusiveMaximum"})}};
        const bool isEmpty = (keyword == "minLength" && value == json("")) || (keyword == "minItems" && value == json::array()) ||
            (keyword == "minProperties" && value == json::object());
        if (isEmpty)
            return mustNotBeEmpty(finding.pointer, value);
        if (keyword == "minLength" || keyword == "minItems" || keyword == "minProperties")
            return {"This is too short: at least %1", {number({keyword.c_str()})}};
        if (keyword == "maxLength" || keyword == "maxItems" || keyword == "maxProperties")
            return {"This is too long: at most %1", {number({keyword.c_str()})}};
        if (keyword == "multipleOf")
            return {"%1 is not a multiple of %2", {shown(value), number({"multipleOf"})}};
        if (keyword == "uniqueItems")
            return "An element stands twice in this list";
        if (keyword == "format")
            return {"%1 is no %2", {shown(value), number({"format"})}};
        if (keyword == "oneOf")
            return "This fits more than one of the forms that are possible here";
        if (keyword == "anyOf")
            return "This fits none of the forms that are possible here";
        return {"This is not what the schema allows (%1)", {finding.description}};
    }

    const SchemaWalk& m_walk;
    const json& m_value;
};

bool isMarker(const SchemaFinding& finding)
{
    return finding.description.starts_with("Failed to validate against child schema #");
}

bool isBeneath(const std::string& pointer, const std::string& parent)
{
    return pointer.starts_with(parent) && (pointer.size() == parent.size() || pointer[parent.size()] == '/');
}

// How badly an alternative misses: first by errors that say "this is something else altogether", then by their number.
std::pair<std::size_t, std::size_t> misses(const std::vector<SchemaFinding>& branch)
{
    const auto different = std::ranges::count_if(branch, [](const SchemaFinding& finding) {
        const std::string_view keyword = keywordOf(finding.description);
        return keyword == "type" || keyword == "const" || keyword == "enum";
    });
    return {static_cast<std::size_t>(different), branch.size()};
}

// valijson tells the errors of all alternatives, each closed by a marker, then that none fits: keep those of the nearest.
void keepNearestAlternative(std::vector<SchemaFinding>& findings, const SchemaFinding& summary)
{
    std::vector<std::vector<SchemaFinding>> branches;
    while (!findings.empty() && isBeneath(findings.back().pointer, summary.pointer)) {
        SchemaFinding last = std::move(findings.back());
        findings.pop_back();
        if (isMarker(last) && last.pointer == summary.pointer)
            branches.emplace_back();
        else if (branches.empty())
            branches.push_back({std::move(last)});
        else
            branches.back().push_back(std::move(last));
    }
    std::erase_if(branches, [](const auto& branch) { return branch.empty(); });
    if (branches.empty()) {
        findings.push_back(summary);
        return;
    }
    // Later branches were taken first: on a tie the schema's first alternative speaks.
    std::ranges::reverse(branches);
    auto& best = *std::ranges::min_element(branches, {}, misses);
    for (auto finding = best.rbegin(); finding != best.rend(); ++finding)
        findings.push_back(std::move(*finding));
}

std::vector<SchemaFinding> reduced(const std::vector<SchemaFinding>& findings)
{
    std::vector<SchemaFinding> out;
    for (const SchemaFinding& finding : findings) {
        const std::string_view keyword = keywordOf(finding.description);
        if (keyword == "anyOf")
            keepNearestAlternative(out, finding);
        else if (!keyword.empty() || isMarker(finding))
            out.push_back(finding);
    }
    std::erase_if(out, isMarker);
    return out;
}

} // namespace

std::vector<SchemaExplanation> explainSchemaFindings(const SchemaWalk& walk, const json& value, const std::vector<SchemaFinding>& findings)
{
    const Explainer explainer(walk, value);
    std::vector<SchemaExplanation> out;
    std::vector<SchemaFinding> kept = reduced(findings);
    if (kept.empty() && !findings.empty())
        kept.push_back({findings.front().pointer, "This value is not allowed"});
    for (const SchemaFinding& finding : kept) {
        SchemaExplanation explanation = explainer.explain(finding);
        if (std::ranges::find(out, explanation) == out.end())
            out.push_back(std::move(explanation));
    }
    return out;
}

} // namespace gatehouse
