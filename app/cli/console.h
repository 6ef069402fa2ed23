// What the command line writes: people's messages on stderr, results on stdout, nothing hostile to a terminal on either.
#pragma once

#include "app/cli/exitstatus.h"
#include "app/cli/terminaltext.h"
#include "core/foundation/result.h"

#include <QString>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace gatehouse::cli {

// Standard descriptors that the caller closed lead nowhere: else the next file that we open would get what we print.
void holdStandardDescriptors();
// Whether the command was asked for JSON: then a failure is a JSON document on stdout too, beside the line for people.
void setJsonOutput(bool json);

// "gatehouse: what: where: why; advice" on one line of stderr; returns the status that the error's code means.
// As a command's last word: with --json also {"error": {what, where, why, hint}, "exit": N} on stdout.
ExitStatus reportError(const QString& what, const Error& error);
ExitStatus reportUsage(const QString& what, const QString& why, const QString& hint = {});
// Only the line for people: of an error that does not end the command, or whose command prints a document of its own.
ExitStatus tellError(const QString& what, const Error& error);
// {what, where, why, hint}
[[nodiscard]] nlohmann::json errorJson(const QString& what, const Error& error);

// A line for people, on stderr.
void tell(const QString& line);
// Results, on stdout. JSON is one line.
void print(std::string_view text);
void printLine(const QString& line);
void printJson(const nlohmann::json& value);
// JSON that is written already, with its line feed; on a terminal characters that are not safe there are escaped.
void printJsonText(std::string_view json);
// Text that a hostile hand may have written: as it is into a file or a pipe, made safe on a terminal.
void printForeign(std::string_view text);
// Why standard output takes no more (EPIPE: its reader went away), or 0. Written through to the end when asked.
[[nodiscard]] int outputFailure();
[[nodiscard]] int flushOutput();

// A message of core in the user's language.
[[nodiscard]] QString translated(const Message& message);

} // namespace gatehouse::cli
