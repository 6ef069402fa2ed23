// FieldKind: how a value of a document stands in a text field: read, judged, written. What can't be is not written. GUI thread.
#pragma once

#include <QString>

#include "core/authoring/edits.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>

namespace gatehouse::widgets {

struct FieldKind {
    // Null: the value is not there.
    std::function<QString(const nlohmann::json*)> read;
    // Why the text can't be the value, a sentence for people; empty: it can.
    std::function<QString(const QString&)> fault;
    // Of a text without a fault. Touches what differs and nothing else.
    std::function<Result<void>(authoring::Editor&, const std::string& pointer, const QString&)> write;
    // Whether the text says the value already, though differently spelled.
    std::function<bool(const QString&, const nlohmann::json*)> says;
};

// Emptied, an optional value is taken out of the document, a needed one stays as "".
enum class Presence { Optional, Needed };

[[nodiscard]] FieldKind textKind(Presence presence = Presence::Optional);
[[nodiscard]] FieldKind countKind(std::uint64_t least, std::uint64_t most);
[[nodiscard]] FieldKind durationKind(); // 30 s
[[nodiscard]] FieldKind moneyKind();    // 2.00 USD
// An array of texts, one a line; as a command the first can't be empty.
enum class LineUse { Words, Command };
[[nodiscard]] FieldKind linesKind(LineUse use = LineUse::Words);
// An object in JSON's own words; a JSON Schema of an object if asked.
enum class JsonUse { Any, ParametersSchema };
[[nodiscard]] FieldKind jsonKind(JsonUse use = JsonUse::Any);
// Variables, one NAME=value a line.
[[nodiscard]] FieldKind environmentKind();

// Makes the value at the pointer equal to this one member by member, so that what is equal keeps its bytes.
[[nodiscard]] Result<void> writeDifference(authoring::Editor& editor, const std::string& pointer, const nlohmann::json& value);

} // namespace gatehouse::widgets
