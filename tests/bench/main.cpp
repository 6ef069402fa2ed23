// gatehouse-bench: measures against a baseline in the same run and holds ratios to their gates.
#include "tests/bench/benchmark.h"
#include "tests/bench/measure.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::bench;

namespace {

constexpr const char* usage =
    "Usage: gatehouse-bench [NAME...] [--json] [--rounds N] [--folder DIR] [--report-only] [--list]\n"
    "Measures what NAME begins with (all without a NAME), each interleaved with its baseline in the same run.\n"
    "  --json          one JSON line per benchmark on standard output\n"
    "  --rounds N      samples of each, instead of its own number\n"
    "  --folder DIR    where files are written (default: $TMPDIR, else /var/tmp); must be on a real disk to mean anything\n"
    "  --report-only   exit with 0 although a ratio is over its gate\n"
    "Exit status: 0 all hold, 1 one does not hold or could not be measured, 2 bad usage.\n";

struct Options {
    std::vector<std::string> names;
    bool json = false;
    bool list = false;
    bool reportOnly = false;
    int rounds = 0;
    std::string folder;
};

bool readOption(Options& options, const std::string& word, const char* next, int& at)
{
    if (word == "--json")
        options.json = true;
    else if (word == "--list")
        options.list = true;
    else if (word == "--report-only")
        options.reportOnly = true;
    else if (word == "--rounds" && next != nullptr && (options.rounds = std::atoi(next)) > 0)
        ++at;
    else if (word == "--folder" && next != nullptr) {
        options.folder = next;
        ++at;
    } else if (!word.starts_with('-'))
        options.names.push_back(word);
    else
        return false;
    return true;
}

// A private folder that goes with this object.
class WorkFolder {
public:
    explicit WorkFolder(const std::string& parent)
    {
        std::string pattern = parent + "/gatehouse-bench-XXXXXX";
        if (::mkdtemp(pattern.data()) != nullptr)
            m_path = pattern;
    }
    ~WorkFolder()
    {
        std::error_code ignored;
        if (!m_path.empty())
            std::filesystem::remove_all(m_path, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

std::string programFolder()
{
    std::error_code failed;
    return std::filesystem::read_symlink("/proc/self/exe", failed).parent_path().string();
}

bool isWanted(const Options& options, const std::string& name)
{
    for (const std::string& wanted : options.names) {
        if (name.starts_with(wanted))
            return true;
    }
    return options.names.empty();
}

// Every name must mean something: a misspelt one must not pass as "all hold".
bool checkNames(const Options& options, const Benchmarks& all)
{
    for (const std::string& wanted : options.names) {
        bool known = false;
        for (const auto& benchmark : all)
            known = known || benchmark->title().name.starts_with(wanted);
        if (!known) {
            std::fprintf(stderr, "gatehouse-bench: no benchmark is called %s; see --list\n", wanted.c_str());
            return false;
        }
    }
    return true;
}

// False when it could not be measured or does not hold.
bool runOne(Benchmark& benchmark, const Options& options, const Setting& setting)
{
    Result<void> ready = benchmark.prepare(setting);
    Result<Measurement> result =
        ready ? measure(benchmark, options.rounds > 0 ? options.rounds : benchmark.title().rounds) : std::unexpected(ready.error());
    if (!result) {
        const std::string why = result.error().toString();
        std::fprintf(stderr, "gatehouse-bench: %s: %s\n", benchmark.title().name.c_str(), why.c_str());
        if (options.json)
            std::printf("%s\n", nlohmann::ordered_json{{"name", benchmark.title().name}, {"error", why}, {"holds", false}}.dump().c_str());
        return false;
    }
    std::printf("%s\n", options.json ? result->json().dump().c_str() : result->row().c_str());
    std::fflush(stdout);
    return result->holds() || options.reportOnly;
}

Benchmarks allBenchmarks()
{
    Benchmarks all;
#ifdef GATEHOUSE_BENCH_SANDBOX
    addSandboxBenchmarks(all);
#endif
#ifdef GATEHOUSE_BENCH_JOURNAL
    addJournalBenchmarks(all);
#endif
    addWindowBenchmarks(all);
    addPeerBenchmarks(all);
    return all;
}

int runAll(const Options& options)
{
    Benchmarks all = allBenchmarks();
    if (!checkNames(options, all))
        return 2;
    const char* temporary = std::getenv("TMPDIR");
    const WorkFolder folder(!options.folder.empty() ? options.folder : temporary != nullptr && *temporary != '\0' ? temporary : "/var/tmp");
    if (folder.path().empty()) {
        std::fprintf(stderr, "gatehouse-bench: no folder for its files: %s\n", std::strerror(errno));
        return 2;
    }
    if (!options.json && !options.list)
        std::printf("%s\n", headRow().c_str());
    bool good = true;
    for (auto& benchmark : all) {
        if (options.list)
            std::printf("%s\n", benchmark->title().name.c_str());
        else if (isWanted(options, benchmark->title().name))
            good = runOne(*benchmark, options, {folder.path(), programFolder()}) && good;
        benchmark.reset(); // its sandboxes end before the next is measured
    }
    return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--help" || word == "-h") {
            std::fputs(usage, stdout);
            return 0;
        }
        if (!readOption(options, word, i + 1 < argc ? argv[i + 1] : nullptr, i)) {
            std::fprintf(stderr, "gatehouse-bench: bad option %s\n%s", word.c_str(), usage);
            return 2;
        }
    }
    return runAll(options);
}
