// Plain processes, timed: what everything else is compared with.
#pragma once

#include "core/foundation/result.h"

#include <string>
#include <utility>
#include <vector>

namespace gatehouse::bench {

// fork, exec of /bin/true, wait: milliseconds.
[[nodiscard]] Result<double> forkAndExecTrue();

// Starts the command and stops the watch when it has printed the line "painted" on standard output; then waits for its end.
// environment is added to ours.
[[nodiscard]] Result<double> timeUntilPainted(const std::vector<std::string>& command,
                                              const std::vector<std::pair<std::string, std::string>>& environment);

// Runs the command to its end; the number that is the last line of its standard output. Longer than a minute: an error.
[[nodiscard]] Result<double> figureOf(const std::vector<std::string>& command,
                                      const std::vector<std::pair<std::string, std::string>>& environment);

} // namespace gatehouse::bench
