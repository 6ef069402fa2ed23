// A sandbox made and gone, and a call in one that runs, beside plain fork+exec.
#include "core/foundation/cancel.h"
#include "sandbox/backends/localbackend.h"
#include "tests/bench/benchmark.h"
#include "tests/bench/measure.h"
#include "tests/bench/processes.h"

namespace gatehouse::bench {
namespace {

constexpr const char* forkName = "fork+exec /bin/true";

execution::SandboxSpec spec()
{
    execution::SandboxSpec spec;
    spec.access = execution::WorkspaceAccess::None;
    return spec;
}

execution::ExecRequest trueCommand()
{
    execution::ExecRequest request;
    request.argv = {"/usr/bin/true"};
    return request;
}

class SandboxBenchmark : public Benchmark {
public:
    [[nodiscard]] const Title& title() const override { return m_title; }
    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        m_backend = backends::makeLocalBackend({setting.programs + "/gatehouse-worker", setting.folder});
        return m_backend->start();
    }
    [[nodiscard]] Result<double> baselineSample() override { return forkAndExecTrue(); }

protected:
    explicit SandboxBenchmark(Title title) : m_title(std::move(title)) { }
    [[nodiscard]] Result<std::unique_ptr<execution::SandboxSession>> open() { return m_backend->open(spec(), CancelToken()); }

private:
    Title m_title;
    std::unique_ptr<backends::LocalBackend> m_backend;
};

Result<void> callTrue(execution::SandboxSession& session)
{
    GH_ASSIGN(const execution::ExecOutcome outcome, session.exec(trueCommand(), nullptr, CancelToken()));
    if (outcome.end != execution::ExecEnd::Exited || outcome.status != 0)
        return fail(ErrorCode::Worker, "/usr/bin/true", "It did not succeed in the sandbox");
    return {};
}

// From nothing to a sandbox that takes calls; ending it is not counted.
class Creation final : public SandboxBenchmark {
public:
    Creation() : SandboxBenchmark({"sandbox.create", "ms", forkName, 25.0, 60}) { }
    [[nodiscard]] Result<double> sample() override
    {
        const Stopwatch watch;
        GH_ASSIGN(const auto session, open());
        const double time = watch.milliseconds();
        session->close();
        return time;
    }
};

class Call final : public SandboxBenchmark {
public:
    Call() : SandboxBenchmark({"sandbox.call", "ms", forkName, 25.0, 200}) { }
    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        GH_TRY(SandboxBenchmark::prepare(setting));
        GH_ASSIGN(m_session, open());
        return {};
    }
    [[nodiscard]] Result<double> sample() override
    {
        const Stopwatch watch;
        GH_TRY(callTrue(*m_session));
        return watch.milliseconds();
    }

private:
    std::unique_ptr<execution::SandboxSession> m_session;
};

} // namespace

void addSandboxBenchmarks(Benchmarks& all)
{
    all.push_back(std::make_unique<Creation>());
    all.push_back(std::make_unique<Call>());
}

} // namespace gatehouse::bench
