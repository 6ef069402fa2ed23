#include "core/workspace/collectedits.h"

#include <algorithm>

#include "core/foundation/beneath.h"
#include "core/foundation/sha256.h"
#include "core/workspace/pathname.h"

namespace gatehouse::workspace {

using execution::Change;
using execution::FileContent;
using execution::FileKind;
using execution::FileState;

namespace {

struct Side {
    PathVersion version;
    std::optional<std::string> bytes;
};

PathVersion versionOf(const FileState& state)
{
    return {state.kind, state.kind == FileKind::Absent ? 0 : state.mode, state.size, {}, {}};
}

Side sideOf(FileContent&& content)
{
    Side side{versionOf(content.state), std::nullopt};
    if (!side.version.hasContent()) {
        side.version.size = 0;
        return side;
    }
    side.version.size = content.bytes.size();
    side.version.sha256 = sha256Hex(content.bytes);
    side.bytes = std::move(content.bytes);
    return side;
}

class Collector {
public:
    Collector(const execution::WorkspaceReader& workspace, const KnownState& known, const BytesSource& source, const EditLimits& limits)
        : m_workspace(workspace), m_known(known), m_source(source), m_limits(limits), m_left(limits.totalBytes)
    {
    }

    Result<PathEdit> collect(const Change& change)
    {
        GH_ASSIGN(Side before, sideBefore(change));
        GH_ASSIGN(Side after, sideNow(change));
        return PathEdit{change.path, std::move(before.version), std::move(after.version), std::move(before.bytes), std::move(after.bytes)};
    }

private:
    // What may still be kept of one file.
    std::uint64_t allowance() const { return std::min(m_limits.fileBytes, m_left); }

    Side keep(Side side)
    {
        if (side.bytes)
            m_left -= std::min<std::uint64_t>(m_left, side.bytes->size());
        return side;
    }

    Result<Side> sideNow(const Change& change)
    {
        auto content = m_workspace.read(change.path, allowance());
        if (content)
            return keep(sideOf(std::move(*content)));
        if (content.error().code == ErrorCode::Limit)
            return largeSide(change);
        if (goneWithItsFolder(change.path))
            return Side{};
        // The sandbox's owner of the file may have shut us out: it is listed, without digest, and shown as such.
        if (content.error().code == ErrorCode::PermissionDenied)
            return Side{versionOf(change.after), std::nullopt};
        return std::unexpected(std::move(content).error());
    }

    Result<Side> largeSide(const Change& change)
    {
        auto digest = m_workspace.digest(change.path, m_limits.digestBytes);
        if (!digest)
            return Side{versionOf(change.after), std::nullopt};
        Side side{versionOf(digest->state), std::nullopt};
        side.version.sha256 = std::move(digest->sha256);
        return side;
    }

    // A folder above it is a link or a file by now: nothing of the workspace is at this path.
    bool goneWithItsFolder(const std::string& path) const
    {
        for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
            const auto folder = m_workspace.read(path.substr(0, slash), m_limits.fileBytes);
            if (folder && folder->state.kind != FileKind::Directory)
                return true;
        }
        return false;
    }

    Result<Side> sideBefore(const Change& change)
    {
        if (const KnownState::Entry* entry = m_known.find(change.path))
            return knownSide(change.path, entry->now);
        auto content = m_workspace.readBase(change.path, allowance());
        if (content)
            return keep(sideOf(std::move(*content)));
        if (content.error().code == ErrorCode::Limit || content.error().code == ErrorCode::PermissionDenied)
            return Side{versionOf(change.before), std::nullopt};
        return std::unexpected(std::move(content).error());
    }

    Result<Side> knownSide(const std::string& path, const PathVersion& version)
    {
        Side side{version, std::nullopt};
        if (!version.hasContent() || version.blob.empty() || version.size > allowance())
            return side;
        GH_ASSIGN(side.bytes, m_source(path, version));
        if (sha256Hex(*side.bytes) != version.sha256)
            return fail(ErrorCode::Corrupt, shownPath(path), "The stored bytes of the previous step are not the ones that were written");
        return keep(std::move(side));
    }

    const execution::WorkspaceReader& m_workspace;
    const KnownState& m_known;
    const BytesSource& m_source;
    const EditLimits& m_limits;
    std::uint64_t m_left;
};

// The change list's paths, in order, each once: it comes from beside the sandbox.
Result<std::vector<const Change*>> checkedChanges(const std::vector<Change>& changes, const EditLimits& limits)
{
    if (changes.size() > limits.changes)
        return fail(ErrorCode::Limit, "change list", Message("One step changed more than %1 paths", {std::to_string(limits.changes)}));
    std::vector<const Change*> out;
    out.reserve(changes.size());
    for (const Change& change : changes) {
        if (!isPlainRelativePath(change.path))
            return fail(ErrorCode::Worker, shownPath(change.path), "The change list names a path that is not inside the workspace");
        out.push_back(&change);
    }
    std::ranges::sort(out, {}, &Change::path);
    const auto doubled = std::ranges::unique(out, {}, &Change::path);
    out.erase(doubled.begin(), doubled.end());
    return out;
}

} // namespace

Result<std::vector<PathEdit>> collectEdits(const execution::ChangeSet& changes, const execution::WorkspaceReader& workspace,
                                           const KnownState& known, const BytesSource& source, const EditLimits& limits)
{
    GH_ASSIGN(const std::vector<const Change*> paths, checkedChanges(changes.changes, limits));
    Collector collector(workspace, known, source, limits);
    std::vector<PathEdit> edits;
    for (const Change* change : paths) {
        GH_ASSIGN(PathEdit edit, collector.collect(*change));
        if (!edit.before.sameAs(edit.after))
            edits.push_back(std::move(edit));
    }
    return edits;
}

} // namespace gatehouse::workspace
