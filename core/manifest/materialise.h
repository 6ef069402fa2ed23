// Turns a manifest into the files of a workspace: an empty private folder of ours becomes what the sandbox starts from.
//
// Sources are local: nothing is fetched. They are read by directory descriptor from the project's folder (or a grant's)
// down, no link is followed, and a link or a special file in a local source is an error that names it. Entries never
// overwrite one another. All or nothing: on failure or cancellation the target is empty again. Blocks; any thread.
#pragma once

#include "core/foundation/cancel.h"
#include "core/foundation/result.h"
#include "core/workflow/manifest.h"
#include "core/workflow/project.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::manifest {

// What one entry became: the evidence of where the workspace's bytes came from.
struct Receipt {
    std::string entry;       // its path in the workspace
    std::string kind;        // "file", "dir", "local_file", "local_dir", "git_repo"
    std::string source;      // as the manifest has it; empty for file and dir
    std::string commit;      // of git_repo: 40 hex digits
    std::string sha256;      // of a file's bytes; of a folder: of its list (contentdigest.h)
    std::uint64_t files = 0; // and links
    std::uint64_t bytes = 0;
    std::vector<std::string> leftOut; // submodules' folders, which stay empty; the project's own state
    bool operator==(const Receipt&) const = default;
};

// In the order of the entries. Errors name the entry's place in the document.
[[nodiscard]] Result<std::vector<Receipt>> materialise(const workflow::Manifest& manifest, const workflow::Project& project,
                                                       const std::string& targetDirectory, const CancelToken& cancel = {});

} // namespace gatehouse::manifest
