#include "sandbox/host/unlinkedfiles.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <memory>
#include <set>
#include <string>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace gatehouse::host {

namespace {

using Stream = std::unique_ptr<FILE, int (*)(FILE*)>;
using Listing = std::unique_ptr<DIR, int (*)(DIR*)>;

std::vector<pid_t> childrenOf(pid_t of)
{
    std::vector<pid_t> children;
    const std::string tasks = "/proc/" + std::to_string(of) + "/task";
    const Listing listing(::opendir(tasks.c_str()), ::closedir);
    while (const dirent* entry = listing ? ::readdir(listing.get()) : nullptr) {
        if (entry->d_name[0] == '.')
            continue;
        const Stream file(std::fopen((tasks + '/' + entry->d_name + "/children").c_str(), "re"), std::fclose);
        for (int child = 0; file && std::fscanf(file.get(), "%d", &child) == 1;)
            children.push_back(child);
    }
    return children;
}

class Search {
public:
    explicit Search(dev_t layer) : m_layer(layer) { }
    void process(const std::string& folder);
    [[nodiscard]] const UnlinkedFiles& found() const { return m_found; }

private:
    void descriptor(const std::string& folder, const char* name);
    void mappings(const std::string& folder);
    // Nothing is hidden in a process that has just ended.
    void unseen() { m_found.hidden = m_found.hidden || (errno != ENOENT && errno != ESRCH); }

    dev_t m_layer;
    std::set<std::pair<dev_t, ino_t>> m_counted;
    UnlinkedFiles m_found;
};

// A socket can hold descriptors that it carries to another process; which, nobody can see.
bool carriesDescriptors(const std::string& folder, const char* name)
{
    const Stream file(std::fopen((folder + "/fdinfo/" + name).c_str(), "re"), std::fclose);
    char line[256];
    int count = 0;
    while (file && std::fgets(line, sizeof line, file.get()) != nullptr)
        if (std::sscanf(line, "scm_fds: %d", &count) == 1)
            return count > 0;
    return false;
}

void Search::descriptor(const std::string& folder, const char* name)
{
    const std::string link = folder + "/fd/" + name;
    struct stat info = {};
    struct statfs system = {};
    if (::stat(link.c_str(), &info) != 0)
        return unseen();
    if (S_ISSOCK(info.st_mode) && carriesDescriptors(folder, name))
        m_found.hidden = true;
    if (!S_ISREG(info.st_mode) || info.st_nlink > 0)
        return;
    // Those of a private tmpfs are memory, and counted as such.
    if (::statfs(link.c_str(), &system) != 0 || system.f_type == TMPFS_MAGIC || !m_counted.insert({info.st_dev, info.st_ino}).second)
        return;
    m_found.bytes += static_cast<std::uint64_t>(info.st_blocks) * 512;
    ++m_found.files;
}

void Search::mappings(const std::string& folder)
{
    struct stat workspace = {};
    const bool known = ::stat((folder + "/root/workspace").c_str(), &workspace) == 0;
    const Stream maps(std::fopen((folder + "/maps").c_str(), "re"), std::fclose);
    if (!maps)
        return unseen();
    char line[8448];
    while (std::fgets(line, sizeof line, maps.get()) != nullptr) {
        unsigned major = 0;
        unsigned minor = 0;
        if (std::strstr(line, " (deleted)\n") == nullptr || std::sscanf(line, "%*s %*s %*s %x:%x", &major, &minor) != 2)
            continue;
        const dev_t device = ::makedev(major, minor);
        if (device == m_layer || !known || device == workspace.st_dev)
            m_found.hidden = true;
    }
}

void Search::process(const std::string& folder)
{
    const Listing listing(::opendir((folder + "/fd").c_str()), ::closedir);
    if (!listing)
        return unseen();
    while (const dirent* entry = ::readdir(listing.get()))
        if (entry->d_name[0] != '.')
            descriptor(folder, entry->d_name);
    mappings(folder);
}

} // namespace

UnlinkedFiles findUnlinkedFiles(pid_t worker, dev_t layer)
{
    Search search(layer);
    std::vector<pid_t> todo;
    std::set<pid_t> seen;
    for (const pid_t keeper : childrenOf(worker))
        for (const pid_t child : childrenOf(keeper))
            todo.push_back(child);
    while (!todo.empty()) {
        const pid_t pid = todo.back();
        todo.pop_back();
        if (!seen.insert(pid).second)
            continue;
        search.process("/proc/" + std::to_string(pid));
        for (const pid_t child : childrenOf(pid))
            todo.push_back(child);
    }
    return search.found();
}

} // namespace gatehouse::host
