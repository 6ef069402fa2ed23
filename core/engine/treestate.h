// What the journal says about the git trees of a run: the entries, their last trees, and the steps that no tree has yet.
//
// A fold like Progress, so that a process that died between a tree and its record loses nothing: the next one writes
// the same steps again. Not thread-safe; the run's thread.
#pragma once

#include "core/foundation/result.h"
#include "core/journal/record.h"
#include "core/workspace/knownstate.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gatehouse::engine {

struct GitEntry {
    std::string path;   // in the workspace
    std::string commit; // that it began with
    std::string tree;   // the last that was written; empty: none yet
};

class TreeState {
public:
    [[nodiscard]] Result<void> apply(const journal::Record& record);

    [[nodiscard]] const std::vector<GitEntry>& entries() const { return m_entries; }
    // Changes inside git entries since the last trees, each path from its first version to its last, without bytes.
    [[nodiscard]] std::vector<workspace::PathEdit> unsaved() const;
    [[nodiscard]] bool upToDate() const { return m_unsaved.empty(); }
    // The last step that touched a git entry.
    [[nodiscard]] std::uint64_t lastStep() const { return m_unsaved.empty() ? 0 : m_unsaved.rbegin()->first; }
    // The entry that a path lies in; null: none.
    [[nodiscard]] const GitEntry* entryOf(const std::string& path) const;

private:
    void applySources(const nlohmann::json& data);
    [[nodiscard]] Result<void> applyStep(const nlohmann::json& data);
    void applySaved(const nlohmann::json& data);

    std::vector<GitEntry> m_entries;
    std::map<std::uint64_t, std::vector<workspace::PathStep>> m_unsaved; // by step
};

} // namespace gatehouse::engine
