#include "core/base/schemadefect.h"

#include "core/base/jsondocument.h"
#include "core/base/schemapattern.h"
#include "core/base/schemapositions.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <re2/re2.h>

namespace gatehouse {

using nlohmann::json;
using namespace schemapositions;

static constexpr std::size_t maximumDepth = 64;
// Schemas on one way through the references: valijson recurses along it, and each takes some KiB of stack.
static constexpr std::size_t maximumWay = 512;

// Calls visit for each subschema that stands directly beneath.
static void visitBeneath(const std::string& pointer, const json& schema, const Visit& visit)
{
    if (!schema.is_object())
        return;
    for (const auto& [key, value] : schema.items()) {
        const std::string here = childPointer(pointer, key);
        if (std::ranges::find(singles, key) != singles.end() && isSchema(value))
            visit(here, value);
        if (std::ranges::find(lists, key) != lists.end() && value.is_array())
            for (std::size_t i = 0; i < value.size(); ++i)
                visit(childPointer(here, i), value[i]);
        if (std::ranges::find(maps, key) != maps.end() && value.is_object())
            for (const auto& [name, inner] : value.items())
                if (isSchema(inner))
                    visit(childPointer(here, name), inner);
    }
}

void schemapositions::visitAll(const std::string& pointer, const json& schema, const Visit& visit)
{
    visit(pointer, schema);
    visitBeneath(pointer, schema, [&](const std::string& inner, const json& subschema) { visitAll(inner, subschema, visit); });
}

namespace {

std::size_t depthOf(const json& value, std::size_t limit)
{
    std::size_t deepest = 0;
    if (limit > 0 && value.is_structured())
        for (const json& inner : value)
            deepest = std::max(deepest, depthOf(inner, limit - 1));
    return deepest + 1;
}

std::optional<std::string> localTarget(const std::string& reference)
{
    if (reference.empty() || reference.front() != '#' || (reference.size() > 1 && reference[1] != '/'))
        return std::nullopt;
    return reference.substr(1);
}

class DefectFinder {
public:
    explicit DefectFinder(const json& schema) : m_schema(schema) { }

    std::optional<SchemaDefect> find()
    {
        if (depthOf(m_schema, maximumDepth + 1) > maximumDepth)
            return SchemaDefect{"", Message("it is nested deeper than %1", {std::to_string(maximumDepth)})};
        visitAll("", m_schema, [this](const std::string& pointer, const json& schema) { m_schemas.emplace(pointer, &schema); });
        for (const auto& [pointer, schema] : m_schemas) {
            checkReference(pointer, *schema);
            checkPatterns(pointer, *schema);
        }
        checkWays(); // first: what follows recurses along them
        for (const auto& [pointer, schema] : m_schemas) {
            if (!m_defect && goesRound(pointer))
                tell(pointer, "\"$ref\" leads round in a circle");
            if (!m_defect && m_sameValue[pointer].depth > maximumDepth)
                tell(pointer, Message("more than %1 schemas speak about one value in turn", {std::to_string(maximumDepth)}));
        }
        return m_defect;
    }

private:
    void tell(const std::string& pointer, Message message)
    {
        if (!m_defect)
            m_defect = SchemaDefect{pointer, std::move(message)};
    }

    [[nodiscard]] std::optional<std::string> target(const json& schema) const
    {
        const bool refers = schema.is_object() && schema.contains("$ref") && schema["$ref"].is_string();
        return refers ? localTarget(schema["$ref"].get<std::string>()) : std::nullopt;
    }

    void checkReference(const std::string& pointer, const json& schema)
    {
        if (!schema.is_object() || !schema.contains("$ref"))
            return;
        const auto to = target(schema);
        // What "patternProperties" holds is moved when it is checked.
        const bool found = to && m_schemas.contains(unescaped(*to)) && to->find("/patternProperties/") == std::string::npos;
        if (!found)
            tell(childPointer(pointer, "$ref"),
                 Message("\"$ref\" names nothing within the schema: %1",
                         {schema["$ref"].is_string() ? schema["$ref"].get<std::string>() : schema["$ref"].dump()}));
    }

    // References are URI fragments: %25 and the like.
    static std::string unescaped(const std::string& text)
    {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            unsigned value = 0;
            if (text[i] == '%' && i + 2 < text.size() && std::sscanf(text.substr(i + 1, 2).c_str(), "%2x", &value) == 1) {
                out += static_cast<char>(value);
                i += 2;
            } else {
                out += text[i];
            }
        }
        return out;
    }

    void checkPattern(const std::string& pointer, const std::string& pattern)
    {
        const auto compiled = compilePattern(pattern);
        if (!compiled->ok())
            tell(pointer, Message("the pattern is no regular expression of RE2: %1 (%2)", {pattern, compiled->error()}));
    }

    void checkPatterns(const std::string& pointer, const json& schema)
    {
        if (!schema.is_object())
            return;
        if (const auto pattern = schema.find("pattern"); pattern != schema.end() && pattern->is_string())
            checkPattern(childPointer(pointer, "pattern"), pattern->get<std::string>());
        const auto properties = schema.find("patternProperties");
        if (properties != schema.end() && properties->is_object())
            for (const auto& [pattern, inner] : properties->items())
                checkPattern(childPointer(childPointer(pointer, "patternProperties"), pattern), pattern);
    }

    // A schema that references lead to, for Tarjan's search of those that lead to each other.
    struct Place {
        std::size_t index = 0; // 0: not seen yet
        std::size_t low = 0;
        bool open = false;
        std::size_t height = 0; // schemas beneath each other in it, itself included
        std::size_t way = 0;    // at most so many from here on
        std::vector<std::string> next;
    };

    void checkWays()
    {
        for (const auto& [pointer, schema] : m_schemas) {
            const auto to = target(*schema);
            if (m_defect || !to)
                continue;
            const std::string start = unescaped(*to);
            if (m_places[start].index == 0 && !isShort(start, 1))
                tell(childPointer(pointer, "$ref"),
                     Message("its references lead through more than %1 schemas in turn", {std::to_string(maximumWay)}));
        }
    }

    // Schemas that lead to each other count together, as valijson may come through all of them in turn. What is deeper than the
    // limit is one such way.
    bool isShort(const std::string& pointer, std::size_t depth)
    {
        Place& place = m_places[pointer];
        place.index = place.low = ++m_lastIndex;
        place.open = true;
        m_open.push_back(pointer);
        if (const auto found = m_schemas.find(pointer); found != m_schemas.end())
            place.height = collectReferences(pointer, *found->second, place.next);
        for (const std::string& next : place.next) {
            Place& other = m_places[next];
            if (other.index == 0) {
                if (depth >= maximumWay || !isShort(next, depth + 1))
                    return false;
                place.low = std::min(place.low, other.low);
            } else if (other.open) {
                place.low = std::min(place.low, other.index);
            }
        }
        return place.low < place.index || closeGroup(place) <= maximumWay;
    }

    // The places since first lead to each other. Gives the longest way from them.
    std::size_t closeGroup(const Place& first)
    {
        std::vector<Place*> group;
        do {
            group.push_back(&m_places[m_open.back()]);
            m_open.pop_back();
        } while (group.back() != &first);
        std::size_t own = 0;
        std::size_t beyond = 0;
        for (const Place* place : group) {
            own += place->height;
            for (const std::string& next : place->next)
                if (!m_places[next].open)
                    beyond = std::max(beyond, m_places[next].way);
        }
        for (Place* place : group) {
            place->open = false;
            place->way = own + beyond;
        }
        return own + beyond;
    }

    // Gives the height.
    std::size_t collectReferences(const std::string& pointer, const json& schema, std::vector<std::string>& out) const
    {
        if (const auto to = target(schema)) {
            out.push_back(unescaped(*to)); // the rest of it doesn't count
            return 1;
        }
        std::size_t beneath = 0;
        visitBeneath(pointer, schema, [&](const std::string& inner, const json& subschema) {
            for (const char* key : {"definitions", "$defs"}) // only references lead there
                if (inner.starts_with(childPointer(pointer, key) + '/'))
                    return;
            beneath = std::max(beneath, collectReferences(inner, subschema, out));
        });
        return 1 + beneath;
    }

    struct SameValue {
        enum class Mark { None, Open, Done } mark = Mark::None;
        std::size_t depth = 0; // schemas that speak about the value in turn, from here on
    };

    // Whether the schema comes back to itself without going into the value.
    bool goesRound(const std::string& pointer)
    {
        SameValue& here = m_sameValue[pointer];
        if (here.mark != SameValue::Mark::None)
            return here.mark == SameValue::Mark::Open;
        here.mark = SameValue::Mark::Open;
        const auto found = m_schemas.find(pointer);
        bool round = false;
        if (found != m_schemas.end()) {
            for (const std::string& next : sameValue(pointer, *found->second)) {
                round = round || goesRound(next);
                here.depth = std::max(here.depth, m_sameValue[next].depth);
            }
        }
        ++here.depth;
        here.mark = SameValue::Mark::Done;
        return round;
    }

    [[nodiscard]] std::vector<std::string> sameValue(const std::string& pointer, const json& schema) const
    {
        std::vector<std::string> out;
        if (!schema.is_object())
            return out;
        if (const auto to = target(schema))
            return {unescaped(*to)}; // the rest of it doesn't count
        for (const char* key : sameSingles)
            if (schema.contains(key))
                out.push_back(childPointer(pointer, key));
        for (const char* key : sameLists)
            if (schema.contains(key) && schema[key].is_array())
                for (std::size_t i = 0; i < schema[key].size(); ++i)
                    out.push_back(childPointer(childPointer(pointer, key), i));
        if (schema.contains("dependencies") && schema["dependencies"].is_object())
            for (const auto& [name, inner] : schema["dependencies"].items())
                out.push_back(childPointer(childPointer(pointer, "dependencies"), name));
        return out;
    }

    const json& m_schema;
    std::map<std::string, const json*> m_schemas;
    std::map<std::string, Place> m_places;
    std::vector<std::string> m_open;
    std::size_t m_lastIndex = 0;
    std::map<std::string, SameValue> m_sameValue;
    std::optional<SchemaDefect> m_defect;
};

} // namespace

std::optional<SchemaDefect> schemaDefect(const json& schema)
{
    return DefectFinder(schema).find();
}

std::vector<std::string> unknownKeywords(const json& schema)
{
    std::vector<std::string> out;
    visitAll("", schema, [&](const std::string& pointer, const json& subschema) {
        if (!subschema.is_object())
            return;
        for (const auto& [key, value] : subschema.items()) {
            const auto in = [&key = key](const auto& known) { return std::ranges::find(known, key) != known.end(); };
            if (!in(singles) && !in(lists) && !in(maps) && !in(others))
                out.push_back(childPointer(pointer, key));
        }
    });
    return out;
}

} // namespace gatehouse
