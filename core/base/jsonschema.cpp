#include "core/base/jsonschema.h"

#include "core/base/schemaexplain.h"
#include "core/base/schemawalk.h"

#include <algorithm>
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
// std::regex recurses once per character: what it sees is bounded.
constexpr std::size_t maximumMatchedBytes = 8192;

std::string pointerOf(const std::vector<std::string>& context)
{
    std::string out;
    for (std::size_t i = 1; i < context.size(); ++i) // the first is "<root>"
        out = childPointer(out, std::string_view(context[i]).substr(1, context[i].size() - 2));
    return out;
}

bool hasLongString(const json& value)
{
    if (value.is_string())
        return value.get_ref<const std::string&>().size() > maximumMatchedBytes;
    if (value.is_object()) {
        return std::ranges::any_of(value.items(),
                                   [](const auto& item) { return item.key().size() > maximumMatchedBytes || hasLongString(item.value()); });
    }
    return value.is_array() && std::ranges::any_of(value, hasLongString);
}

std::string shortened(const std::string& text)
{
    // Cut and closed with a noncharacter: what a pattern anchors at the end can't match by the cut.
    return text.size() > maximumMatchedBytes ? text.substr(0, maximumMatchedBytes) + "\xEF\xBF\xBF" : text;
}

json withoutLongStrings(const json& value)
{
    if (value.is_string())
        return shortened(value.get_ref<const std::string&>());
    if (!value.is_structured())
        return value;
    json out = value.is_object() ? json::object() : json::array();
    for (const auto& [key, inner] : value.items()) {
        if (value.is_object())
            out[shortened(key)] = withoutLongStrings(inner);
        else
            out.push_back(withoutLongStrings(inner));
    }
    return out;
}

} // namespace

struct JsonSchema::Compiled {
    json source;
    valijson::Schema schema;

    [[nodiscard]] std::vector<SchemaFinding> findings(const json& value) const
    {
        valijson::Validator validator; // its own: the cache of expressions in it is not for two threads
        valijson::ValidationResults results;
        std::vector<SchemaFinding> out;
        try {
            const bool good = validator.validate(schema, valijson::adapters::NlohmannJsonAdapter(value), &results);
            if (good)
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
        const json cut = hasLongString(value) ? withoutLongStrings(value) : json();
        const json& checked = cut.is_null() ? value : cut;
        return explainSchemaFindings(SchemaWalk(source), checked, findings(checked));
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
    if (const auto defect = SchemaWalk(schema).defect(maximumMatchedBytes))
        return fail(ErrorCode::InvalidInput, name, Message("The JSON Schema can't be used: %1", {*defect}));
    auto compiled = std::make_unique<Compiled>();
    compiled->source = schema;
    // References are local: an identifier would only send valijson elsewhere to look for them.
    if (compiled->source.is_object())
        compiled->source.erase("$id");
    try {
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(compiled->source), compiled->schema);
    } catch (const std::exception& exception) {
        return fail(ErrorCode::InvalidInput, name, Message("The JSON Schema can't be used: %1", {exception.what()}));
    }
    return JsonSchema(std::move(compiled));
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
