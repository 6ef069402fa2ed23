#include "sandbox/worker/commit.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "core/foundation/hex.h"
#include "core/foundation/sha256.h"
#include "core/foundation/uniquefd.h"

namespace gatehouse::worker {

using protocol::CommitDone;
using protocol::CommitEnd;
using protocol::CommitFile;
using protocol::WireKind;

namespace {

// What undoes one change of a name, in reverse order.
struct Undo {
    enum class Kind { RemoveNew, Restore, Exchange, RemoveFolder, MakeFolder } kind;
    std::size_t file = 0; // whose parent folder it is in
    std::string name;
    std::string other;
    mode_t mode = 0;
};

struct Place {
    UniqueFd parent;
    std::string name;
    bool present = false;
    mode_t mode = 0;
    std::string staged; // temporary name, when there is one
};

class Commit {
public:
    Commit(int folder, const std::vector<CommitFile>& files, const std::vector<std::string>& contents)
        : m_folder(folder), m_files(files), m_contents(contents)
    {
    }
    [[nodiscard]] CommitDone run();

private:
    [[nodiscard]] bool expect(std::size_t index);
    [[nodiscard]] bool isAsExpected(std::size_t index, int parent, const std::string& name, const struct stat& info);
    [[nodiscard]] bool makeParents(std::size_t index);
    [[nodiscard]] bool stage(std::size_t index);
    [[nodiscard]] bool apply(std::size_t index);
    [[nodiscard]] bool failed(std::size_t index, CommitEnd end, int error);
    void rollBack();
    void finish();
    [[nodiscard]] std::string temporaryName() { return ".gatehouse-commit-" + std::to_string(m_serial++); }
    [[nodiscard]] const std::string& bytes(std::size_t index) const
    {
        static const std::string none;
        return index < m_contents.size() ? m_contents[index] : none;
    }

    int m_folder;
    const std::vector<CommitFile>& m_files;
    const std::vector<std::string>& m_contents;
    std::vector<Place> m_places;
    std::vector<Undo> m_undo;
    std::vector<std::string> m_madeFolders;
    CommitDone m_done;
    unsigned m_serial = 0;
};

bool Commit::failed(std::size_t index, CommitEnd end, int error)
{
    m_done = {end, static_cast<std::uint32_t>(index), error};
    return false;
}

std::string parentOf(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::optional<std::string> digestOf(int parent, const std::string& name, const struct stat& info)
{
    if (S_ISLNK(info.st_mode)) {
        char target[PATH_MAX];
        const ssize_t length = ::readlinkat(parent, name.c_str(), target, sizeof target);
        return length < 0 ? std::nullopt : std::optional(sha256Hex({target, static_cast<std::size_t>(length)}));
    }
    const UniqueFd fd(::openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    Sha256 hash;
    char buffer[65536];
    for (ssize_t got = 0; fd;) {
        got = ::read(fd.get(), buffer, sizeof buffer);
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            return toHex(hash.finish());
        hash.update(std::string_view(buffer, static_cast<std::size_t>(got)));
    }
    return std::nullopt;
}

bool Commit::isAsExpected(std::size_t index, int parent, const std::string& name, const struct stat& info)
{
    const CommitFile& file = m_files[index];
    if (file.mustBeAbsent)
        return false;
    if (S_ISDIR(info.st_mode))
        return file.kind == WireKind::Directory;
    if (file.kind == WireKind::Directory || !(S_ISREG(info.st_mode) || S_ISLNK(info.st_mode)))
        return false;
    return digestOf(parent, name, info) == file.expected;
}

// Looks at the present state, without a change.
bool Commit::expect(std::size_t index)
{
    const CommitFile& file = m_files[index];
    if (!isPlainRelativePath(file.path))
        return failed(index, CommitEnd::Failed, EINVAL);
    const auto parent = openBeneath(m_folder, parentOf(file.path), O_PATH | O_DIRECTORY);
    if (!parent)
        return parent.error().code == ErrorCode::NotFound
            ? (file.mustBeAbsent && !file.remove) || failed(index, CommitEnd::NotAsExpected, 0)
            : failed(index, CommitEnd::NotAsExpected, ENOTDIR);
    const std::string name = file.path.substr(file.path.rfind('/') + 1);
    struct stat info = {};
    if (::fstatat(parent->get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return (errno == ENOENT && file.mustBeAbsent && !file.remove) || failed(index, CommitEnd::NotAsExpected, 0);
    if (!isAsExpected(index, parent->get(), name, info))
        return failed(index, CommitEnd::NotAsExpected, 0);
    m_places[index].present = true;
    m_places[index].mode = info.st_mode & 0777;
    return true;
}

bool Commit::makeParents(std::size_t index)
{
    const std::string path = m_files[index].path;
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const std::string folder = path.substr(0, slash);
        const auto parent = openBeneath(m_folder, parentOf(folder), O_PATH | O_DIRECTORY);
        if (!parent)
            return failed(index, CommitEnd::Failed, ENOTDIR);
        if (::mkdirat(parent->get(), folder.substr(folder.rfind('/') + 1).c_str(), 0755) == 0)
            m_madeFolders.push_back(folder);
        else if (errno != EEXIST)
            return failed(index, CommitEnd::Failed, errno);
    }
    auto parent = openBeneath(m_folder, parentOf(path), O_PATH | O_DIRECTORY);
    if (!parent)
        return failed(index, CommitEnd::Failed, ENOTDIR);
    m_places[index].parent = std::move(*parent);
    m_places[index].name = path.substr(path.rfind('/') + 1);
    return true;
}

// The new contents under a temporary name beside the final one.
bool Commit::stage(std::size_t index)
{
    const CommitFile& file = m_files[index];
    Place& place = m_places[index];
    if (!makeParents(index))
        return false;
    if (file.remove || file.kind == WireKind::Directory)
        return true;
    const std::string name = temporaryName();
    if (file.kind == WireKind::Symlink) {
        if (::symlinkat(bytes(index).c_str(), place.parent.get(), name.c_str()) != 0)
            return failed(index, CommitEnd::Failed, errno);
        place.staged = name;
        return true;
    }
    const UniqueFd fd(::openat(place.parent.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd)
        return failed(index, CommitEnd::Failed, errno);
    place.staged = name;
    if (!writeAll(fd.get(), file.path, bytes(index)) || ::fchmod(fd.get(), file.mode & 0777) != 0)
        return failed(index, CommitEnd::Failed, errno != 0 ? errno : EIO);
    return true;
}

// Changes the name itself; each way is one atomic call and has its undo.
bool Commit::apply(std::size_t index)
{
    const CommitFile& file = m_files[index];
    Place& place = m_places[index];
    const int parent = place.parent.get();
    const char* name = place.name.c_str();
    if (file.kind == WireKind::Directory) {
        if (file.remove ? ::unlinkat(parent, name, AT_REMOVEDIR) != 0 : !place.present && ::mkdirat(parent, name, file.mode & 0777) != 0)
            return failed(index, CommitEnd::Failed, errno);
        if (file.remove)
            m_undo.push_back({Undo::Kind::MakeFolder, index, place.name, {}, place.mode});
        else if (!place.present)
            m_undo.push_back({Undo::Kind::RemoveFolder, index, place.name, {}, 0});
        return true;
    }
    if (file.remove) {
        const std::string kept = temporaryName();
        if (::renameat2(parent, name, parent, kept.c_str(), RENAME_NOREPLACE) != 0)
            return failed(index, CommitEnd::Failed, errno);
        m_undo.push_back({Undo::Kind::Restore, index, place.name, kept, 0});
        return true;
    }
    const unsigned how = place.present ? RENAME_EXCHANGE : RENAME_NOREPLACE;
    if (::renameat2(parent, place.staged.c_str(), parent, name, how) != 0)
        return failed(index, CommitEnd::Failed, errno);
    m_undo.push_back({place.present ? Undo::Kind::Exchange : Undo::Kind::RemoveNew, index, place.name, place.staged, 0});
    if (!place.present)
        place.staged.clear();
    return true;
}

void Commit::rollBack()
{
    for (auto undo = m_undo.rbegin(); undo != m_undo.rend(); ++undo) {
        const int parent = m_places[undo->file].parent.get();
        switch (undo->kind) {
        case Undo::Kind::RemoveNew:
            ::unlinkat(parent, undo->name.c_str(), 0);
            break;
        case Undo::Kind::Restore:
            ::renameat2(parent, undo->other.c_str(), parent, undo->name.c_str(), RENAME_NOREPLACE);
            break;
        case Undo::Kind::Exchange:
            ::renameat2(parent, undo->other.c_str(), parent, undo->name.c_str(), RENAME_EXCHANGE);
            break;
        case Undo::Kind::RemoveFolder:
            ::unlinkat(parent, undo->name.c_str(), AT_REMOVEDIR);
            break;
        case Undo::Kind::MakeFolder:
            ::mkdirat(parent, undo->name.c_str(), undo->mode);
            break;
        }
    }
    m_undo.clear();
    for (const Place& place : m_places)
        if (!place.staged.empty())
            ::unlinkat(place.parent.get(), place.staged.c_str(), 0);
    for (auto folder = m_madeFolders.rbegin(); folder != m_madeFolders.rend(); ++folder)
        if (const auto parent = openBeneath(m_folder, parentOf(*folder), O_PATH | O_DIRECTORY))
            ::unlinkat(parent->get(), folder->substr(folder->rfind('/') + 1).c_str(), AT_REMOVEDIR);
}

// Every name is right: what was kept for the way back goes.
void Commit::finish()
{
    for (const Undo& undo : m_undo)
        if (undo.kind == Undo::Kind::Restore || undo.kind == Undo::Kind::Exchange)
            ::unlinkat(m_places[undo.file].parent.get(), undo.other.c_str(), 0);
    m_done = {CommitEnd::Committed, 0, 0};
}

CommitDone Commit::run()
{
    m_places.resize(m_files.size());
    std::set<std::string> paths;
    for (std::size_t i = 0; i < m_files.size(); ++i)
        if (!paths.insert(m_files[i].path).second) {
            (void)failed(i, CommitEnd::Failed, EEXIST);
            return m_done;
        }
    for (std::size_t i = 0; i < m_files.size(); ++i)
        if (!expect(i))
            return m_done;
    bool good = true;
    for (std::size_t i = 0; good && i < m_files.size(); ++i)
        good = stage(i);
    for (std::size_t i = 0; good && i < m_files.size(); ++i)
        good = apply(i);
    if (good)
        finish();
    else
        rollBack();
    return m_done;
}

} // namespace

CommitDone commitFilesBeneath(int folder, const std::vector<CommitFile>& files, const std::vector<std::string>& contents)
{
    const mode_t before = ::umask(0);
    CommitDone done = Commit(folder, files, contents).run();
    ::umask(before);
    return done;
}

CommitDone commitFiles(const std::vector<CommitFile>& files, const std::vector<std::string>& contents)
{
    const auto folder = openDirectory("/workspace");
    if (!folder)
        return {CommitEnd::Failed, 0, ENOENT};
    return commitFilesBeneath(folder->get(), files, contents);
}

} // namespace gatehouse::worker
