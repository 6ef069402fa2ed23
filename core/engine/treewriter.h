// TreeWriter: writes git trees into the run's own store, from the journal's bytes. Blocks; one thread at a time.
#pragma once

#include "core/engine/runplan.h"
#include "core/foundation/cancel.h"
#include "core/foundation/result.h"
#include "core/journal/reader.h"
#include "core/workspace/edit.h"
#include "core/workspace/treestore.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::engine {

// One entry's next tree.
struct TreeOrder {
    std::string entry;
    std::string commit;                       // that it began with
    std::string previous;                     // a tree of the store; empty: the commit's
    std::vector<workspace::PathEdit> changes; // since then, without bytes
};

struct WrittenTree {
    std::string entry;
    std::string tree;
    std::vector<workspace::ExcludedPath> excluded;
};

class TreeWriter {
public:
    TreeWriter(const RunPlan& plan, std::string runDirectory, CancelToken cancel);
    // Costs what changed, but for an entry's first tree: that copies the commit into the store.
    [[nodiscard]] Result<std::vector<WrittenTree>> write(const std::vector<TreeOrder>& orders);

private:
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<WrittenTree> writeOne(const TreeOrder& order);
    [[nodiscard]] Result<std::string> baseOf(const TreeOrder& order);
    [[nodiscard]] Result<void> writeBatch(const TreeOrder& order, std::vector<workspace::PathEdit>& batch, WrittenTree& written);

    const RunPlan& m_plan;
    std::string m_runDirectory;
    CancelToken m_cancel;
    // Kept: a reader that is made anew would walk all payloads of the run.
    std::optional<journal::Reader> m_reader;
    std::unique_ptr<workspace::TreeStore> m_store;
};

} // namespace gatehouse::engine
