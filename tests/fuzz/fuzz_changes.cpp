// What a sandbox left in its upper layer, seen from the host: any sequence of files, folders, links, deletions, opaque folders and nodes,
// with looks in between. Each look must say exactly where the merged tree differs from the one before, as a plain reading of both layers
// has it, and name nothing that is not beneath the workspace.
#include "sandbox/host/changescan.h"

#include "core/foundation/beneath.h"
#include "core/foundation/uniquefd.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

using namespace gatehouse;

namespace {

namespace files = std::filesystem;

void require(bool condition)
{
    if (!condition)
        std::abort();
}

constexpr std::array names = {"f", "g", "l", "d", "d/a", "d/e", "d/e/b", "new", "d/new", "d/e/new", "-rf", "d/\n\x1b[2J"};

std::string contentOf(const files::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// What an entry is, in one text; empty: not there, or deleted.
std::string stateOf(const files::path& path)
{
    struct stat info = {};
    if (::lstat(path.c_str(), &info) != 0 || (S_ISCHR(info.st_mode) && info.st_rdev == 0))
        return {};
    const std::string mode = std::to_string(info.st_mode);
    if (S_ISLNK(info.st_mode))
        return mode + "l" + files::read_symlink(path).string();
    return S_ISREG(info.st_mode) ? mode + "f" + contentOf(path) : mode;
}

bool isOpaque(const files::path& path)
{
    char value = 0;
    return ::lgetxattr(path.c_str(), "user.overlay.opaque", &value, 1) == 1 && value == 'y';
}

using Tree = std::map<std::string, std::string>;

// The two layers as the kernel merges them: a folder of the upper one shows the lower one's entries too, unless it is opaque.
void merge(const files::path* upper, const files::path* lower, const std::string& prefix, Tree& into)
{
    std::map<std::string, bool> both;
    for (const files::path* layer : {upper, lower})
        if (layer)
            for (const auto& entry : files::directory_iterator(*layer))
                both[entry.path().filename().string()] = true;
    for (const auto& [name, is] : both) {
        const files::path above = upper ? *upper / name : files::path();
        const files::path below = lower ? *lower / name : files::path();
        const bool hasAbove = upper && files::exists(files::symlink_status(above));
        const std::string state = stateOf(hasAbove ? above : below);
        if (state.empty())
            continue;
        into[prefix + name] = state;
        const bool aboveIsFolder = hasAbove && files::is_directory(files::symlink_status(above));
        const bool belowIsFolder = lower && files::is_directory(files::symlink_status(below));
        const bool showsBelow = belowIsFolder && (!hasAbove || (aboveIsFolder && !isOpaque(above)));
        if (aboveIsFolder || showsBelow)
            merge(aboveIsFolder ? &above : nullptr, showsBelow ? &below : nullptr, prefix + name + '/', into);
    }
}

class Layers {
public:
    Layers()
    {
        std::string made = (files::temp_directory_path() / "gatehouse-fuzz-XXXXXX").string();
        require(::mkdtemp(made.data()) != nullptr);
        m_folder = made;
        m_upper = m_folder / "upper";
        m_lower = m_folder / "lower";
        files::create_directories(m_lower / "d" / "e");
        files::create_directory(m_upper);
        for (const char* name : {"f", "g", "d/a", "d/e/b"})
            std::ofstream(m_lower / name) << name;
        files::create_symlink("f", m_lower / "l");
        m_upperFd.reset(::open(m_upper.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        m_lowerFd.reset(::open(m_lower.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        merge(&m_upper, &m_lower, {}, m_last);
        m_scanner.emplace(m_upperFd.get(), m_lowerFd.get());
    }
    ~Layers()
    {
        std::error_code ignored;
        files::remove_all(m_folder, ignored);
    }
    Layers(const Layers&) = delete;
    Layers& operator=(const Layers&) = delete;

    // What can't be done is not: the sandbox would get an error too.
    void act(unsigned what, unsigned how)
    {
        const files::path path = m_upper / names[how % names.size()];
        const unsigned detail = how / names.size();
        std::error_code ignored;
        struct stat info = {};
        const bool there = ::lstat(path.c_str(), &info) == 0;
        switch (what % 8) {
        case 0:
            if (!there || S_ISREG(info.st_mode))
                std::ofstream(path, detail % 2 ? std::ios::app : std::ios::trunc) << names[detail % names.size()];
            break;
        case 1:
            files::create_directory(path, ignored);
            break;
        case 2: // deleted: a node that stands for what is below
            files::remove_all(path, ignored);
            (void)::mknod(path.c_str(), S_IFCHR, ::makedev(0, 0));
            break;
        case 3:
            if (there && S_ISDIR(info.st_mode))
                (void)::lsetxattr(path.c_str(), "user.overlay.opaque", detail % 2 ? "y" : "n", 1, 0);
            break;
        case 4:
            files::create_symlink(detail % 2 ? "/etc/passwd" : "../../..", path, ignored);
            break;
        case 5:
            (void)::mkfifo(path.c_str(), 0644);
            break;
        case 6:
            if (there && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)))
                (void)::chmod(path.c_str(), detail % 2 ? 0755 : 0700);
            break;
        default:
            files::remove_all(path, ignored);
        }
    }

    void look()
    {
        const auto found = m_scanner->scan();
        require(found.has_value());
        Tree now;
        merge(&m_upper, &m_lower, {}, now);
        Tree differs;
        for (const Tree* each : {&m_last, &now})
            for (const auto& [path, state] : *each)
                if (m_last[path] != now[path])
                    differs[path] = state;
        for (Tree* each : {&m_last, &now})
            std::erase_if(*each, [](const auto& entry) { return entry.second.empty(); });
        Tree listed;
        for (const execution::Change& change : found->changes) {
            require(!change.path.empty() && change.path.front() != '/' && change.path.find("..") == std::string::npos);
            require((change.before.kind == execution::FileKind::Absent) == !m_last.contains(change.path));
            require((change.after.kind == execution::FileKind::Absent) == !now.contains(change.path));
            listed[change.path] = "";
        }
        for (const auto& [path, state] : differs)
            require(listed.erase(path) == 1);
        require(listed.empty());
        m_last = std::move(now);
    }

private:
    files::path m_folder;
    files::path m_upper;
    files::path m_lower;
    UniqueFd m_upperFd;
    UniqueFd m_lowerFd;
    Tree m_last;
    std::optional<host::ChangeScanner> m_scanner;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t most = 120; // bytes; a longer history shows nothing new
    Layers layers;
    for (std::size_t at = 0; at + 1 < std::min(size, most); at += 2) {
        if (data[at] % 9 == 8)
            layers.look();
        else
            layers.act(data[at], data[at + 1]);
    }
    layers.look();
    layers.look(); // nothing since
    return 0;
}
