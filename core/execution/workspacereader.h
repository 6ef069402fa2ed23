// Reading a workspace that a sandbox may be writing: contents as of now, and as the sandbox first saw it.
#pragma once

#include "core/execution/change.h"
#include "core/foundation/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::execution {

struct FileContent {
    FileState state;
    std::string bytes; // of a regular file; the target of a symbolic link; empty otherwise
};

struct FileDigest {
    FileState state;
    std::string sha256; // lower-case hexadecimal
};

struct DirectoryEntry {
    std::string name;
    FileKind kind = FileKind::Other;
};

// No symbolic link is ever followed, in any component. A path that is absent gives FileKind::Absent, not an error.
// Thread-safe; owned by the session it belongs to.
class WorkspaceReader {
public:
    virtual ~WorkspaceReader() = default;
    // The file as it is now. More than maximum bytes is an error (ErrorCode::Limit), never a cut.
    [[nodiscard]] virtual Result<FileContent> read(const std::string& path, std::uint64_t maximum) const = 0;
    // The file as it was when the sandbox was made, untouched by it.
    [[nodiscard]] virtual Result<FileContent> readBase(const std::string& path, std::uint64_t maximum) const = 0;
    // State and digest of a regular file as it is now, read in pieces: for files too large to hold. A backend that can't
    // says so (ErrorCode::Unsupported); anything but a regular file of at most maximum bytes is an error.
    [[nodiscard]] virtual Result<FileDigest> digest(const std::string& path, std::uint64_t maximum) const
    {
        static_cast<void>(maximum);
        return fail(ErrorCode::Unsupported, path, "This sandbox can't digest a file in pieces");
    }
    // Sorted by name; an absent directory is an error (ErrorCode::NotFound).
    [[nodiscard]] virtual Result<std::vector<DirectoryEntry>> list(const std::string& path) const = 0;
};

} // namespace gatehouse::execution
