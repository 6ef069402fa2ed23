#include "sandbox/host/changescan.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "core/foundation/sha256.h"
#include "sandbox/host/layeredworkspace.h"
#include "sandbox/host/upperfolder.h"

namespace gatehouse::host {

using execution::FileKind;
using execution::FileState;

// No program makes deeper folders but to trouble us.
static constexpr int maximumDepth = 200;
// Below it, equal bytes are found to be equal; above, a rewritten file is listed as perhaps changed.
static constexpr std::uint64_t maximumCompared = 64ull << 20;
// Up to this size every changed file's digest is kept, so that touching it again is no change; above, only while it is fresh.
static constexpr std::uint64_t maximumKept = 1ull << 20;
// The coarsest clock tick of file times in use (HZ=100).
static constexpr std::int64_t clockGrainNs = 10'000'000;

static std::int64_t nanoseconds(const timespec& time)
{
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

static std::int64_t fileClock()
{
    timespec now = {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return nanoseconds(now);
}

static std::string readLink(int folder, const char* name)
{
    char target[PATH_MAX];
    const ssize_t length = ::readlinkat(folder, name, target, sizeof target);
    return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : std::string();
}

// Empty when it is too large or not there any more: then it counts as changed.
static Result<std::string> digestOf(UniqueFd fd, const std::string& path)
{
    struct stat info = {};
    if (!fd && errno != ENOENT && errno != ENOTDIR)
        return failErrno(path, "Could not read what the sandbox changed", errno);
    if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return std::string();
    const auto bytes = readAll(fd.get(), path, maximumCompared);
    if (!bytes && bytes.error().code != ErrorCode::Limit)
        return std::unexpected(bytes.error());
    return bytes ? sha256Hex(*bytes) : std::string();
}

static std::string parentOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

static std::string nameOf(const std::string& path)
{
    return path.substr(path.rfind('/') + 1);
}

static Result<std::string> digestInUpper(int upper, const std::string& path)
{
    const UpperFolder parent = UpperFolder::openPath(upper, parentOf(path));
    return digestOf(parent ? openUpperFile(parent.get(), nameOf(path).c_str()) : UniqueFd(), path);
}

// Nothing beneath the person's own folder is opened by changing its mode: what is closed there is an error.
static std::unexpected<Error> failLower(const std::string& path, Error error)
{
    return fail(ErrorCode::PermissionDenied, path,
                Message("What the sandbox may have changed below can't be compared: %1", {error.why.format()}),
                "Give yourself read permission to it in the workspace");
}

// Whether it is a mode that keeps us from the path, not its absence or a link on the way.
static bool isClosedBelow(int lower, const std::string& path)
{
    UniqueFd here(::openat(lower, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (std::size_t from = 0; here && from < path.size();) {
        const std::size_t slash = std::min(path.find('/', from), path.size());
        here.reset(::openat(here.get(), path.substr(from, slash - from).c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!here)
            return errno == EACCES;
        from = slash + 1;
    }
    return true;
}

// Empty where there is nothing, or nothing without following a link.
static Result<UniqueFd> openLower(int lower, const std::string& path, int flags)
{
    auto fd = openBeneath(lower, path, flags);
    if (!fd && fd.error().code == ErrorCode::PermissionDenied && isClosedBelow(lower, path))
        return failLower(path, fd.error());
    return fd ? std::move(*fd) : UniqueFd();
}

static Result<std::string> digestInLower(int lower, const std::string& path)
{
    GH_ASSIGN(UniqueFd fd, openLower(lower, path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    return fd ? digestOf(std::move(fd), path) : Result<std::string>(std::string());
}

Result<void> ChangeScanner::checkCancelled()
{
    if (!m_cancel.cancelled())
        return {};
    const auto now = std::chrono::steady_clock::now();
    if (!m_cancelledAt)
        m_cancelledAt = now;
    if (now - *m_cancelledAt < m_grace)
        return {};
    return fail(ErrorCode::Cancelled, "workspace", "Looking for what the call changed was cancelled");
}

Result<ChangeScanner::Entry> ChangeScanner::entryOf(int folder, const char* name, const std::string& path, std::int64_t now) const
{
    struct stat info = {};
    Entry entry;
    if (::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return entry;
        return failErrno(path, "Could not look at what the sandbox changed", errno);
    }
    entry.state = stateOf(info);
    entry.inode = info.st_ino;
    entry.changedNs = nanoseconds(info.st_ctim);
    if (entry.state.kind == FileKind::Symlink)
        entry.target = readLink(folder, name);
    if (entry.state.kind != FileKind::Regular)
        return entry;
    entry.fresh = entry.changedNs > now - clockGrainNs;
    const auto known = m_last.find(path);
    const bool untouched = known != m_last.end() && known->second.inode == entry.inode && known->second.changedNs == entry.changedNs;
    if (untouched && !known->second.fresh) {
        entry.digest = known->second.digest;
    } else if (entry.fresh || entry.state.size <= maximumKept) {
        GH_ASSIGN(entry.digest, digestOf(openUpperFile(folder, name), path));
    }
    return entry;
}

Result<void> ChangeScanner::lookInto(int folder, const std::string& name, const std::string& path, int depth, Entry& entry, Entries& into)
{
    if (depth >= maximumDepth || path.size() >= PATH_MAX - NAME_MAX - 2)
        return fail(ErrorCode::Limit, path.substr(0, 200),
                    Message("Folders in the workspace are nested deeper than %1", {std::to_string(maximumDepth)}),
                    "What a call changed there can't be told");
    const UpperFolder inner = UpperFolder::open(folder, name.c_str());
    if (!inner) {
        if (errno == ENOENT || errno == ENOTDIR)
            return {};
        return failErrno(path, "Could not look into a folder of the sandbox", errno);
    }
    entry.opaque = isOpaque(inner.get());
    return look(inner.get(), path + '/', depth + 1, into);
}

Result<void> ChangeScanner::look(int folder, const std::string& prefix, int depth, Entries& into)
{
    GH_ASSIGN(const std::vector<std::string> names, namesIn(folder, prefix));
    for (const std::string& name : names) {
        GH_TRY(checkCancelled());
        const std::string path = prefix + name;
        GH_ASSIGN(Entry entry, entryOf(folder, name.c_str(), path, fileClock()));
        if (entry.state.kind == FileKind::Directory)
            GH_TRY(lookInto(folder, name, path, depth, entry, into));
        into.emplace(path, std::move(entry));
    }
    return {};
}

Result<FileState> ChangeScanner::lowerState(const std::string& path) const
{
    if (m_lower < 0)
        return FileState();
    GH_ASSIGN(const UniqueFd fd, openLower(m_lower, path, O_PATH));
    struct stat info = {};
    return fd && ::fstat(fd.get(), &info) == 0 ? stateOf(info) : FileState();
}

Result<FileState> ChangeScanner::stateIn(const Entries& entries, const std::string& path) const
{
    if (const auto entry = entries.find(path); entry != entries.end())
        return entry->second.state;
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
        if (const auto parent = entries.find(path.substr(0, slash)); parent != entries.end() && parent->second.hidesLower())
            return FileState();
    return lowerState(path);
}

// before: the upper file of the last look; null: what lies below.
Result<bool> ChangeScanner::sameContent(const std::string& path, const Entry* before, const Entry& after) const
{
    if (after.state.kind == FileKind::Symlink) {
        if (before != nullptr)
            return before->target == after.target;
        const auto parent = openBeneath(m_lower, parentOf(path), O_PATH | O_DIRECTORY);
        return parent && readLink(parent->get(), nameOf(path).c_str()) == after.target;
    }
    if (after.state.kind != FileKind::Regular)
        return true;
    if (before == nullptr) {
        GH_ASSIGN(const std::string below, digestInLower(m_lower, path));
        if (below.empty())
            return false;
        GH_ASSIGN(const std::string above, digestInUpper(m_upper, path));
        return below == above;
    }
    const bool untouched = before->inode == after.inode && before->changedNs == after.changedNs;
    if (before->digest.empty() || (untouched && !before->fresh))
        return untouched;
    if (!after.digest.empty())
        return before->digest == after.digest;
    GH_ASSIGN(const std::string now, digestInUpper(m_upper, path));
    return before->digest == now;
}

Result<void> ChangeScanner::addLowerBeneath(const std::string& path, int depth, std::set<std::string>& paths)
{
    if (m_lower < 0)
        return {};
    if (depth > maximumDepth)
        return fail(ErrorCode::Limit, path.substr(0, 200),
                    Message("Folders in the workspace are nested deeper than %1", {std::to_string(maximumDepth)}));
    GH_ASSIGN(const UniqueFd folder, openLower(m_lower, path, O_RDONLY | O_DIRECTORY));
    if (!folder)
        return {};
    GH_ASSIGN(const std::vector<std::string> names, namesIn(folder.get(), path));
    for (const std::string& name : names) {
        GH_TRY(checkCancelled());
        const std::string inner = path + '/' + name;
        paths.insert(inner);
        GH_ASSIGN(const FileState state, lowerState(inner));
        if (state.kind == FileKind::Directory)
            GH_TRY(addLowerBeneath(inner, depth + 1, paths));
    }
    return {};
}

// Every path on which the two looks may differ: what stands in either, and what either hides of the lower layer.
Result<void> ChangeScanner::addPaths(const Entries& now, std::set<std::string>& paths)
{
    const auto add = [this, &paths](const Entries& these, const Entries& others) -> Result<void> {
        for (const auto& [path, entry] : these) {
            paths.insert(path);
            const auto other = others.find(path);
            const bool hiddenThere = other != others.end() && other->second.hidesLower();
            if (entry.hidesLower() == hiddenThere)
                continue;
            GH_ASSIGN(const FileState below, lowerState(path));
            if (below.kind == FileKind::Directory)
                GH_TRY(addLowerBeneath(path, 0, paths));
        }
        return {};
    };
    GH_TRY(add(now, m_last));
    return add(m_last, now);
}

Result<execution::ChangeSet> ChangeScanner::compare(const Entries& now, const std::set<std::string>& paths)
{
    execution::ChangeSet set;
    for (const std::string& path : paths) {
        GH_TRY(checkCancelled());
        const auto before = m_last.find(path);
        const auto after = now.find(path);
        execution::Change change{path, {}, {}};
        GH_ASSIGN(change.before, stateIn(m_last, path));
        GH_ASSIGN(change.after, stateIn(now, path));
        const Entry* old = before != m_last.end() && before->second.state.kind != FileKind::Absent ? &before->second : nullptr;
        bool same = change.before == change.after;
        if (same && after != now.end() && change.after.kind != FileKind::Absent) {
            GH_ASSIGN(same, sameContent(path, old, after->second));
        }
        if (!same)
            set.changes.push_back(std::move(change));
    }
    return set;
}

Result<execution::ChangeSet> ChangeScanner::scan(const CancelToken& cancel)
{
    m_cancel = cancel;
    m_cancelledAt.reset();
    Entries now;
    if (m_upper >= 0) {
        const UpperFolder top = UpperFolder::open(m_upper, ".");
        if (!top)
            return failErrno("workspace", "Could not look into a folder of the sandbox", errno);
        GH_TRY(look(top.get(), {}, 0, now));
    }
    std::set<std::string> paths;
    GH_TRY(addPaths(now, paths));
    GH_ASSIGN(execution::ChangeSet set, compare(now, paths));
    m_last = std::move(now);
    return set;
}

} // namespace gatehouse::host
