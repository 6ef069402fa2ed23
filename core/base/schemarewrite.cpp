#include "core/base/schemarewrite.h"

#include "core/base/jsondocument.h"
#include "core/base/schemapattern.h"
#include "core/base/schemapositions.h"

#include <algorithm>
#include <memory>
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

const RE2* expressionOf(const std::string& format)
{
    static const RE2 date("[0-9]{4,}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])");
    static const RE2 time("([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])");
    static const RE2 both(date.pattern() + "[Tt]" + time.pattern());
    return format == "date" ? &date : format == "time" ? &time : format == "date-time" ? &both : nullptr;
}

class OwnConstraint final : public valijson::constraints::PolyConstraint {
public:
    OwnConstraint(std::shared_ptr<const RE2> pattern, std::string format) : m_pattern(std::move(pattern)), m_format(std::move(format)) { }

    bool validate(const valijson::adapters::Adapter& target, const std::vector<std::string>& context,
                  valijson::ValidationResults* results) const override
    {
        if (stepsLeft-- == 0)
            throw std::runtime_error("The value takes too many steps to check against this schema");
        if (!target.isString())
            return true;
        const std::string text = target.asString();
        if (m_pattern && !RE2::PartialMatch(text, *m_pattern))
            return failed(results, context, "Failed to match regex specified by 'pattern' constraint.");
        const RE2* expression = expressionOf(m_format);
        if (expression != nullptr && !RE2::FullMatch(text, *expression))
            return failed(results, context, "String should be a valid " + m_format);
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

    std::shared_ptr<const RE2> m_pattern; // null: none
    std::string m_format;
};

class OwnBuilder final : public valijson::ConstraintBuilder {
public:
    [[nodiscard]] valijson::constraints::Constraint* make(const valijson::adapters::Adapter& value) const override
    {
        std::shared_ptr<const RE2> pattern;
        std::string format;
        value.applyToObject([&](const std::string& key, const valijson::adapters::Adapter& word) {
            if (key == "pattern")
                pattern = compilePattern(word.asString());
            else
                format = word.asString();
            return true;
        });
        return new OwnConstraint(std::move(pattern), std::move(format));
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
