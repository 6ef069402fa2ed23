// A small reader of POSIX shell command lines: words after quote removal, redirections, lists, pipelines, subshells.
// It gives up (why) at the first thing that bash and dash could read differently or that depends on more than the text.
// Hostile input; total; bounded depth. Used by command.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::policy {

// Pieces of a command line. Assignments are the names set before a command or alone.
struct ShellLine {
    std::vector<std::vector<std::string>> commands; // never empty vectors
    std::vector<std::string> writes;                // targets of redirections that open for writing
    std::vector<std::string> assignments;
    std::string why; // not empty: it gave up here; the rest holds what was read before
};

inline constexpr int maximumShellDepth = 32;

[[nodiscard]] ShellLine readShellLine(std::string_view text);
// "NAME" of NAME=value, if the word is such an assignment.
[[nodiscard]] std::optional<std::string> assignedName(std::string_view word);

} // namespace gatehouse::policy
