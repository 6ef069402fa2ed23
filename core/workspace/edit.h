// One path before and after: what a step, or a whole run, did to it. Values; any thread.
//
// Paths and bytes are what the file system holds: neither need be UTF-8. They are escaped only where they are shown
// (pathname.h). Digests are SHA-256 in lower-case hexadecimal and are the host's own.
#pragma once

#include "core/execution/change.h"
#include "core/execution/tool.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::workspace {

// What is known of a path at one moment. Bytes are a regular file's contents or a link's target.
struct PathVersion {
    execution::FileKind kind = execution::FileKind::Absent;
    std::uint32_t mode = 0; // permission bits, 07777
    std::uint64_t size = 0; // of regular files and link targets
    std::string sha256;     // of regular files and link targets; empty where the backend can't tell for a file that is too large
    std::string blob;       // the journal's reference to the bytes, as canonical JSON; empty until it has one

    [[nodiscard]] bool present() const { return kind != execution::FileKind::Absent; }
    [[nodiscard]] bool hasContent() const { return kind == execution::FileKind::Regular || kind == execution::FileKind::Symlink; }
    // Equal kind, mode and bytes. Two versions whose digest is not known are never the same.
    [[nodiscard]] bool sameAs(const PathVersion& other) const;
};

struct PathEdit {
    std::string path; // plain, relative to the workspace
    PathVersion before;
    PathVersion after;
    // Absent where there is no content, and where it was too large to be read (EditLimits).
    std::optional<std::string> bytesBefore;
    std::optional<std::string> bytesAfter;

    // Both sides have their bytes, as far as they have content.
    [[nodiscard]] bool complete() const;
};

// A tool's announced edit as a PathEdit, for makePatch: regular files.
[[nodiscard]] PathEdit pathEdit(const execution::FileEdit& edit);
// The edits of regular files and links with their bytes, for a diff.
[[nodiscard]] std::vector<execution::FileEdit> fileEdits(const std::vector<PathEdit>& edits);

} // namespace gatehouse::workspace
