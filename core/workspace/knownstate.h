// KnownState: what the host knows of the workspace's changed paths, as a fold over the steps of a run.
//
// A path's base is what it was when the first step touched it; now is what the last step left. "Before" of the next
// step is "now" of this one, so that the patches of all steps compose, whatever a background process did between.
// The engine owns one per run and folds it again from the journal's step records on resume. Not thread-safe.
#pragma once

#include "core/execution/execrequest.h"
#include "core/foundation/result.h"
#include "core/workspace/edit.h"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::workspace {

// Gives the bytes of a version that was journaled; called only for versions with a blob.
using BytesSource = std::function<Result<std::string>(const std::string& path, const PathVersion& version)>;

// One entry of a step record.
struct PathStep {
    std::string path;
    PathVersion before;
    PathVersion after;
};

// Commits that turn a fresh workspace into the known one, and the paths whose bytes were never kept.
struct Rebuild {
    // Each is one SandboxSession::commitFiles, in this order: files that go, folders that go, folders that come, files
    // that come; each in portions that a sandbox takes.
    std::vector<std::vector<execution::FileCommit>> batches;
    std::vector<std::string> missing; // too large, or of a kind that can't be made again
};

class KnownState {
public:
    struct Entry {
        PathVersion base;
        PathVersion now;
    };

    // Folds one step. A step whose before is not our now is ErrorCode::Corrupt and changes nothing.
    [[nodiscard]] Result<void> apply(std::span<const PathStep> step);
    [[nodiscard]] Result<void> apply(std::span<const PathEdit> step);
    // Null for a path that no step touched.
    [[nodiscard]] const Entry* find(const std::string& path) const;
    [[nodiscard]] const std::map<std::string, Entry>& entries() const { return m_entries; }
    [[nodiscard]] Result<Rebuild> rebuild(const BytesSource& source) const;
    // The whole run: base against now, paths that came back to their base left out. Contents larger than
    // fileBytes stay without bytes.
    [[nodiscard]] Result<std::vector<PathEdit>> runEdits(const BytesSource& source, std::uint64_t fileBytes) const;

private:
    std::map<std::string, Entry> m_entries;
};

} // namespace gatehouse::workspace
