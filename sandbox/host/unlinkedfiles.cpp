#include "sandbox/host/unlinkedfiles.h"

#include "core/foundation/listing.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <memory>
#include <set>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace gatehouse::host {

namespace {

using Time = std::chrono::steady_clock;
struct CloseStream {
    void operator()(FILE* stream) const { std::fclose(stream); }
};
using Stream = std::unique_ptr<FILE, CloseStream>;

// How long a look may take.
constexpr std::chrono::milliseconds patience{50};

std::vector<pid_t> childrenOf(pid_t of)
{
    std::vector<pid_t> children;
    const std::string tasks = "/proc/" + std::to_string(of) + "/task";
    Listing listing(tasks.c_str());
    while (const dirent* entry = listing.next()) {
        const Stream file(std::fopen((tasks + '/' + entry->d_name + "/children").c_str(), "re"));
        for (int child = 0; file && std::fscanf(file.get(), "%d", &child) == 1;)
            children.push_back(child);
    }
    return children;
}

// Threads may have a table of descriptors each.
std::vector<pid_t> threadsOf(pid_t process)
{
    std::vector<pid_t> threads;
    Listing listing(("/proc/" + std::to_string(process) + "/task").c_str());
    while (const dirent* entry = listing.next())
        threads.push_back(std::atoi(entry->d_name));
    return threads;
}

bool sameDescriptors(pid_t one, pid_t other)
{
    return ::syscall(SYS_kcmp, one, other, KCMP_FILES, 0, 0) == 0;
}

// Lines of any length: a path in maps may take four characters for one.
class Lines {
public:
    explicit Lines(const std::string& path) : m_file(std::fopen(path.c_str(), "re")) { }
    ~Lines() { std::free(m_line); }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;
    [[nodiscard]] bool open() const { return m_file != nullptr; }
    // The next, or null; valid until then.
    // NOLINTNEXTLINE(clang-analyzer-unix.Stream): m_file closes it, which the analyzer does not follow.
    const char* next() { return m_file && ::getline(&m_line, &m_size, m_file.get()) > 0 ? m_line : nullptr; }

private:
    Stream m_file;
    char* m_line = nullptr;
    std::size_t m_size = 0;
};

class Search {
public:
    explicit Search(dev_t layer) : m_layer(layer) { }
    void process(pid_t process);
    // Also says that something may be hidden: a sandbox must not hold its own watch up.
    [[nodiscard]] bool late()
    {
        const bool late = Time::now() >= m_deadline;
        m_found.hidden = m_found.hidden || late;
        return late;
    }
    [[nodiscard]] const UnlinkedFiles& found() const { return m_found; }

private:
    void descriptors(const std::string& folder);
    void descriptor(const std::string& folder, const char* name);
    // False when there is no memory.
    bool mappings(const std::string& folder);
    // Nothing is hidden in a process that has just ended.
    void unseen() { m_found.hidden = m_found.hidden || (errno != ENOENT && errno != ESRCH); }

    dev_t m_layer;
    Time::time_point m_deadline = Time::now() + patience;
    std::set<std::pair<dev_t, ino_t>> m_counted;
    UnlinkedFiles m_found;
};

// A socket can hold descriptors that it carries to another process; which, nobody can see.
bool carriesDescriptors(const std::string& folder, const char* name)
{
    Lines lines(folder + "/fdinfo/" + name);
    if (!lines.open())
        return true; // who knows
    int count = 0;
    while (const char* line = lines.next())
        if (std::sscanf(line, "scm_fds: %d", &count) == 1)
            return count != 0;
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

bool Search::mappings(const std::string& folder)
{
    struct stat workspace = {};
    const bool known = ::stat((folder + "/root/workspace").c_str(), &workspace) == 0;
    Lines lines(folder + "/maps");
    if (!lines.open()) {
        unseen();
        return false;
    }
    bool any = false;
    while (const char* line = !late() ? lines.next() : nullptr) {
        unsigned major = 0;
        unsigned minor = 0;
        any = true;
        if (std::sscanf(line, "%*s %*s %*s %x:%x", &major, &minor) != 2) {
            m_found.hidden = true;
            continue;
        }
        const dev_t device = ::makedev(major, minor);
        if (std::strstr(line, " (deleted)\n") != nullptr && (device == m_layer || !known || device == workspace.st_dev))
            m_found.hidden = true;
    }
    return any;
}

void Search::descriptors(const std::string& folder)
{
    Listing listing((folder + "/fd").c_str());
    if (!listing)
        return unseen();
    while (const dirent* entry = !late() ? listing.next() : nullptr)
        descriptor(folder, entry->d_name);
}

// All threads are one memory: the first that has it shows it. A first thread without any has ended, which one that is not alone
// does only to be overlooked.
void Search::process(pid_t process)
{
    const std::vector<pid_t> threads = threadsOf(process);
    bool mapped = false;
    for (const pid_t thread : threads) {
        if (late())
            return;
        const std::string folder = "/proc/" + std::to_string(process) + "/task/" + std::to_string(thread);
        if (thread == process || !sameDescriptors(process, thread))
            descriptors(folder);
        mapped = mapped || mappings(folder);
        if (thread == process && !mapped && threads.size() > 1)
            m_found.hidden = true;
    }
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
    while (!todo.empty() && !search.late()) {
        const pid_t pid = todo.back();
        todo.pop_back();
        if (!seen.insert(pid).second)
            continue;
        search.process(pid);
        for (const pid_t child : childrenOf(pid))
            todo.push_back(child);
    }
    return search.found();
}

} // namespace gatehouse::host
