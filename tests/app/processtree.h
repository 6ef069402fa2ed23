// What still runs: processes below one, and all that have a word in their command line.
#pragma once

#include <string>
#include <vector>

namespace gatehouse::test {

// Children, their children and so on, of now.
[[nodiscard]] std::vector<int> processesBelow(int pid);
// Whether a process with the id is there and not a zombie.
[[nodiscard]] bool isRunning(int pid);

} // namespace gatehouse::test
