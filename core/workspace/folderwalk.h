// Everything beneath a directory descriptor, in order, no link followed. Any thread.
#pragma once

#include "core/execution/change.h"
#include "core/foundation/result.h"

#include <cstdint>
#include <functional>
#include <string>

namespace gatehouse::workspace {

struct FolderItem {
    std::string path; // relative to where the walk began, plain
    std::string name; // its last component
    execution::FileKind kind = execution::FileKind::Other;
    std::uint32_t mode = 0; // permission bits
    std::uint64_t size = 0;
    int parent = -1; // descriptor of the folder it stands in, good during the visit
};

// Folders before what is in them, siblings sorted by name. The visitor's error ends the walk. name is for errors.
// Deeper than 200 folders is ErrorCode::Limit. What vanishes during the walk is skipped.
[[nodiscard]] Result<void> walkFolder(int folder, const std::string& name, const std::function<Result<void>(const FolderItem&)>& visit);

} // namespace gatehouse::workspace
