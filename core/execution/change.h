// What a call changed in the workspace, as the host saw it. Values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::execution {

// Other: a device, socket or FIFO. It is listed, never read.
enum class FileKind { Absent, Regular, Directory, Symlink, Other };

struct FileState {
    FileKind kind = FileKind::Absent;
    std::uint32_t mode = 0; // permission bits only, 07777
    std::uint64_t size = 0; // of regular files and link targets
    bool operator==(const FileState&) const = default;
};

// path is relative to the workspace, plain (foundation/beneath.h), in the file system's bytes: it may not be UTF-8.
struct Change {
    std::string path;
    FileState before;
    FileState after;
    bool operator==(const Change&) const = default;
};

// Every path that may differ from what it was before the call, sorted by path; a directory and its new contents are
// each listed, and so is every file of a removed directory. Contents are compared by whoever needs to know
// (core/workspace): a file rewritten with equal bytes may be listed.
struct ChangeSet {
    std::vector<Change> changes;
    bool quiescent = true; // false while something in the sandbox could still write
};

} // namespace gatehouse::execution
