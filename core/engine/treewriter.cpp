#include "core/engine/treewriter.h"

#include "core/engine/runpaths.h"
#include "core/manifest/localsource.h"

#include <algorithm>

#include <fcntl.h>

namespace gatehouse::engine {

using workspace::PathEdit;

// Bytes of changed files that are in memory at once.
static constexpr std::uint64_t batchBytes = 32u << 20;
static constexpr const char* storeName = "/trees";

TreeWriter::TreeWriter(const RunPlan& plan, std::string runDirectory, CancelToken cancel)
    : m_plan(plan), m_runDirectory(std::move(runDirectory)), m_cancel(std::move(cancel))
{
}

Result<void> TreeWriter::open()
{
    if (!m_reader) {
        GH_ASSIGN(m_reader, journal::Reader::open(m_runDirectory));
    }
    if (!m_store) {
        GH_ASSIGN(m_store, workspace::TreeStore::open(m_runDirectory + storeName));
    }
    return {};
}

Result<std::vector<WrittenTree>> TreeWriter::write(const std::vector<TreeOrder>& orders)
{
    GH_TRY(open());
    std::vector<WrittenTree> out;
    for (const TreeOrder& order : orders) {
        GH_ASSIGN(WrittenTree written, writeOne(order));
        out.push_back(std::move(written));
    }
    return out;
}

Result<std::string> TreeWriter::baseOf(const TreeOrder& order)
{
    if (!order.previous.empty())
        return order.previous;
    for (const workflow::ManifestEntry& entry : m_plan.workflow.manifest.entries) {
        const auto* repository = std::get_if<workflow::GitRepoEntry>(&entry.content);
        if (!repository || entry.path != order.entry)
            continue;
        GH_ASSIGN(const UniqueFd source, manifest::openSource(m_plan.project, repository->repo, O_RDONLY | O_DIRECTORY));
        return m_store->import(source.get(), order.commit, repository->subpath, repository->repo, m_cancel);
    }
    return fail(ErrorCode::NotFound, order.entry, "The workflow has no such git entry");
}

Result<WrittenTree> TreeWriter::writeOne(const TreeOrder& order)
{
    WrittenTree written{order.entry, {}, {}};
    GH_ASSIGN(written.tree, baseOf(order));
    const workspace::BytesSource source = blobSource(*m_reader);
    // What goes comes first, all at once: a file's name may become a folder's, or the other way round.
    std::vector<PathEdit> batch;
    std::ranges::copy_if(order.changes, std::back_inserter(batch), [](const PathEdit& edit) { return !edit.after.hasContent(); });
    GH_TRY(writeBatch(order, batch, written));
    std::uint64_t bytes = 0;
    for (const PathEdit& change : order.changes) {
        if (!change.after.hasContent())
            continue;
        batch.push_back(change);
        if (!change.after.blob.empty()) {
            GH_ASSIGN(batch.back().bytesAfter, source(change.path, change.after));
            bytes += batch.back().bytesAfter->size();
        }
        if (bytes < batchBytes)
            continue;
        GH_TRY(writeBatch(order, batch, written));
        bytes = 0;
    }
    GH_TRY(writeBatch(order, batch, written));
    return written;
}

Result<void> TreeWriter::writeBatch(const TreeOrder& order, std::vector<PathEdit>& batch, WrittenTree& written)
{
    if (batch.empty())
        return {};
    if (m_cancel.cancelled())
        return fail(ErrorCode::Cancelled, order.entry, "The run was stopped before its tree was written");
    GH_ASSIGN(workspace::StoredTree stored, m_store->write(written.tree, batch, order.entry));
    written.tree = std::move(stored.tree);
    std::ranges::move(stored.excluded, std::back_inserter(written.excluded));
    batch.clear();
    return {};
}

} // namespace gatehouse::engine
