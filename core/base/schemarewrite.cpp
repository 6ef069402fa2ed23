#include "core/base/schemarewrite.h"

#include "core/base/jsondocument.h"
#include "core/base/schemapattern.h"
#include "core/base/schemapositions.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <re2/re2.h>
#include <stdexcept>

#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/internal/adapter.hpp>
#include <valijson/validation_results.hpp>

namespace gatehouse {

using nlohmann::json;
using namespace schemapositions;

namespace {

// A key matches few patterns; whoever exceeds this means harm.
constexpr std::size_t maximumExpanded = 100'000;

constexpr const char* patternsKey = "gatehouse:patterns";

class Rewriter {
public:
    explicit Rewriter(const std::set<std::string>& keys) : m_keys(keys) { }

    json rewrite(const std::string& pointer, const json& schema)
    {
        if (!schema.is_object())
            return schema;
        json out = schema;
        out.erase(rewrittenKeyword());
        out.erase(patternsKey);
        out.erase("$id"); // references are local: an identifier would only send valijson elsewhere to look for them
        for (const char* key : singles)
            if (out.contains(key) && isSchema(schema[key]))
                out[key] = rewrite(childPointer(pointer, key), schema[key]);
        for (const char* key : lists)
            if (out.contains(key) && schema[key].is_array())
                for (std::size_t i = 0; i < schema[key].size(); ++i)
                    out[key][i] = rewrite(childPointer(childPointer(pointer, key), i), schema[key][i]);
        for (const char* key : maps)
            if (out.contains(key) && schema[key].is_object())
                for (const auto& [name, inner] : schema[key].items())
                    out[key][name] = isSchema(inner) ? rewrite(childPointer(childPointer(pointer, key), name), inner) : inner;
        takeOver(out);
        expandPatternProperties(pointer, out);
        return out;
    }

private:
    // The keywords that our own constraint checks.
    static void takeOver(json& schema)
    {
        json own = json::object();
        for (const char* key : {"pattern", "format"}) {
            if (schema.contains(key) && schema[key].is_string()) {
                own[key] = schema[key];
                schema.erase(key);
            }
        }
        if (schema.contains("uniqueItems")) {
            if (!schema["uniqueItems"].is_boolean())
                throw std::runtime_error("\"uniqueItems\" is true or false");
            if (schema["uniqueItems"].get<bool>())
                own["uniqueItems"] = true;
            schema.erase("uniqueItems");
        }
        schema[rewrittenKeyword()] = std::move(own);
    }

    void expandPatternProperties(const std::string& pointer, json& schema)
    {
        if (!schema.contains("patternProperties") || !schema["patternProperties"].is_object())
            return;
        const json patterns = schema["patternProperties"];
        schema.erase("patternProperties");
        std::size_t index = 0;
        for (const auto& [pattern, inner] : patterns.items()) {
            const auto compiled = compilePattern(pattern);
            const std::string name = std::to_string(index++);
            schema[patternsKey][name] = inner;
            for (const std::string& key : m_keys)
                if (RE2::PartialMatch(key, *compiled))
                    add(schema, key, {{"$ref", '#' + escaped(childPointer(childPointer(pointer, patternsKey), name))}});
        }
        // Without "properties" valijson would take "additionalProperties" for the only word.
        if (!schema.contains("properties"))
            schema["properties"] = json::object();
    }

    // As a URI fragment.
    static std::string escaped(const std::string& pointer)
    {
        std::string out;
        for (const char c : pointer)
            out += c == '%' ? std::string("%25") : std::string(1, c);
        return out;
    }

    void add(json& schema, const std::string& key, json reference)
    {
        if (++m_expanded > maximumExpanded)
            throw std::runtime_error("too many keys match a patternProperties");
        json& property = schema["properties"][key];
        if (property.is_null())
            property = std::move(reference);
        else
            property = {{"allOf", {property, std::move(reference)}}};
    }

    const std::set<std::string>& m_keys;
    std::size_t m_expanded = 0;
};

thread_local std::size_t stepsLeft = 0;

void takeStep()
{
    if (stepsLeft == 0)
        throw std::runtime_error("The value takes too many steps to check against this schema");
    --stepsLeft;
}

using valijson::adapters::Adapter;

// The same for equal numbers however they are written: 1 and 1.0.
std::string spelledNumber(const Adapter& value)
{
    if (value.isInteger())
        return std::to_string(value.asInteger());
    const double number = value.asDouble();
    if (std::trunc(number) == number && number >= -0x1p63 && number < 0x1p63)
        return std::to_string(static_cast<std::int64_t>(number));
    return json(number).dump();
}

// Appends one spelling for all that is equal: members come sorted, texts behind their length.
void spell(const Adapter& value, std::string& out)
{
    takeStep();
    const auto text = [&out](const std::string& words) { out += std::to_string(words.size()) + ':' + words; };
    if (value.isString()) {
        out += '"';
        text(value.asString());
    } else if (value.isNumber()) {
        out += spelledNumber(value) + ';';
    } else if (value.isBool()) {
        out += value.asBool() ? 't' : 'f';
    } else if (value.isArray()) {
        out += '[';
        value.applyToArray([&out](const Adapter& item) {
            spell(item, out);
            return true;
        });
        out += ']';
    } else if (value.isObject()) {
        out += '{';
        value.applyToObject([&out, &text](const std::string& key, const Adapter& member) {
            text(key);
            spell(member, out);
            return true;
        });
        out += '}';
    } else {
        out += 'n';
    }
}

// The first two equal items.
std::optional<std::pair<std::size_t, std::size_t>> equalItems(const Adapter& array)
{
    std::optional<std::pair<std::size_t, std::size_t>> found;
    std::map<std::string, std::size_t> seen;
    std::size_t index = 0;
    array.applyToArray([&](const Adapter& item) {
        std::string spelling;
        spell(item, spelling);
        const auto [place, isNew] = seen.emplace(std::move(spelling), index);
        if (!isNew)
            found = {place->second, index};
        ++index;
        return isNew;
    });
    return found;
}

const RE2* expressionOf(const std::string& format)
{
    static const RE2 date("[0-9]{4,}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])");
    static const RE2 time("([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])");
    static const RE2 both(date.pattern() + "[Tt]" + time.pattern());
    return format == "date" ? &date : format == "time" ? &time : format == "date-time" ? &both : nullptr;
}

class OwnConstraint final : public valijson::constraints::PolyConstraint {
public:
    std::shared_ptr<const RE2> pattern; // null: none
    std::string format;
    bool uniqueItems = false;

    bool validate(const Adapter& target, const std::vector<std::string>& context, valijson::ValidationResults* results) const override
    {
        takeStep();
        if (uniqueItems && target.isArray() && target.getArraySize() > 1)
            if (const auto equal = equalItems(target))
                return failed(results, context,
                              "Elements at indexes #" + std::to_string(equal->first) + " and #" + std::to_string(equal->second) +
                                  " violate uniqueness constraint.");
        if (!target.isString())
            return true;
        const std::string text = target.asString();
        if (pattern && !RE2::PartialMatch(text, *pattern))
            return failed(results, context, "Failed to match regex specified by 'pattern' constraint.");
        const RE2* expression = expressionOf(format);
        if (expression != nullptr && !RE2::FullMatch(text, *expression))
            return failed(results, context, "String should be a valid " + format);
        return true;
    }

private:
    static bool failed(valijson::ValidationResults* results, const std::vector<std::string>& context, const std::string& what)
    {
        if (results != nullptr)
            results->pushError(context, what);
        return false;
    }
    Constraint* cloneInto(void* memory) const override { return new (memory) OwnConstraint(*this); }
    [[nodiscard]] std::size_t sizeOf() const override { return sizeof *this; }
};

class OwnBuilder final : public valijson::ConstraintBuilder {
public:
    [[nodiscard]] valijson::constraints::Constraint* make(const Adapter& value) const override
    {
        auto made = std::make_unique<OwnConstraint>();
        value.applyToObject([&](const std::string& key, const Adapter& word) {
            if (key == "pattern")
                made->pattern = compilePattern(word.asString());
            else if (key == "format")
                made->format = word.asString();
            else
                made->uniqueItems = true;
            return true;
        });
        return made.release();
    }
};

} // namespace

bool hasPatternProperties(const json& schema)
{
    bool found = false;
    visitAll("", schema, [&](const std::string&, const json& subschema) {
        found = found || (subschema.is_object() && subschema.contains("patternProperties"));
    });
    return found;
}

json rewriteSchema(const json& schema, const std::set<std::string>& keys)
{
    return Rewriter(keys).rewrite("", schema);
}

const std::string& rewrittenKeyword()
{
    static const std::string keyword = "gatehouse:own";
    return keyword;
}

const valijson::ConstraintBuilder* rewrittenBuilder()
{
    return new OwnBuilder;
}

void setSchemaSteps(std::size_t steps)
{
    stepsLeft = steps;
}

} // namespace gatehouse
