// An atomic commit of files beneath /workspace, as the sandbox's own user: everything is checked and staged before the first
// name changes, and a failure on the way puts back what was there. Nothing is followed.
#pragma once

#include "sandbox/protocol/messages.h"

#include <string>
#include <vector>

namespace gatehouse::worker {

// contents[i] are the bytes of files[i]; fewer contents than files: the rest are empty.
[[nodiscard]] protocol::CommitDone commitFiles(const std::vector<protocol::CommitFile>& files, const std::vector<std::string>& contents);
// Beneath another folder than /workspace, for tests.
[[nodiscard]] protocol::CommitDone commitFilesBeneath(int folder, const std::vector<protocol::CommitFile>& files,
                                                      const std::vector<std::string>& contents);

} // namespace gatehouse::worker
