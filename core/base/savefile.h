// Replacing a file whole: after a crash it holds the old bytes or the new ones, never a part. Any thread.
#pragma once

#include "core/foundation/result.h"

#include <string>
#include <string_view>
#include <sys/types.h>

namespace gatehouse {

// Writes beside it under a new name, syncs, renames, syncs the folder. Nothing stays behind on an error.
// A symbolic link at path is replaced, not followed. ENOSPC and the like are ErrorCode::Record.
[[nodiscard]] Result<void> saveFile(const std::string& path, std::string_view bytes, mode_t mode = 0644);
// The same beneath a directory descriptor; name has no slash.
[[nodiscard]] Result<void> saveFileAt(int directory, const std::string& name, std::string_view bytes, mode_t mode);

} // namespace gatehouse
