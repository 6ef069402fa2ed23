// What the command line writes: people's messages on stderr, results on stdout, nothing hostile to a terminal on either.
#pragma once

#include "app/cli/exitstatus.h"
#include "core/foundation/result.h"

#include <QString>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace gatehouse::cli {

// Text from documents, models and sandboxes made safe for a terminal: control, bidi and invisible characters and
// broken UTF-8 become visible escapes; a line break stays only in multi-line mode.
enum class LineBreaks { Escape, Keep };
[[nodiscard]] std::string terminalSafe(std::string_view text, LineBreaks breaks = LineBreaks::Escape);

// "gatehouse: what: where: why; advice" on one line of stderr; returns the status that the error's code means.
ExitStatus reportError(const QString& what, const Error& error);
ExitStatus reportUsage(const QString& what, const QString& why);
// A line for people, on stderr.
void tell(const QString& line);
// Results, on stdout. JSON is one line.
void print(std::string_view text);
void printLine(const QString& line);
void printJson(const nlohmann::json& value);
// Standard error is a terminal that wants colours (NO_COLOR respected).
[[nodiscard]] bool colours();

// A message of core in the user's language.
[[nodiscard]] QString translated(const Message& message);

} // namespace gatehouse::cli
