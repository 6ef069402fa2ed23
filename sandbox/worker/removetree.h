// Deleting a tree that a sandbox wrote: beneath descriptors, nothing followed, whatever its modes.
#pragma once

#include <string>

namespace gatehouse::worker {

// path itself is ours. What can't be removed stays; the folder is private.
void removeTree(const std::string& path);

} // namespace gatehouse::worker
