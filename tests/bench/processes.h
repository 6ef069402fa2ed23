// Plain processes, timed: what everything else is compared with.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace gatehouse::bench {

// Added to ours.
using Environment = std::vector<std::pair<std::string, std::string>>;

// NotFound when no folder of PATH has such a program.
[[nodiscard]] Result<void> mustBeInstalled(const std::string& program);

// fork, exec of /bin/true, wait: milliseconds.
[[nodiscard]] Result<double> forkAndExecTrue();

// Starts the command and stops the watch when it has printed the line "painted" on standard output; then waits for its end.
[[nodiscard]] Result<double> timeUntilPainted(const std::vector<std::string>& command, const Environment& environment);

// Runs the command to its end; the number that is the last line of its standard output. Longer than a minute: an error.
[[nodiscard]] Result<double> figureOf(const std::vector<std::string>& command, const Environment& environment);

// A program that goes on until this object ends it; what it says on standard error is nobody's.
class Program {
public:
    [[nodiscard]] static Result<Program> start(const std::vector<std::string>& command, const Environment& environment);
    Program(Program&& other) noexcept : m_id(std::exchange(other.m_id, -1)), m_output(std::move(other.m_output)) { }
    Program& operator=(Program&& other) noexcept;
    ~Program() { end(); }

    [[nodiscard]] pid_t id() const { return m_id; }
    // The first line of its standard output.
    [[nodiscard]] Result<std::string> readLine(std::chrono::milliseconds longest) const;
    // An error when it takes longer, or does not succeed.
    [[nodiscard]] Result<void> waitForEnd(std::chrono::milliseconds longest);

private:
    Program() = default;
    void end();

    pid_t m_id = -1;
    UniqueFd m_output;
};

// Of a process and those it began, as they are now.
struct Resources {
    double residentMegabytes = 0;     // RSS: what all of them have in memory
    double proportionalMegabytes = 0; // PSS: of what is shared with others, its share
    long ticks = 0;                   // of processor time
};
[[nodiscard]] Result<Resources> resourcesOf(pid_t process);

} // namespace gatehouse::bench
