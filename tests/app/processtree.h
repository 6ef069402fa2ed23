// What still runs: processes below one.
#pragma once

#include <string>
#include <vector>

namespace gatehouse::test {

// Children, their children and so on, of now.
[[nodiscard]] std::vector<int> processesBelow(int pid);
// Whether a process with the id is there and not a zombie.
[[nodiscard]] bool isRunning(int pid);
// What the kernel calls it; empty: there is none.
[[nodiscard]] std::string nameOf(int pid);

} // namespace gatehouse::test
