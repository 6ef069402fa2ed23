// Commands that start other commands: which can be looked through, and which nobody can see through. Constant tables; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace gatehouse::policy {

struct Unwrapped {
    enum class Kind {
        Plain,  // starts nothing else that matters
        Inner,  // starts argv[begin…]
        Script, // runs script as a shell
        Opaque, // may start anything: why
    };
    Kind kind = Kind::Plain;
    std::size_t begin = 0;
    std::string script;
    bool openEnded = false;               // more arguments are added at run time
    std::vector<std::string> environment; // names that it sets or removes for the inner command
    const char* why = "";
};

// argv is not empty.
[[nodiscard]] Unwrapped unwrap(const std::vector<std::string>& argv);

} // namespace gatehouse::policy
