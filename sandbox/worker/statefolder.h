// The private folders that hold a sandbox's layer when its host names none. Each is locked as long as its launcher or its worker
// lives; one that nobody has locked any more is left over from a launcher that was killed.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <string>

namespace gatehouse::worker {

struct PrivateFolder {
    std::string path;
    UniqueFd lock;
};

[[nodiscard]] Result<PrivateFolder> makePrivateFolder(const std::string& parent);
// Removes what was left over there, if it is ours beyond doubt: our name, our user, mode 0700, a minute old, and not locked.
void sweepPrivateFolders(const std::string& parent);

} // namespace gatehouse::worker
