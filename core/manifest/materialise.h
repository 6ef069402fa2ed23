// Turns a manifest into the files of a workspace: an empty private folder of ours becomes what the sandbox starts from.
//
// Sources are local: nothing is fetched. They are read by directory descriptor, no link is followed, and a link or a
// special file in a local source is an error that names it. All or nothing: on failure or cancellation the target is
// empty again. Blocks; any thread.
#pragma once

#include "core/foundation/cancel.h"
#include "core/foundation/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::workflow {
struct Manifest;
struct Project;
}

namespace gatehouse::manifest {

// What one entry became: the evidence of where the workspace's bytes came from.
struct Receipt {
    std::string entry;  // its path in the workspace
    std::string kind;   // "file", "dir", "local_file", "local_dir", "git_repo"
    std::string source; // as the document says it; empty for file and dir
    std::string commit; // of git_repo: 40 hex digits
    std::string sha256; // of a file's bytes; of a folder: of its list (see contentDigest)
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> submodules; // of git_repo: folders left empty
    bool operator==(const Receipt&) const = default;
};

// A folder's digest is the SHA-256 of one record per file and link, sorted by path: "<octal git mode> <sha256> <path>\0".

// documentDirectory: where relative sources start. Sources stay within the project's folder.
[[nodiscard]] Result<std::vector<Receipt>> materialise(const workflow::Manifest& manifest, const workflow::Project& project,
                                                       const std::string& documentDirectory, const std::string& targetDirectory,
                                                       const CancelToken& cancel = {});

} // namespace gatehouse::manifest
