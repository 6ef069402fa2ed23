// A command as rules see it: the simple commands that would start, or an admission that nobody can tell. Values; any thread.
//
// Wrappers that only start another command (env, nice, nohup, timeout, xargs, stdbuf, sh -c, busybox …) are looked through:
// the inner command stands in the list beside the outer one, which is marked, so that deny rules see both and allow rules
// judge the inner. Whatever depends on the shell's state or on anything not written in the text (expansions, substitutions,
// here-documents, eval, functions, control structures, patterns) makes the whole opaque. Hostile input; total.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::policy {

struct SimpleCommand {
    std::vector<std::string> argv; // after quote removal
    bool wrapper = false;          // it only starts the next ones
    bool openEnded = false;        // more arguments follow that are not known (xargs)
    bool operator==(const SimpleCommand&) const = default;
};

struct Command {
    enum class Kind { Argv, Tree, Opaque };
    Kind kind = Kind::Opaque;
    std::vector<SimpleCommand> commands;  // Argv: one; Opaque: those that were seen before
    std::vector<std::string> redirects;   // files that redirections open for writing, /dev/null left out
    std::vector<std::string> environment; // names of variables that it sets
    std::string why;                      // of Opaque: a short English reason
    bool operator==(const Command&) const = default;
};

inline constexpr std::size_t maximumShellBytes = 1u << 20;
inline constexpr std::size_t maximumSimpleCommands = 256;

// A POSIX shell's command line, which bash and dash would read alike.
[[nodiscard]] Command parseShell(std::string_view text);
// An argument vector as given to exec.
[[nodiscard]] Command parseArgv(const std::vector<std::string>& argv);

// The snapshot's form (snapshot.h), and back; what has no such form is opaque.
[[nodiscard]] nlohmann::json toJson(const Command& command);
[[nodiscard]] Command commandFromJson(const nlohmann::json& value);

} // namespace gatehouse::policy
