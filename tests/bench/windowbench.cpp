// From the start of gatehouse-workbench to its first paint, beside plain fork+exec. Without a display it paints offscreen.
// And what a program writes, into the log view, beside what Qt has for it.
#include "tests/bench/benchmark.h"
#include "tests/bench/processes.h"

#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

class FirstPaint final : public Benchmark {
public:
    [[nodiscard]] const Title& title() const override { return m_title; }

    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        m_program = setting.programs + "/gatehouse-workbench";
        if (::access(m_program.c_str(), X_OK) != 0)
            return fail(ErrorCode::NotFound, m_program, "The workbench is not built", "Build the target gatehouse-workbench");
        const bool display = std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
        if (!display && std::getenv("QT_QPA_PLATFORM") == nullptr)
            m_environment.emplace_back("QT_QPA_PLATFORM", "offscreen");
        // Settings of whoever measures must not count, nor be changed.
        for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"})
            m_environment.emplace_back(name, setting.folder + "/xdg");
        const std::string runtime = setting.folder + "/runtime";
        if (::mkdir(runtime.c_str(), 0700) != 0 && errno != EEXIST)
            return failErrno(runtime, "Could not make the folder", errno);
        m_environment.emplace_back("XDG_RUNTIME_DIR", runtime);
        // What the offscreen platform can't do is no matter of the figures.
        m_environment.emplace_back("QT_LOGGING_RULES", "default.warning=false");
        return {};
    }

    [[nodiscard]] Result<double> sample() override { return timeUntilPainted({m_program, "--paint-probe"}, m_environment); }
    [[nodiscard]] Result<double> baselineSample() override { return forkAndExecTrue(); }

private:
    Title m_title{"window.first-paint", "ms", "fork+exec /bin/true", 600.0, 15};
    std::string m_program;
    std::vector<std::pair<std::string, std::string>> m_environment;
};

// 200,000 lines into the log view, painted after every 200 of them, beside QPlainTextEdit with the same text.
class LogLines final : public Benchmark {
public:
    [[nodiscard]] const Title& title() const override { return m_title; }

    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        m_program = setting.programs + "/gatehouse-log-probe";
        if (::access(m_program.c_str(), X_OK) != 0)
            return fail(ErrorCode::NotFound, m_program, "The probe is not built", "Build the target gatehouse-log-probe");
        m_environment.emplace_back("QT_QPA_PLATFORM", "offscreen");
        m_environment.emplace_back("QT_LOGGING_RULES", "default.warning=false");
        return {};
    }

    [[nodiscard]] Result<double> sample() override { return timeUntilPainted({m_program, "log"}, m_environment); }
    [[nodiscard]] Result<double> baselineSample() override { return timeUntilPainted({m_program, "plain"}, m_environment); }

private:
    Title m_title{"window.log200k", "ms", "QPlainTextEdit, the same text", 1.0, 5};
    std::string m_program;
    std::vector<std::pair<std::string, std::string>> m_environment;
};

} // namespace

void addWindowBenchmarks(Benchmarks& all)
{
    all.push_back(std::make_unique<FirstPaint>());
    all.push_back(std::make_unique<LogLines>());
}

} // namespace gatehouse::bench
