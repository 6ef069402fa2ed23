#include "core/base/schemawalk.h"

#include "core/base/schemapattern.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>

namespace gatehouse {

using nlohmann::json;

static const json* member(const json& object, const std::string& key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

// The keyword's list or object, or an empty one: what is walked must not be a copy, its addresses are kept.
static const json& listOf(const json& schema, const char* key)
{
    static const json none = json::array();
    const json* found = member(schema, key);
    return found != nullptr && found->is_array() ? *found : none;
}

static const json& objectOf(const json& schema, const char* key)
{
    static const json none = json::object();
    const json* found = member(schema, key);
    return found != nullptr && found->is_object() ? *found : none;
}

const json* SchemaWalk::resolve(const std::string& reference) const
{
    if (reference.empty() || reference.front() != '#')
        return nullptr;
    try {
        const json::json_pointer pointer(reference.substr(1));
        return m_root.contains(pointer) ? &m_root.at(pointer) : nullptr;
    } catch (const json::exception&) {
        return nullptr;
    }
}

void SchemaWalk::expandInto(Subschemas& out, const json& schema, unsigned depth) const
{
    // A reference to itself ends here; so does a tree that is deeper than any schema of ours.
    if (depth > 32 || std::ranges::find(out, &schema) != out.end())
        return;
    out.push_back(&schema);
    if (const json* reference = member(schema, "$ref"); reference != nullptr && reference->is_string()) {
        if (const json* target = resolve(reference->get_ref<const std::string&>()))
            expandInto(out, *target, depth + 1);
    }
    for (const char* keyword : {"allOf", "anyOf", "oneOf"}) {
        for (const json& one : listOf(schema, keyword))
            expandInto(out, one, depth + 1);
    }
    for (const char* keyword : {"if", "then", "else"}) {
        if (const json* one = member(schema, keyword))
            expandInto(out, *one, depth + 1);
    }
}

SchemaWalk::Subschemas SchemaWalk::expand(const json& schema) const
{
    Subschemas out;
    expandInto(out, schema, 0);
    return out;
}

SchemaWalk::Subschemas SchemaWalk::child(const Subschemas& parents, std::string_view segment) const
{
    Subschemas out;
    const std::string key(segment);
    for (const json* parent : parents) {
        bool known = false;
        if (const json* property = member(objectOf(*parent, "properties"), key)) {
            expandInto(out, *property, 0);
            known = true;
        }
        for (const auto& [pattern, schema] : objectOf(*parent, "patternProperties").items()) {
            if (!matchesPattern(pattern, key))
                continue;
            expandInto(out, schema, 0);
            known = true;
        }
        if (const json* additional = member(*parent, "additionalProperties"); additional != nullptr && !known && additional->is_object())
            expandInto(out, *additional, 0);
        if (const json* items = member(*parent, "items")) {
            std::size_t index = 0;
            std::from_chars(key.data(), key.data() + key.size(), index);
            if (items->is_object())
                expandInto(out, *items, 0);
            else if (items->is_array() && index < items->size())
                expandInto(out, (*items)[index], 0);
        }
    }
    return out;
}

SchemaWalk::Subschemas SchemaWalk::at(const json::json_pointer& pointer) const
{
    std::vector<std::string> segments;
    for (json::json_pointer rest = pointer; !rest.empty(); rest = rest.parent_pointer())
        segments.push_back(rest.back());
    Subschemas here = root();
    for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment)
        here = child(here, *segment);
    return here;
}

KnownKey isKnownKey(const SchemaWalk::Subschemas& schemas, const std::string& key)
{
    bool anyProperties = false;
    for (const json* schema : schemas) {
        anyProperties = anyProperties || member(*schema, "properties") != nullptr;
        if (objectOf(*schema, "properties").contains(key))
            return KnownKey::Yes;
        for (const auto& [pattern, ignored] : objectOf(*schema, "patternProperties").items()) {
            if (matchesPattern(pattern, key))
                return KnownKey::Yes;
        }
        const json* additional = member(*schema, "additionalProperties");
        if (additional != nullptr && *additional != json(false))
            return KnownKey::Yes;
    }
    return anyProperties ? KnownKey::No : KnownKey::Free;
}

std::vector<std::string> propertyNames(const SchemaWalk::Subschemas& schemas)
{
    std::set<std::string> names;
    for (const json* schema : schemas) {
        for (const auto& [name, ignored] : objectOf(*schema, "properties").items())
            names.insert(name);
    }
    return {names.begin(), names.end()};
}

// Levenshtein's distance.
static std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::optional<std::string> nearestWord(std::string_view word, const std::vector<std::string>& known)
{
    if (word.size() > 64)
        return std::nullopt;
    std::optional<std::string> best;
    std::size_t bestDistance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const std::size_t d = candidate.size() > 64 ? bestDistance : distance(word, candidate);
        if (d < bestDistance) {
            bestDistance = d;
            best = candidate;
        }
    }
    return best;
}

} // namespace gatehouse
