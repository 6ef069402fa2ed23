#include "sandbox/host/changescan.h"

#include <climits>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "core/foundation/sha256.h"
#include "sandbox/host/layeredworkspace.h"

namespace gatehouse::host {

using execution::FileKind;
using execution::FileState;

// Deeper folders are listed as something we do not read: no program makes them but to trouble us.
static constexpr int maximumDepth = 200;
// Below it, equal bytes are found to be equal; above, a rewritten file is listed as perhaps changed.
static constexpr std::uint64_t maximumCompared = 64ull << 20;
// Up to this size every changed file's digest is kept, so that touching it again is no change; above, only while it is fresh.
static constexpr std::uint64_t maximumKept = 1ull << 20;
// The coarsest clock tick of file times in use (HZ=100).
static constexpr std::int64_t clockGrainNs = 10'000'000;

static constexpr int folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

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

// Empty when it can't be read or is too large: then it counts as changed.
static std::string digestAt(int folder, const std::string& path)
{
    const auto fd = openBeneath(folder, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat info = {};
    if (!fd || ::fstat(fd->get(), &info) != 0 || !S_ISREG(info.st_mode))
        return {};
    auto bytes = readAll(fd->get(), path, maximumCompared);
    return bytes ? sha256Hex(*bytes) : std::string();
}

ChangeScanner::Entry ChangeScanner::entryOf(int folder, const char* name, const std::string& path, std::int64_t now) const
{
    struct stat info = {};
    Entry entry;
    if (::fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return entry;
    entry.state = stateOf(info);
    entry.inode = info.st_ino;
    entry.changedNs = nanoseconds(info.st_ctim);
    if (entry.state.kind == FileKind::Symlink)
        entry.target = readLink(folder, name);
    if (entry.state.kind != FileKind::Regular)
        return entry;
    const bool fresh = entry.changedNs > now - clockGrainNs;
    const auto known = m_last.find(path);
    const bool untouched = known != m_last.end() && known->second.inode == entry.inode && known->second.changedNs == entry.changedNs;
    if (untouched && !known->second.fresh)
        entry.digest = known->second.digest;
    else if (fresh || entry.state.size <= maximumKept)
        entry.digest = digestAt(folder, name);
    entry.fresh = fresh;
    return entry;
}

void ChangeScanner::look(int folder, const std::string& prefix, int depth, Entries& into) const
{
    const int copy = ::openat(folder, ".", folderFlags);
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(copy >= 0 ? ::fdopendir(copy) : nullptr, ::closedir);
    while (const dirent* item = listing ? ::readdir(listing.get()) : nullptr) {
        if (std::strcmp(item->d_name, ".") == 0 || std::strcmp(item->d_name, "..") == 0)
            continue;
        const std::string path = prefix + item->d_name;
        Entry entry = entryOf(folder, item->d_name, path, fileClock());
        const UniqueFd inner(entry.state.kind == FileKind::Directory ? ::openat(folder, item->d_name, folderFlags) : -1);
        if (inner) {
            entry.opaque = isOpaque(inner.get());
            if (depth < maximumDepth && path.size() < PATH_MAX - NAME_MAX - 2)
                look(inner.get(), path + '/', depth + 1, into);
            else
                entry.state.kind = FileKind::Other;
        }
        into.emplace(path, std::move(entry));
    }
}

FileState ChangeScanner::lowerState(const std::string& path) const
{
    if (m_lower < 0)
        return {};
    const auto fd = openBeneath(m_lower, path, O_PATH);
    struct stat info = {};
    return fd && ::fstat(fd->get(), &info) == 0 ? stateOf(info) : FileState();
}

FileState ChangeScanner::stateIn(const Entries& entries, const std::string& path) const
{
    if (const auto entry = entries.find(path); entry != entries.end())
        return entry->second.state;
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
        if (const auto parent = entries.find(path.substr(0, slash)); parent != entries.end() && parent->second.hidesLower())
            return {};
    return lowerState(path);
}

// before: the upper file of the last look; null: what lies below.
bool ChangeScanner::sameContent(const std::string& path, const Entry* before, const Entry& after) const
{
    if (after.state.kind == FileKind::Symlink) {
        const std::size_t slash = path.rfind('/');
        if (before != nullptr)
            return before->target == after.target;
        const auto parent = openBeneath(m_lower, slash == std::string::npos ? std::string() : path.substr(0, slash), O_PATH | O_DIRECTORY);
        return parent && readLink(parent->get(), path.substr(slash + 1).c_str()) == after.target;
    }
    if (after.state.kind != FileKind::Regular)
        return true;
    if (before == nullptr) {
        const std::string below = digestAt(m_lower, path);
        return !below.empty() && below == digestAt(m_upper, path);
    }
    const bool untouched = before->inode == after.inode && before->changedNs == after.changedNs;
    if (before->digest.empty() || (untouched && !before->fresh))
        return untouched;
    return before->digest == (after.digest.empty() ? digestAt(m_upper, path) : after.digest);
}

void ChangeScanner::addLowerBeneath(const std::string& path, std::set<std::string>& paths) const
{
    const auto folder = m_lower >= 0 ? openBeneath(m_lower, path, O_RDONLY | O_DIRECTORY) : Result<UniqueFd>(UniqueFd());
    const int copy = folder && *folder ? ::openat(folder->get(), ".", folderFlags) : -1;
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(copy >= 0 ? ::fdopendir(copy) : nullptr, ::closedir);
    while (const dirent* item = listing ? ::readdir(listing.get()) : nullptr) {
        if (std::strcmp(item->d_name, ".") == 0 || std::strcmp(item->d_name, "..") == 0)
            continue;
        const std::string inner = path + '/' + item->d_name;
        paths.insert(inner);
        if (item->d_type == DT_DIR || (item->d_type == DT_UNKNOWN && lowerState(inner).kind == FileKind::Directory))
            addLowerBeneath(inner, paths);
    }
}

// Every path on which the two looks may differ: what stands in either, and what either hides of the lower layer.
void ChangeScanner::addPaths(const Entries& now, std::set<std::string>& paths) const
{
    const auto add = [this, &paths](const Entries& these, const Entries& others) {
        for (const auto& [path, entry] : these) {
            paths.insert(path);
            const auto other = others.find(path);
            const bool hiddenThere = other != others.end() && other->second.hidesLower();
            if (entry.hidesLower() != hiddenThere && lowerState(path).kind == FileKind::Directory)
                addLowerBeneath(path, paths);
        }
    };
    add(now, m_last);
    add(m_last, now);
}

Result<execution::ChangeSet> ChangeScanner::scan()
{
    Entries now;
    if (m_upper >= 0)
        look(m_upper, {}, 0, now);
    std::set<std::string> paths;
    addPaths(now, paths);
    execution::ChangeSet set;
    for (const std::string& path : paths) {
        const auto before = m_last.find(path);
        const auto after = now.find(path);
        execution::Change change{path, stateIn(m_last, path), stateIn(now, path)};
        const bool sameKind = change.before == change.after;
        const Entry* old = before != m_last.end() && before->second.state.kind != FileKind::Absent ? &before->second : nullptr;
        if (sameKind && (after == now.end() || change.after.kind == FileKind::Absent || sameContent(path, old, after->second)))
            continue;
        set.changes.push_back(std::move(change));
    }
    m_last = std::move(now);
    return set;
}

} // namespace gatehouse::host
