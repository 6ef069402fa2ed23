#include "core/base/jsonschema.h"

#include "core/base/schemadefect.h"
#include "core/base/schemaexplain.h"
#include "core/base/schemarewrite.h"
#include "core/base/schemawalk.h"

#include <algorithm>
#include <set>
// Without it valijson aborts the program on a schema that it does not like.
#define VALIJSON_USE_EXCEPTIONS 1
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace gatehouse {

using nlohmann::json;

namespace {

constexpr std::size_t maximumSchemaBytes = 1 << 20;
// Of one check: ordinary schemas speak a few times about each value.
constexpr std::size_t minimumSteps = 100'000;
constexpr std::size_t stepsPerValue = 50;

std::size_t countValues(const json& value)
{
    std::size_t count = 1;
    if (value.is_structured())
        for (const json& inner : value)
            count += countValues(inner);
    return count;
}

std::string pointerOf(const std::vector<std::string>& context)
{
    std::string out;
    for (std::size_t i = 1; i < context.size(); ++i) // the first is "<root>"
        out = childPointer(out, std::string_view(context[i]).substr(1, context[i].size() - 2));
    return out;
}

void collectKeys(const json& value, std::set<std::string>& keys)
{
    if (!value.is_structured())
        return;
    for (const auto& [key, inner] : value.items()) {
        if (value.is_object())
            keys.insert(key);
        collectKeys(inner, keys);
    }
}

// Throws what valijson throws.
void populate(const json& rewritten, valijson::Schema& schema)
{
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.addConstraintBuilder(rewrittenKeyword(), rewrittenBuilder());
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(rewritten), schema);
}

} // namespace

struct JsonSchema::Compiled {
    json source;
    valijson::Schema schema;
    bool patternProperties = false; // then a schema is made for each value: its keys count

    [[nodiscard]] std::vector<SchemaFinding> findings(const json& value) const
    {
        valijson::Validator validator; // its own: the cache of expressions in it is not for two threads
        valijson::ValidationResults results;
        std::vector<SchemaFinding> out;
        try {
            valijson::Schema own;
            json rewritten; // outlives the schema's use
            if (patternProperties) {
                std::set<std::string> keys;
                collectKeys(value, keys);
                rewritten = rewriteSchema(source, keys);
                populate(rewritten, own);
            }
            setSchemaSteps(minimumSteps + stepsPerValue * countValues(value));
            if (validator.validate(patternProperties ? own : schema, valijson::adapters::NlohmannJsonAdapter(value), &results))
                return out;
        } catch (const std::exception& exception) {
            return {{{}, exception.what()}};
        }
        for (const auto& error : results)
            out.push_back({pointerOf(error.context), error.description});
        // A schema that is just false says nothing.
        if (out.empty())
            out.push_back({{}, "This value is not allowed"});
        return out;
    }

    [[nodiscard]] std::vector<SchemaExplanation> explanations(const json& value) const
    {
        return explainSchemaFindings(SchemaWalk(source), value, findings(value));
    }
};

JsonSchema::JsonSchema(std::unique_ptr<const Compiled> compiled) : m_compiled(std::move(compiled)) { }
JsonSchema::JsonSchema(JsonSchema&&) noexcept = default;
JsonSchema& JsonSchema::operator=(JsonSchema&&) noexcept = default;
JsonSchema::~JsonSchema() = default;

Result<JsonSchema> JsonSchema::compile(const json& schema, const std::string& name)
{
    if (!schema.is_object() && !schema.is_boolean())
        return fail(ErrorCode::InvalidInput, name, "A JSON Schema is an object");
    if (schema.dump(-1, ' ', false, json::error_handler_t::replace).size() > maximumSchemaBytes)
        return fail(ErrorCode::InvalidInput, name, "The schema is larger than 1 MiB");
    if (const auto defect = schemaDefect(schema))
        return fail(ErrorCode::InvalidInput, defect->pointer.empty() ? name : name + " (" + defect->pointer + ')',
                    Message("The JSON Schema can't be used: %1", {defect->message.format()}));
    auto compiled = std::make_unique<Compiled>();
    compiled->source = schema;
    compiled->patternProperties = hasPatternProperties(schema);
    try {
        const json rewritten = rewriteSchema(schema, {});
        populate(rewritten, compiled->schema);
    } catch (const std::exception& exception) {
        return fail(ErrorCode::InvalidInput, name, Message("The JSON Schema can't be used: %1", {exception.what()}));
    }
    return JsonSchema(std::move(compiled));
}

std::vector<std::string> JsonSchema::unknownKeywords() const
{
    return gatehouse::unknownKeywords(m_compiled->source);
}

std::vector<std::pair<std::string, Message>> JsonSchema::check(const json& value) const
{
    std::vector<std::pair<std::string, Message>> out;
    for (SchemaExplanation& explanation : m_compiled->explanations(value))
        out.emplace_back(std::move(explanation.pointer), std::move(explanation.message));
    return out;
}

std::vector<Problem> JsonSchema::check(const JsonDocument& document) const
{
    std::vector<Problem> out;
    for (SchemaExplanation& explanation : m_compiled->explanations(document.value())) {
        const TextPosition position =
            explanation.atKey ? document.keyPosition(explanation.pointer) : document.position(explanation.pointer);
        out.push_back({Severity::Error, document.name(), position, std::move(explanation.pointer), std::move(explanation.message),
                       "schema/" + explanation.keyword});
    }
    std::ranges::stable_sort(out, {}, [](const Problem& problem) { return problem.position.offset; });
    return out;
}

namespace {

void collectUnknownKeys(const SchemaWalk& walk, const SchemaWalk::Subschemas& schemas, const JsonDocument& document, const json& value,
                        const std::string& pointer, std::vector<Problem>& out)
{
    if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i)
            collectUnknownKeys(walk, walk.child(schemas, std::to_string(i)), document, value[i], childPointer(pointer, i), out);
        return;
    }
    for (const std::string& key : value.is_object() ? document.keys(pointer) : std::vector<std::string>()) {
        const std::string inner = childPointer(pointer, key);
        const KnownKey known = isKnownKey(schemas, key);
        if (known == KnownKey::No) {
            const auto guess = nearestWord(key, propertyNames(schemas));
            out.push_back({Severity::Warning, document.name(), document.keyPosition(inner), inner,
                           guess ? Message("The key \"%1\" is not known here and has no effect; did you mean \"%2\"?", {key, *guess})
                                 : Message("The key \"%1\" is not known here and has no effect", {key}),
                           "unknown-key"});
        } else if (known == KnownKey::Yes) {
            collectUnknownKeys(walk, walk.child(schemas, key), document, value.at(key), inner, out);
        }
    }
}

} // namespace

std::vector<Problem> JsonSchema::unknownKeys(const JsonDocument& document) const
{
    std::vector<Problem> out;
    const SchemaWalk walk(m_compiled->source);
    collectUnknownKeys(walk, walk.root(), document, document.value(), {}, out);
    return out;
}

} // namespace gatehouse
