// What changed in a workspace since the last look, from the overlay's upper layer alone: the cost grows with what the run has
// changed so far, not with the workspace.
//
// The scanner remembers of every upper file its inode, size and ctime, and of small ones the digest. A file written within the clock's
// grain before a look could be written again unseen, so its digest is kept and compared too. Not thread-safe; borrows the two folders.
#pragma once

#include "core/execution/change.h"
#include "core/foundation/result.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::host {

class ChangeScanner {
public:
    // upper or lower may be -1: then that layer is empty.
    ChangeScanner(int upper, int lower) : m_upper(upper), m_lower(lower) { }
    // The changes since the last call; of the first one, since the sandbox was made.
    [[nodiscard]] Result<execution::ChangeSet> scan();

private:
    struct Entry {
        execution::FileState state; // Absent: a deletion
        std::uint64_t inode = 0;
        std::int64_t changedNs = 0;
        bool opaque = false;
        std::string target; // of a symbolic link
        std::string digest; // of a small or a fresh file
        bool fresh = false; // written so shortly before the look that its ctime does not tell the next write
        [[nodiscard]] bool hidesLower() const { return opaque || state.kind != execution::FileKind::Directory; }
    };
    using Entries = std::map<std::string, Entry>;

    void look(int folder, const std::string& prefix, int depth, Entries& into) const;
    [[nodiscard]] Entry entryOf(int folder, const char* name, const std::string& path, std::int64_t now) const;
    [[nodiscard]] execution::FileState stateIn(const Entries& entries, const std::string& path) const;
    [[nodiscard]] execution::FileState lowerState(const std::string& path) const;
    [[nodiscard]] bool sameContent(const std::string& path, const Entry* before, const Entry& after) const;
    void addLowerBeneath(const std::string& path, std::set<std::string>& paths) const;
    void addPaths(const Entries& now, std::set<std::string>& paths) const;

    int m_upper;
    int m_lower;
    Entries m_last;
};

} // namespace gatehouse::host
