// Who owns the files of a folder: started by root, a sandbox maps each of them to an id of its own.
#pragma once

#include "core/foundation/result.h"
#include "sandbox/protocol/launchmessages.h"

#include <string>

namespace gatehouse::host {

// The folder's own owner and group first. At most protocol::maximumOwners of each; files of further owners are shown as nobody's:
// readable where their mode says so, never writable.
[[nodiscard]] Result<protocol::OwnerIds> scanOwners(const std::string& folder);

} // namespace gatehouse::host
