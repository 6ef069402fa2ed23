// Our window beside Kompare's, both looked at from outside, on a display that nobody sees: from the start of the program until its
// window can be used, and what it has in memory then. The peer shows two small files; ours has the sample project.
#include "tests/bench/benchmark.h"
#include "tests/bench/measure.h"
#include "tests/bench/windowplace.h"

#include <algorithm>
#include <fstream>
#include <poll.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

constexpr double longestStart = 30'000; // milliseconds
// Nothing new on the screen for this long: it shows what it had to show.
constexpr double quietTime = 1000;
constexpr double longestAnswer = 2000;
// Every eighth row is looked at: a window or a menu changes many of them, and looking must cost next to nothing.
constexpr std::size_t rowStep = 8;
// Of the pixels that are looked at. A caret that blinks changes fewer, a menu hundreds.
constexpr std::size_t fewPixels = 24;

// How much of the screen is another than when it was looked at last.
class Look {
public:
    explicit Look(const Display& display) : m_display(display) { (void)changed(); }

    std::size_t changed()
    {
        const auto now = m_display.pixels();
        const std::size_t width = m_display.width();
        m_before.resize(now.size());
        std::size_t count = 0;
        for (std::size_t row = 0; row + width <= now.size(); row += rowStep * width) {
            for (std::size_t i = row; i < row + width; ++i)
                count += now[i] != m_before[i] ? 1 : 0;
            std::copy_n(now.begin() + std::ptrdiff_t(row), width, m_before.begin() + std::ptrdiff_t(row));
        }
        return count;
    }

private:
    const Display& m_display;
    std::vector<std::uint32_t> m_before;
};

void pause()
{
    ::poll(nullptr, 0, 3);
}

void waitForQuiet(const Display& display)
{
    Look look(display);
    Stopwatch since;
    while (since.milliseconds() < quietTime / 2) {
        pause();
        if (look.changed() > fewPixels)
            since = Stopwatch();
    }
}

// A window that was started, and when it showed the last of what it had to show.
struct Shown {
    Program program;
    double milliseconds = 0;
};

Result<Shown> show(const WindowPlace& place, const std::vector<std::string>& command)
{
    waitForQuiet(*place.display);
    Look look(*place.display);
    Look all(*place.display);
    const Stopwatch watch;
    GH_ASSIGN(Program program, Program::start(command, place.environment));
    double last = 0;
    while (last == 0 || watch.milliseconds() - last < quietTime) {
        pause();
        if (look.changed() > fewPixels)
            last = watch.milliseconds();
        if (watch.milliseconds() > longestStart)
            return fail(ErrorCode::System, command.front(), "It showed no window that came to rest");
    }
    // A message box is no window of a program.
    if (all.changed() < place.display->pixels().size() / rowStep / 6)
        return fail(ErrorCode::System, command.front(), "It showed no window of its size");
    return Shown{std::move(program), last};
}

// How long after a key has been given the screen shows an answer.
Result<double> timeToAnswer(const Display& display, const std::string& key)
{
    Look look(display);
    GH_TRY(display.key(key));
    const Stopwatch watch;
    bool first = true; // it may have been faster than whoever gave the key
    while (watch.milliseconds() < longestAnswer) {
        if (look.changed() > fewPixels)
            return first ? 0 : watch.milliseconds();
        first = false;
        pause();
    }
    return fail(ErrorCode::System, key, "The window did not answer a key");
}

// Two programs: ours with the sample project, Kompare with two versions of a file.
class Peers {
public:
    Result<void> prepare(const Setting& setting)
    {
        GH_TRY(mustBeInstalled("kompare"));
        GH_ASSIGN(m_place, visiblePlace(setting));
        const std::string project = setting.folder + "/sample";
        if (::access(project.c_str(), F_OK) != 0) {
            GH_ASSIGN(Program made, Program::start({setting.programs + "/gatehouse", "new", project}, m_place.environment));
            GH_TRY(made.waitForEnd(std::chrono::seconds(30)));
        }
        m_ours = {setting.programs + "/gatehouse-workbench", "--theme", "light", project};
        for (const bool mended : {false, true})
            writeProgram(setting.folder + (mended ? "/mended.sh" : "/program.sh"), mended);
        m_peer = {"kompare", "-c", setting.folder + "/program.sh", setting.folder + "/mended.sh"};
        return {};
    }
    [[nodiscard]] const WindowPlace& place() const { return m_place; }
    [[nodiscard]] const std::vector<std::string>& ours() const { return m_ours; }
    [[nodiscard]] const std::vector<std::string>& peer() const { return m_peer; }

private:
    static void writeProgram(const std::string& path, bool mended)
    {
        std::ofstream file(path);
        for (int i = 0; i < 60; ++i)
            file << "amount_" << i << "=$((quantity * price))\ntotal=$((total " << (mended || i % 20 != 7 ? '+' : '-') << " amount_" << i
                 << "))\n";
    }

    WindowPlace m_place;
    std::vector<std::string> m_ours;
    std::vector<std::string> m_peer;
};

// From the start to a window that shows all it has to show and answers: the key opens the first menu of either.
class WindowStart final : public Benchmark {
public:
    [[nodiscard]] const Title& title() const override { return m_title; }
    [[nodiscard]] Result<void> prepare(const Setting& setting) override { return m_peers.prepare(setting); }
    [[nodiscard]] Result<double> sample() override { return usable(m_peers.ours()); }
    [[nodiscard]] Result<double> baselineSample() override { return usable(m_peers.peer()); }

private:
    Result<double> usable(const std::vector<std::string>& command)
    {
        GH_ASSIGN(const Shown shown, show(m_peers.place(), command));
        GH_ASSIGN(const double answer, timeToAnswer(*m_peers.place().display, "alt+f"));
        return shown.milliseconds + answer;
    }

    Title m_title{"window.start", "ms", "Kompare with two small files", 1.1, 7};
    Peers m_peers;
};

// Of the program and what it began, once it does nothing any more.
class WindowMemory final : public Benchmark {
public:
    using Kind = double Resources::*;
    WindowMemory(const char* name, const char* baseline, Kind kind) : m_title{name, "MB", baseline, 1.0, 3}, m_kind(kind) { }
    [[nodiscard]] const Title& title() const override { return m_title; }
    [[nodiscard]] Result<void> prepare(const Setting& setting) override { return m_peers.prepare(setting); }
    [[nodiscard]] Result<double> sample() override { return memory(m_peers.ours()); }
    [[nodiscard]] Result<double> baselineSample() override { return memory(m_peers.peer()); }

private:
    Result<double> memory(const std::vector<std::string>& command)
    {
        constexpr double longestWork = 20'000; // milliseconds
        GH_ASSIGN(const Shown shown, show(m_peers.place(), command));
        const Stopwatch watch;
        Resources before;
        for (;;) {
            GH_ASSIGN(const Resources now, resourcesOf(shown.program.id()));
            // A tick is ten milliseconds of the processor: a caret and a clock may have some.
            if (now.ticks - before.ticks <= 2 || watch.milliseconds() > longestWork)
                return now.*m_kind;
            before = now;
            ::poll(nullptr, 0, 1000);
        }
    }

    Title m_title;
    Kind m_kind;
    Peers m_peers;
};

} // namespace

void addPeerBenchmarks(Benchmarks& all)
{
    all.push_back(std::make_unique<WindowStart>());
    all.push_back(std::make_unique<WindowMemory>("window.resident", "Kompare, RSS", &Resources::residentMegabytes));
    all.push_back(std::make_unique<WindowMemory>("window.proportional", "Kompare, PSS", &Resources::proportionalMegabytes));
}

} // namespace gatehouse::bench
