// From a step's change list to its edits: the host reads what the change list names and believes nothing else in it.
//
// The workspace is hostile: it is read only through the WorkspaceReader, which follows no link. Files over a limit
// are digested in pieces but their bytes not kept; devices, sockets and FIFOs are listed, never opened. Blocks for as
// long as reading takes; any thread.
#pragma once

#include "core/execution/change.h"
#include "core/execution/workspacereader.h"
#include "core/foundation/result.h"
#include "core/workspace/edit.h"
#include "core/workspace/knownstate.h"

#include <cstdint>
#include <vector>

namespace gatehouse::workspace {

struct EditLimits {
    std::uint64_t fileBytes = 32ull << 20;   // a larger file is listed by digest, without its bytes
    std::uint64_t totalBytes = 256ull << 20; // so are the files that come after this much in one step
    std::uint64_t digestBytes = 16ull << 30; // a still larger one is listed by size alone
    std::size_t changes = 400000;            // more changed paths than this in one step is ErrorCode::Limit
};

// Sorted by path; paths whose kind, mode and bytes are what they were are left out. Directories are among them.
[[nodiscard]] Result<std::vector<PathEdit>> collectEdits(const execution::ChangeSet& changes, const execution::WorkspaceReader& workspace,
                                                         const KnownState& known, const BytesSource& source, const EditLimits& limits = {});

} // namespace gatehouse::workspace
