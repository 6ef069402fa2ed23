#include "core/policy/snapshot.h"

#include "core/base/canonicaljson.h"
#include "core/base/jsondocument.h"
#include "core/base/utf8.h"
#include "core/foundation/sha256.h"
#include "core/policy/command.h"
#include "core/policy/text.h"

#include <algorithm>
#include <array>

namespace gatehouse::policy {

namespace {

using nlohmann::json;

Snapshot begin(Point point, const Subject& subject)
{
    Snapshot result;
    result.point = point;
    result.fields = {{"class", toValidUtf8(subject.executionClass)},
                     {"workflow", toValidUtf8(subject.workflow)},
                     {"agent", toValidUtf8(subject.agent)},
                     {"requester", toValidUtf8(subject.requester)}};
    return result;
}

// raw is kept only where it tells more: other readings are made from it.
void setText(Snapshot& snapshot, std::string_view raw)
{
    std::string text = normalised(raw);
    if (text != raw)
        snapshot.fields["raw"] = toValidUtf8(raw);
    snapshot.fields["text"] = std::move(text);
}

void collectStrings(const json& value, std::string& out)
{
    if (value.is_string())
        out += '\n' + value.get_ref<const std::string&>();
    if (value.is_structured())
        for (const json& element : value)
            collectStrings(element, out);
}

std::vector<std::string> validWords(std::vector<std::string> words)
{
    for (std::string& word : words)
        word = toValidUtf8(word);
    return words;
}

// What snapshotFromJson accepts beside the fields that rules may name.
constexpr std::array<std::string_view, 2> otherFields = {"labels", "raw"};

bool rightType(FieldType type, const json& value)
{
    switch (type) {
    case FieldType::Text:
        return value.is_string();
    case FieldType::Number:
        return value.is_number_integer();
    case FieldType::Boolean:
        return value.is_boolean();
    case FieldType::Texts:
        return value.is_array() && std::ranges::all_of(value, [](const json& e) { return e.is_string(); });
    case FieldType::Any:
        return true;
    }
    return false;
}

} // namespace

Snapshot inputSnapshot(const Subject& subject, std::string_view task)
{
    Snapshot result = begin(Point::Input, subject);
    setText(result, task);
    return result;
}

Snapshot textSnapshot(Point point, const Subject& subject, std::string_view text, std::string_view model)
{
    Snapshot result = begin(point, subject);
    setText(result, text);
    if (!model.empty())
        result.fields["model"] = toValidUtf8(model);
    return result;
}

Result<Snapshot> toolSnapshot(const Subject& subject, const ToolFacts& facts)
{
    GH_ASSIGN(const JsonDocument arguments, JsonDocument::parse(facts.arguments, "arguments of " + toValidUtf8(facts.tool)));
    Snapshot result = begin(Point::Tool, subject);
    std::string text = facts.tool;
    collectStrings(arguments.value(), text);
    result.fields["text"] = normalised(text);
    result.fields["tool"] = toValidUtf8(facts.tool);
    result.fields["arguments"] = arguments.value();
    if (facts.argv)
        result.fields["command"] = toJson(parseArgv(*facts.argv));
    else if (facts.shell)
        result.fields["command"] = toJson(parseShell(*facts.shell));
    if (facts.effects)
        result.fields["effects"] = validWords(*facts.effects);
    return result;
}

Result<Snapshot> snapshotFromJson(const json& value)
{
    const auto name = value.is_object() ? value.find("point") : value.end();
    const auto point = name != value.end() && name->is_string() ? pointFromName(name->get_ref<const std::string&>()) : std::nullopt;
    if (!point)
        return fail(ErrorCode::InvalidInput, "point", "A snapshot is an object whose \"point\" names an intervention point");
    Snapshot result;
    result.point = *point;
    for (const auto& [key, member] : value.items()) {
        if (key == "point")
            continue;
        const auto type = fieldType(*point, key);
        const bool other = std::ranges::find(otherFields, key) != otherFields.end();
        if ((!type || key.find('.') != std::string::npos) && !other)
            return fail(ErrorCode::InvalidInput, key, Message("The point %1 has no such field", {std::string(pointName(*point))}));
        if (type && !rightType(*type, member))
            return fail(ErrorCode::InvalidInput, key, "The field's value has the wrong type");
        result.fields[key] = member;
    }
    if (result.fields.contains("text"))
        setText(result, std::string(result.fields["text"].get<std::string>()));
    return result;
}

Result<std::string> inputDigest(const Snapshot& snapshot)
{
    json form = snapshot.fields;
    form["point"] = pointName(snapshot.point);
    GH_ASSIGN(const std::string canonical, canonicalJson(form, CanonicalNumbers::Any));
    return sha256Hex(canonical);
}

} // namespace gatehouse::policy
