// Writing a sandbox's changes back to the host folder it was made from, on explicit demand only.
// Both sides are touched beneath directory descriptors; nothing is followed. Any thread.
#pragma once

#include "core/execution/change.h"
#include "core/execution/workspacereader.h"
#include "core/foundation/result.h"

#include <cstddef>
#include <string>

namespace gatehouse::host {

struct WriteBackReport {
    std::size_t written = 0;
    std::size_t removed = 0;
};

// Regular files, folders and removals are applied; symbolic links and special files are refused before anything is written
// (ErrorCode::InvalidInput names the path). Modes are reduced to 0644 or 0755 and the target folder's own owner is given
// to what is new. Not atomic over several files: an error names the file it stopped at.
[[nodiscard]] Result<WriteBackReport> writeBack(const execution::ChangeSet& changes, const execution::WorkspaceReader& source,
                                                const std::string& folder);
} // namespace gatehouse::host
