// The launcher: the only process that makes namespaces. One thread, no secrets, an empty environment.
//
// It serves one host over descriptor 3 and ends when that closes: then every sandbox is killed, its cgroup removed and its
// private state deleted. Workers also die with the launcher (PR_SET_PDEATHSIG), should it be killed itself.
#pragma once

namespace gatehouse::worker {

[[nodiscard]] int runLauncher();

} // namespace gatehouse::worker
