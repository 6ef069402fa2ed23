// Deleting a tree that a sandbox wrote: beneath descriptors, nothing followed, whatever its modes.
#pragma once

#include <string>

namespace gatehouse::worker {

// path itself is ours. What can't be removed stays; the folder is private. Safe also while somebody still writes in there.
void removeTree(const std::string& path);
// All that is in a folder, but not the folder.
void emptyTree(const std::string& path);

} // namespace gatehouse::worker
