#include "core/workspace/knownstate.h"

#include <algorithm>
#include <ranges>

#include "core/foundation/beneath.h"
#include "core/foundation/sha256.h"
#include "core/workspace/pathname.h"

namespace gatehouse::workspace {

using execution::FileCommit;
using execution::FileKind;

namespace {

// Versions whose digest nobody could make agree when what is known of them does.
bool agree(const PathVersion& a, const PathVersion& b)
{
    return a.sameAs(b) || (a.kind == b.kind && (a.sha256.empty() || b.sha256.empty()));
}

Result<std::optional<std::string>> bytesOf(const std::string& path, const PathVersion& version, const BytesSource& source)
{
    if (!version.hasContent() || version.blob.empty())
        return std::optional<std::string>();
    GH_ASSIGN(std::string bytes, source(path, version));
    if (sha256Hex(bytes) != version.sha256)
        return fail(ErrorCode::Corrupt, shownPath(path), "The stored bytes are not the ones that were written");
    return std::optional<std::string>(std::move(bytes));
}

// A folder has no digest, but "absent" is not what is expected of it.
std::optional<std::string> expected(const PathVersion& version)
{
    if (version.kind == FileKind::Directory)
        return sha256Hex({});
    return version.hasContent() ? std::optional(version.sha256) : std::nullopt;
}

bool canBeRemoved(const PathVersion& base)
{
    return base.kind == FileKind::Directory || (base.hasContent() && !base.sha256.empty());
}

// Its place must be empty before the new thing can come.
bool mustGoFirst(const KnownState::Entry& entry)
{
    return entry.base.present() && (!entry.now.present() || entry.base.kind != entry.now.kind);
}

FileCommit removal(const std::string& path, const PathVersion& base)
{
    return {path, expected(base), std::nullopt, base.mode, base.kind};
}

// What one commit of a sandbox takes; they need not be atomic together.
void addBatches(std::vector<std::vector<FileCommit>>& batches, std::vector<FileCommit> commits)
{
    constexpr std::size_t maximumFiles = 2000;
    constexpr std::uint64_t maximumBytes = 64ull << 20;
    std::uint64_t bytes = 0;
    bool open = false;
    for (FileCommit& commit : commits) {
        const std::uint64_t size = commit.bytes ? commit.bytes->size() : 0;
        open = open && batches.back().size() < maximumFiles && bytes + size <= maximumBytes;
        if (!open)
            batches.emplace_back();
        bytes = open ? bytes + size : size;
        open = true;
        batches.back().push_back(std::move(commit));
    }
}

} // namespace

Result<void> KnownState::apply(std::span<const PathStep> step)
{
    for (const PathStep& path : step) {
        if (!isPlainRelativePath(path.path))
            return fail(ErrorCode::Corrupt, shownPath(path.path), "A step names a path that is not inside the workspace");
        const Entry* entry = find(path.path);
        if (entry && !agree(entry->now, path.before))
            return fail(ErrorCode::Corrupt, shownPath(path.path), "A step starts from other bytes than the step before it left");
    }
    for (const PathStep& path : step) {
        const auto [place, isNew] = m_entries.try_emplace(path.path, Entry{path.before, path.after});
        if (!isNew)
            place->second.now = path.after;
    }
    return {};
}

Result<void> KnownState::apply(std::span<const PathEdit> step)
{
    std::vector<PathStep> paths;
    paths.reserve(step.size());
    for (const PathEdit& edit : step)
        paths.push_back({edit.path, edit.before, edit.after});
    return apply(paths);
}

const KnownState::Entry* KnownState::find(const std::string& path) const
{
    const auto found = m_entries.find(path);
    return found == m_entries.end() ? nullptr : &found->second;
}

Result<Rebuild> KnownState::rebuild(const BytesSource& source) const
{
    std::vector<FileCommit> files;
    std::vector<FileCommit> folders;
    std::map<std::ptrdiff_t, std::vector<FileCommit>> newFolders; // by depth: a commit makes no folder inside one of its own
    std::vector<FileCommit> newFiles;
    Rebuild out;
    // Deepest first, so that a folder is empty when its turn comes.
    for (const auto& [path, entry] : std::views::reverse(m_entries)) {
        if (!mustGoFirst(entry))
            continue;
        if (canBeRemoved(entry.base))
            (entry.base.kind == FileKind::Directory ? folders : files).push_back(removal(path, entry.base));
        else
            out.missing.push_back(path);
    }
    for (const auto& [path, entry] : m_entries) {
        if (!entry.now.present() || entry.now.sameAs(entry.base))
            continue;
        GH_ASSIGN(std::optional<std::string> bytes, bytesOf(path, entry.now, source));
        if (entry.now.kind == FileKind::Directory)
            bytes = std::string();
        if (!bytes || (entry.base.hasContent() && entry.base.sha256.empty())) {
            out.missing.push_back(path);
            continue;
        }
        const std::optional<std::string> present = mustGoFirst(entry) ? std::nullopt : expected(entry.base);
        std::vector<FileCommit>& commits = entry.now.kind == FileKind::Directory ? newFolders[std::ranges::count(path, '/')] : newFiles;
        commits.push_back({path, present, std::move(bytes), entry.now.mode, entry.now.kind});
    }
    addBatches(out.batches, std::move(files));
    addBatches(out.batches, std::move(folders));
    for (auto& [depth, commits] : newFolders)
        addBatches(out.batches, std::move(commits));
    addBatches(out.batches, std::move(newFiles));
    return out;
}

Result<std::vector<PathEdit>> KnownState::runEdits(const BytesSource& source, std::uint64_t fileBytes) const
{
    const auto limited = [&](const std::string& path, const PathVersion& version) -> Result<std::optional<std::string>> {
        if (version.size > fileBytes)
            return std::optional<std::string>();
        return bytesOf(path, version, source);
    };
    std::vector<PathEdit> out;
    for (const auto& [path, entry] : m_entries) {
        if (entry.base.sameAs(entry.now))
            continue;
        GH_ASSIGN(std::optional<std::string> before, limited(path, entry.base));
        GH_ASSIGN(std::optional<std::string> after, limited(path, entry.now));
        out.push_back({path, entry.base, entry.now, std::move(before), std::move(after)});
    }
    return out;
}

} // namespace gatehouse::workspace
