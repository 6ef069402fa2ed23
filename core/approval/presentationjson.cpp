// The JSON form of a presentation, as the journal stores it and programs read it.
#include "core/approval/presentation.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace gatehouse::approval {

namespace {

using nlohmann::json;

constexpr const char* schemaName = "gatehouse:presentation/1";

constexpr std::array<std::string_view, 13> rowNames = {"agent",  "requester", "run",        "class",  "sandbox", "network",       "rule",
                                                       "reason", "effects",   "reversible", "quorum", "expires", "reasonRequired"};
constexpr std::array<std::string_view, 10> blockNames = {"argument", "directory", "variable", "input",    "file",
                                                         "timeout",  "path",      "mode",     "expected", "content"};

// Thrown and caught in this file only: reading stops at the first thing that is not as it must be.
struct Malformed {
    Error error;
};

[[noreturn]] void malformed()
{
    throw Malformed{Error{ErrorCode::Corrupt, "presentation", Message("It is not a %1", {schemaName}), {}}};
}

template <typename T> T take(Result<T> result)
{
    if (!result)
        throw Malformed{std::move(result).error()};
    return *std::move(result);
}

template <typename E, std::size_t N> E enumFrom(const std::array<std::string_view, N>& names, const json& value)
{
    const auto found = std::ranges::find(names, std::string_view(value.get_ref<const std::string&>()));
    if (found == names.end())
        malformed();
    return static_cast<E>(found - names.begin());
}

json messageJson(const Message& message)
{
    return {{"text", message.text}, {"arguments", message.arguments}};
}

// Arguments were made safe to show; what is not safe did not come from us.
Message messageFrom(const json& value)
{
    Message message;
    message.text = value.at("text").get<std::string>();
    message.arguments = value.at("arguments").get<std::vector<std::string>>();
    if (plain(message.text) != message.text)
        malformed();
    for (const std::string& argument : message.arguments)
        for (const Span& span : escape(argument))
            if (span.kind != SpanKind::Text && span.kind != SpanKind::Homoglyph)
                malformed();
    return message;
}

json rowJson(const Row& row)
{
    json result = {{"kind", rowKindName(row.kind)}, {"value", toJson(row.value)}};
    if (!row.note.empty())
        result["note"] = messageJson(row.note);
    return result;
}

Row rowFrom(const json& value)
{
    Row row{enumFrom<RowKind>(rowNames, value.at("kind")), take(spansFromJson(value.at("value"))), {}};
    if (value.contains("note"))
        row.note = messageFrom(value["note"]);
    return row;
}

json blockJson(const Block& block)
{
    json lines = json::array();
    for (const Spans& line : block.lines)
        lines.push_back(toJson(line));
    json result = {{"kind", blockKindName(block.kind)}, {"index", block.index}, {"lines", std::move(lines)}, {"size", block.size}};
    if (!block.name.empty())
        result["name"] = block.name;
    if (block.absent)
        result["absent"] = true;
    return result;
}

Block blockFrom(const json& value)
{
    Block block;
    block.kind = enumFrom<BlockKind>(blockNames, value.at("kind"));
    block.index = value.at("index").get<std::uint32_t>();
    for (const json& line : value.at("lines"))
        block.lines.push_back(take(spansFromJson(line)));
    block.size = value.at("size").get<std::uint64_t>();
    block.name = value.value("name", std::string());
    block.absent = value.value("absent", false);
    take(blockBytes(block));
    return block;
}

json editJson(const EditView& edit)
{
    return {{"path", toJson(edit.path)},
            {"before", edit.before ? blockJson(*edit.before) : json(nullptr)},
            {"after", edit.after ? blockJson(*edit.after) : json(nullptr)},
            {"modeBefore", edit.modeBefore},
            {"modeAfter", edit.modeAfter}};
}

EditView editFrom(const json& value)
{
    EditView edit;
    edit.path = take(spansFromJson(value.at("path")));
    if (!value.at("before").is_null())
        edit.before = blockFrom(value["before"]);
    if (!value.at("after").is_null())
        edit.after = blockFrom(value["after"]);
    edit.modeBefore = value.at("modeBefore").get<std::uint32_t>();
    edit.modeAfter = value.at("modeAfter").get<std::uint32_t>();
    return edit;
}

template <typename T> json listJson(const std::vector<T>& list, json (*form)(const T&))
{
    json result = json::array();
    for (const T& one : list)
        result.push_back(form(one));
    return result;
}

template <typename T> std::vector<T> listFrom(const json& list, T (*read)(const json&))
{
    if (!list.is_array())
        malformed();
    std::vector<T> result;
    for (const json& one : list)
        result.push_back(read(one));
    return result;
}

Presentation presentationFrom(const json& value)
{
    if (value.at("schema") != schemaName)
        malformed();
    Presentation result;
    result.title = messageFrom(value.at("title"));
    result.rows = listFrom(value.at("rows"), rowFrom);
    result.payload = listFrom(value.at("payload"), blockFrom);
    result.edits = listFrom(value.at("edits"), editFrom);
    result.warnings = listFrom(value.at("warnings"), messageFrom);
    result.payloadSize = value.at("payloadSize").get<std::uint64_t>();
    result.binding = value.at("binding").get<std::string>();
    result.payloadDigest = value.at("payloadDigest").get<std::string>();
    return result;
}

} // namespace

std::string_view rowKindName(RowKind kind)
{
    return rowNames[static_cast<std::size_t>(kind)];
}

std::string_view blockKindName(BlockKind kind)
{
    return blockNames[static_cast<std::size_t>(kind)];
}

json toJson(const Presentation& presentation)
{
    return {{"schema", schemaName},
            {"title", messageJson(presentation.title)},
            {"rows", listJson(presentation.rows, rowJson)},
            {"payload", listJson(presentation.payload, blockJson)},
            {"edits", listJson(presentation.edits, editJson)},
            {"warnings", listJson(presentation.warnings, messageJson)},
            {"payloadSize", presentation.payloadSize},
            {"binding", presentation.binding},
            {"payloadDigest", presentation.payloadDigest}};
}

Result<Presentation> presentationFromJson(const json& value)
{
    try {
        return presentationFrom(value);
    } catch (const Malformed& malformedValue) {
        return std::unexpected(malformedValue.error);
    } catch (const json::exception& error) {
        return fail(ErrorCode::Corrupt, "presentation", Message("It is not a %1: %2", {schemaName, error.what()}));
    }
}

} // namespace gatehouse::approval
