// What a process and those it began use, from /proc.
#include "tests/bench/processes.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace gatehouse::bench {

namespace {

struct About {
    pid_t parent = 0;
    long ticks = 0;
};

// Nothing when it has ended meanwhile.
std::optional<About> aboutProcess(pid_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    const std::size_t name = text.rfind(')'); // a name may hold anything
    if (name == std::string::npos)
        return std::nullopt;
    std::istringstream words(text.substr(name + 1));
    std::string word;
    About about;
    for (int field = 3; words >> word; ++field) { // as proc(5) counts them
        if (field == 4)
            about.parent = pid_t(std::atol(word.c_str()));
        if (field == 14 || field == 15)
            about.ticks += std::atol(word.c_str());
    }
    return about;
}

void addMemory(pid_t process, Resources& to)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/smaps_rollup");
    long kilobytes = 0;
    for (std::string line; std::getline(file, line);) {
        if (std::sscanf(line.c_str(), "Rss: %ld kB", &kilobytes) == 1)
            to.residentMegabytes += double(kilobytes) / 1024;
        if (std::sscanf(line.c_str(), "Pss: %ld kB", &kilobytes) == 1)
            to.proportionalMegabytes += double(kilobytes) / 1024;
    }
}

} // namespace

Result<Resources> resourcesOf(pid_t process)
{
    std::map<pid_t, About> all;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", failed)) {
        const auto id = pid_t(std::atol(entry.path().filename().c_str()));
        const auto about = id > 0 ? aboutProcess(id) : std::nullopt;
        if (about)
            all.emplace(id, *about);
    }
    if (!all.contains(process))
        return fail(ErrorCode::NotFound, "/proc/" + std::to_string(process), "The program has ended");
    Resources out;
    for (const auto& [id, about] : all) {
        pid_t ancestor = id;
        while (ancestor != process && all.contains(ancestor) && ancestor > 1)
            ancestor = all[ancestor].parent;
        if (ancestor != process)
            continue;
        out.ticks += about.ticks;
        addMemory(id, out);
    }
    return out;
}

} // namespace gatehouse::bench
