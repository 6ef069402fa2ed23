// What changed in a workspace since the last look, from the overlay's upper layer alone: the cost grows with what the run has
// changed so far, not with the workspace.
//
// The scanner remembers of every upper file its inode, size and ctime, and of small ones the digest. A file written within the clock's
// grain before a look could be written again unseen, so its digest is kept and compared too. Not thread-safe; borrows the two folders.
//
// What can't be looked at is never left out in silence: the scan fails and names it.
#pragma once

#include "core/execution/change.h"
#include "core/foundation/cancel.h"
#include "core/foundation/result.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::host {

class ChangeScanner {
public:
    // upper or lower may be -1: then that layer is empty.
    // grace: how long a scan goes on that is cancelled.
    ChangeScanner(int upper, int lower, std::chrono::milliseconds grace = std::chrono::seconds(2))
        : m_upper(upper), m_lower(lower), m_grace(grace)
    {
    }
    // The changes since the last call; of the first one, since the sandbox was made. After a failure the next call starts from where
    // the last good one was. Cancelled, it goes on for a moment, so that a stopped call still says what it did; then it is
    // ErrorCode::Cancelled. Deeper than 200 folders is ErrorCode::Limit.
    [[nodiscard]] Result<execution::ChangeSet> scan(const CancelToken& cancel = {});

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

    [[nodiscard]] Result<void> look(int folder, const std::string& prefix, int depth, Entries& into);
    [[nodiscard]] Result<void> lookInto(int folder, const std::string& name, const std::string& path, int depth, Entry& entry,
                                        Entries& into);
    [[nodiscard]] Result<Entry> entryOf(int folder, const char* name, const std::string& path, std::int64_t now) const;
    [[nodiscard]] Result<execution::FileState> stateIn(const Entries& entries, const std::string& path) const;
    [[nodiscard]] Result<execution::FileState> lowerState(const std::string& path) const;
    [[nodiscard]] Result<bool> sameContent(const std::string& path, const Entry* before, const Entry& after) const;
    [[nodiscard]] Result<void> addLowerBeneath(const std::string& path, int depth, std::set<std::string>& paths);
    [[nodiscard]] Result<void> addPaths(const Entries& now, std::set<std::string>& paths);
    [[nodiscard]] Result<execution::ChangeSet> compare(const Entries& now, const std::set<std::string>& paths);
    [[nodiscard]] Result<void> checkCancelled();

    int m_upper;
    int m_lower;
    Entries m_last;
    std::chrono::milliseconds m_grace;
    CancelToken m_cancel;
    std::optional<std::chrono::steady_clock::time_point> m_cancelledAt; // when this scan first saw it
};

} // namespace gatehouse::host
