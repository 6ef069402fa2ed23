// From the start of gatehouse-workbench to its first paint, beside plain fork+exec. Without a display it paints offscreen.
#include "tests/bench/benchmark.h"
#include "tests/bench/processes.h"

#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

// What a program with a window is started with.
struct Environment {
    std::vector<std::pair<std::string, std::string>> variables;

    [[nodiscard]] Result<void> make(const Setting& setting)
    {
        const bool display = std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
        if (!display && std::getenv("QT_QPA_PLATFORM") == nullptr)
            variables.emplace_back("QT_QPA_PLATFORM", "offscreen");
        // Settings of whoever measures must not count, nor be changed.
        for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"})
            variables.emplace_back(name, setting.folder + "/xdg");
        const std::string runtime = setting.folder + "/runtime";
        if (::mkdir(runtime.c_str(), 0700) != 0 && errno != EEXIST)
            return failErrno(runtime, "Could not make the folder", errno);
        variables.emplace_back("XDG_RUNTIME_DIR", runtime);
        // What the offscreen platform can't do is no matter of the figures.
        variables.emplace_back("QT_LOGGING_RULES", "default.warning=false");
        return {};
    }
};

class FirstPaint final : public Benchmark {
public:
    [[nodiscard]] const Title& title() const override { return m_title; }

    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        m_program = setting.programs + "/gatehouse-workbench";
        if (::access(m_program.c_str(), X_OK) != 0)
            return fail(ErrorCode::NotFound, m_program, "The workbench is not built", "Build the target gatehouse-workbench");
        return m_environment.make(setting);
    }

    [[nodiscard]] Result<double> sample() override { return timeUntilPainted({m_program, "--paint-probe"}, m_environment.variables); }
    [[nodiscard]] Result<double> baselineSample() override { return forkAndExecTrue(); }

private:
    Title m_title{"window.first-paint", "ms", "fork+exec /bin/true", 600.0, 15};
    std::string m_program;
    Environment m_environment;
};

// A large patch from its bytes to its first picture, beside a plain text editor that is given the same text.
class LargeDiff final : public Benchmark {
public:
    LargeDiff(std::string name, std::string patch, double maximumRatio)
        : m_title{std::move(name), "ms", "QPlainTextEdit with the same text", maximumRatio, 10}, m_patch(std::move(patch))
    {
    }
    [[nodiscard]] const Title& title() const override { return m_title; }

    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        m_program = setting.programs + "/gatehouse-diff-probe";
        if (::access(m_program.c_str(), X_OK) != 0)
            return fail(ErrorCode::NotFound, m_program, "The probe is not built", "Build the target gatehouse-diff-probe");
        return m_environment.make(setting);
    }

    [[nodiscard]] Result<double> sample() override { return timeUntilPainted({m_program, "ours", m_patch}, m_environment.variables); }
    [[nodiscard]] Result<double> baselineSample() override
    {
        return timeUntilPainted({m_program, "peer", m_patch}, m_environment.variables);
    }

private:
    Title m_title;
    std::string m_patch;
    std::string m_program;
    Environment m_environment;
};

} // namespace

void addWindowBenchmarks(Benchmarks& all)
{
    all.push_back(std::make_unique<FirstPaint>());
    all.push_back(std::make_unique<LargeDiff>("window.diff50k", "lines", 1.0));
    all.push_back(std::make_unique<LargeDiff>("window.diff5000files", "files", 1.5));
}

} // namespace gatehouse::bench
