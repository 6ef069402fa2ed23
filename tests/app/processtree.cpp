#include "tests/app/processtree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gatehouse::test {

namespace {

struct Stat {
    char state = 'X';
    int parent = 0;
};

// The name in the file may hold anything, so what follows its last parenthesis counts. A process may vanish meanwhile.
Stat statOf(int pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::stringstream text;
    text << file.rdbuf();
    const std::string all = text.str();
    const std::size_t name = all.rfind(')');
    Stat out;
    if (name != std::string::npos)
        std::istringstream(all.substr(name + 1)) >> out.state >> out.parent;
    return out;
}

} // namespace

std::vector<int> processesBelow(int pid)
{
    std::vector<int> found = {pid};
    for (std::size_t known = 0; known != found.size();) {
        known = found.size();
        std::error_code ignored;
        for (std::filesystem::directory_iterator it("/proc", ignored), end; !ignored && it != end; it.increment(ignored)) {
            const std::string name = it->path().filename().string();
            if (name.find_first_not_of("0123456789") != std::string::npos)
                continue;
            const int other = std::stoi(name);
            if (std::ranges::find(found, statOf(other).parent) != found.end() && std::ranges::find(found, other) == found.end())
                found.push_back(other);
        }
    }
    found.erase(found.begin());
    return found;
}

bool isRunning(int pid)
{
    const char state = statOf(pid).state;
    return state != 'X' && state != 'Z';
}

std::string nameOf(int pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(file, name);
    return name;
}

} // namespace gatehouse::test
