// From the start of gatehouse-workbench to its first paint, beside plain fork+exec; and a run of a hundred thousand records: opening
// it beside opening a short one, its table beside a plain one of Qt's, its timeline beside that of a short run; large diffs and what
// a program writes beside a plain text editor. All in windows on a display of their own.
#include "tests/bench/benchmark.h"
#include "tests/bench/windowplace.h"

#include <filesystem>
#include <optional>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

// Of a display that shows sixty pictures a second.
constexpr double frameTime = 16.6;

class FirstPaint final : public Benchmark {
public:
    [[nodiscard]] const Title& title() const override { return m_title; }

    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        m_program = setting.programs + "/gatehouse-workbench";
        if (::access(m_program.c_str(), X_OK) != 0)
            return fail(ErrorCode::NotFound, m_program, "The workbench is not built", "Build the target gatehouse-workbench");
        GH_ASSIGN(m_place, windowPlace(setting));
        return {};
    }

    [[nodiscard]] Result<double> sample() override { return timeUntilPainted({m_program, "--paint-probe"}, m_place.environment); }
    [[nodiscard]] Result<double> baselineSample() override { return forkAndExecTrue(); }

private:
    Title m_title{"window.first-paint", "ms", "fork+exec /bin/true", 600.0, 15};
    std::string m_program;
    WindowPlace m_place;
};

// What gatehouse-run-probe says of a run of a hundred thousand records, and of its peer.
class LongRun final : public Benchmark {
public:
    enum class Peer { ShortRun, PlainTable };
    LongRun(Title title, std::string mode, Peer peer) : m_title(std::move(title)), m_mode(std::move(mode)), m_peer(peer) { }
    [[nodiscard]] const Title& title() const override { return m_title; }

    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        m_program = setting.programs + "/gatehouse-run-probe";
        if (::access(m_program.c_str(), X_OK) != 0)
            return fail(ErrorCode::NotFound, m_program, "The probe is not built", "Build the target gatehouse-run-probe");
        GH_ASSIGN(m_place, windowPlace(setting));
        GH_ASSIGN(m_long, run(setting.folder + "/long", "100000"));
        GH_ASSIGN(m_short, run(setting.folder + "/short", "1000"));
        return {};
    }

    [[nodiscard]] Result<double> sample() override { return figureOf({m_program, m_mode, m_long}, m_place.environment); }
    [[nodiscard]] Result<double> baselineSample() override
    {
        if (m_peer == Peer::PlainTable)
            return figureOf({m_program, "plain", "30000"}, m_place.environment);
        return figureOf({m_program, m_mode, m_short}, m_place.environment);
    }

private:
    // The folder of the one run there, made when it is not yet.
    Result<std::string> run(const std::string& project, const char* records) const
    {
        const std::string runs = project + "/.gatehouse/runs";
        std::error_code failed;
        if (!std::filesystem::exists(runs, failed)) {
            std::filesystem::create_directory(project, failed);
            const auto made = timeUntilPainted({m_program, "make", project, records}, m_place.environment);
            if (!made)
                return std::unexpected(made.error());
        }
        for (const auto& entry : std::filesystem::directory_iterator(runs, failed))
            return entry.path().string();
        return fail(ErrorCode::NotFound, runs, "The probe made no run");
    }

    Title m_title;
    std::string m_mode;
    Peer m_peer;
    std::string m_program;
    WindowPlace m_place;
    std::string m_long;
    std::string m_short;
};

// A canvas of five hundred agents, beside one of twenty, as one of the probes sees it.
class LargeCanvas final : public Benchmark {
public:
    LargeCanvas(Title title, std::string probe) : m_title(std::move(title)), m_probe(std::move(probe)) { }
    [[nodiscard]] const Title& title() const override { return m_title; }

    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        m_program = setting.programs + '/' + m_probe;
        if (::access(m_program.c_str(), X_OK) != 0)
            return fail(ErrorCode::NotFound, m_program, "The probe is not built", Message("Build the target %1", {m_probe}));
        GH_ASSIGN(m_place, windowPlace(setting));
        return {};
    }

    [[nodiscard]] Result<double> sample() override { return figureOf({m_program, "500"}, m_place.environment); }
    [[nodiscard]] Result<double> baselineSample() override { return figureOf({m_program, "20"}, m_place.environment); }

private:
    Title m_title;
    std::string m_probe;
    std::string m_program;
    WindowPlace m_place;
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
        GH_ASSIGN(m_place, windowPlace(setting));
        return {};
    }

    [[nodiscard]] Result<double> sample() override { return timeUntilPainted({m_program, "ours", m_patch}, m_place.environment); }
    [[nodiscard]] Result<double> baselineSample() override { return timeUntilPainted({m_program, "peer", m_patch}, m_place.environment); }

private:
    Title m_title;
    std::string m_patch;
    std::string m_program;
    WindowPlace m_place;
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
        GH_ASSIGN(m_place, windowPlace(setting));
        return {};
    }

    [[nodiscard]] Result<double> sample() override { return timeUntilPainted({m_program, "log"}, m_place.environment); }
    [[nodiscard]] Result<double> baselineSample() override { return timeUntilPainted({m_program, "plain"}, m_place.environment); }

private:
    Title m_title{"window.log200k", "ms", "QPlainTextEdit, the same text", 1.0, 5};
    std::string m_program;
    WindowPlace m_place;
};

} // namespace

void addWindowBenchmarks(Benchmarks& all)
{
    using Peer = LongRun::Peer;
    const auto add = [&all](const char* name, const char* baseline, double maximumRatio, double maximum, const char* mode, Peer peer) {
        all.push_back(std::make_unique<LongRun>(Title{name, "ms", baseline, maximumRatio, 3, maximum}, mode, peer));
    };
    all.push_back(std::make_unique<FirstPaint>());
    add("window.openRun100k", "opening a run of 1,000 records", 1.5, 300.0, "open", Peer::ShortRun);
    add("window.scrollRun100k", "a plain QTableView, p99", 2.0, frameTime, "scroll", Peer::PlainTable);
    add("window.panTimeline100k", "a run of 1,000 records, p99", 3.0, frameTime, "pan", Peer::ShortRun);
    all.push_back(
        std::make_unique<LongRun>(Title{"window.readRun100k", "ms", "a run of 1,000 records", std::nullopt, 3}, "all", Peer::ShortRun));
    all.push_back(std::make_unique<LargeCanvas>(Title{"window.panCanvas500", "ms", "a canvas of 20 agents, p99", 4.0, 3, frameTime},
                                                "gatehouse-canvas-probe"));
    // Twenty-five times as much text is read and four views of it brought up to date.
    all.push_back(std::make_unique<LargeCanvas>(Title{"window.editCanvas500", "ms", "a canvas of 20 agents, slowest", 15.0, 3},
                                                "gatehouse-edit-probe"));
    all.push_back(std::make_unique<LargeDiff>("window.diff50k", "lines", 1.0));
    all.push_back(std::make_unique<LargeDiff>("window.diff5000files", "files", 1.5));
    all.push_back(std::make_unique<LogLines>());
}

} // namespace gatehouse::bench
