#include "sandbox/backends/localbackend.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <unistd.h>

#include "sandbox/backends/localprobe.h"
#include "sandbox/backends/localsession.h"
#include "sandbox/host/launcherclient.h"
#include "sandbox/host/ownerscan.h"
#include "sandbox/protocol/limits.h"

namespace gatehouse::backends {

using execution::Layer;
using execution::LayerState;
using execution::SandboxSpec;
using execution::WorkspaceAccess;

namespace {

namespace files = std::filesystem;

// Without these nothing is called a sandbox, whatever a profile asks for.
constexpr Layer core[] = {Layer::Mount, Layer::Pid, Layer::Net, Layer::NoNewPrivileges, Layer::Seccomp, Layer::Descriptors, Layer::UidDrop};

// What is already in the view, or must not be replaced in it.
constexpr const char* reserved[] = {"/proc", "/sys", "/dev", "/tmp", "/workspace", "/run", "/home/agent", "/opt/tools", "/etc", "/var/tmp"};

bool isBeneath(const std::string& path, const std::string& folder)
{
    return path == folder || path.starts_with(folder + '/');
}

Result<std::string> canonical(const std::string& path)
{
    std::error_code error;
    std::string real = files::canonical(path, error).string();
    if (error)
        return fail(ErrorCode::Setup, path, Message("The folder can't be presented to a sandbox: %1", {error.message()}));
    return real;
}

Result<std::vector<std::string>> readPaths(const std::vector<std::string>& wanted)
{
    std::vector<std::string> paths;
    for (const std::string& path : wanted) {
        GH_ASSIGN(std::string real, canonical(path));
        if (isBeneath(real, "/usr"))
            continue;
        for (const char* taken : reserved)
            if (isBeneath(real, taken) || isBeneath(taken, real))
                return fail(ErrorCode::Setup, path, "The path stands in the way of the sandbox's own and can't be presented there");
        paths.push_back(std::move(real));
    }
    if (paths.size() > protocol::maximumSources)
        return fail(ErrorCode::Setup, {}, "Too many paths are to be presented to the sandbox");
    return paths;
}

protocol::LaunchLimits limitsOf(const execution::ResourceLimits& limits)
{
    protocol::LaunchLimits wire;
    wire.cpuMilli = static_cast<std::uint64_t>(std::clamp(limits.cpu, 0.01, 4096.0) * 1000);
    wire.memory = limits.memory;
    wire.processes = limits.processes;
    wire.files = limits.files;
    wire.fileSize = limits.fileSize;
    wire.disk = limits.disk;
    wire.inodes = limits.inodes;
    return wire;
}

class Local final : public LocalBackend {
public:
    explicit Local(LocalOptions options) : m_options(std::move(options))
    {
        // Here, while there is one thread.
        const char* variable = std::getenv("TMPDIR");
        if (m_options.temporaryFolder.empty())
            m_options.temporaryFolder = variable != nullptr && *variable != '\0' ? variable : "/var/tmp";
    }

    Result<void> start() override
    {
        const std::lock_guard lock(m_mutex);
        if (m_launcher)
            return {};
        GH_ASSIGN(const std::string worker, workerPath());
        GH_ASSIGN(m_launcher, host::LauncherClient::start(worker));
        return {};
    }

    Result<execution::IsolationReport> probe() override
    {
        const std::lock_guard lock(m_probeMutex);
        if (m_report)
            return *m_report;
        GH_TRY(start());
        SandboxSpec spec;
        spec.access = WorkspaceAccess::None;
        spec.limits.memory = 256 << 20;
        auto session = make(spec);
        if (!session)
            return session.error().code == ErrorCode::Setup ? Result<execution::IsolationReport>(nothingHolds(session.error()))
                                                            : std::unexpected(session.error());
        GH_ASSIGN(execution::IsolationReport report, measureIsolation(**session));
        m_report = std::move(report);
        return *m_report;
    }

    Result<std::unique_ptr<execution::SandboxSession>> open(const SandboxSpec& spec, const CancelToken& cancel) override
    {
        GH_ASSIGN(const execution::IsolationReport report, probe());
        if (cancel.cancelled())
            return fail(ErrorCode::Cancelled, {}, "The sandbox was not made: cancelled");
        // A host where nothing holds: the attempt itself gives the error with its cause.
        const bool nothing =
            std::all_of(report.layers.begin(), report.layers.end(), [](const auto& l) { return l.state == LayerState::Absent; });
        if (!nothing)
            GH_TRY(checkRequired(report, spec.require));
        GH_ASSIGN(std::unique_ptr<LocalSession> session, make(spec));
        session->setIsolation(reportFor(report, session->created()));
        GH_TRY(checkRequired(session->isolation(), spec.require));
        return session;
    }

private:
    static Result<void> checkRequired(const execution::IsolationReport& report, std::vector<Layer> required)
    {
        required.insert(required.end(), std::begin(core), std::end(core));
        for (const execution::LayerReport& layer : report.layers) {
            const bool wanted = std::find(required.begin(), required.end(), layer.layer) != required.end();
            // Asked for by a profile, the real thing is meant.
            if (wanted && layer.state != LayerState::Enforced)
                return fail(ErrorCode::Setup, std::string(execution::layerName(layer.layer)),
                            Message("The required layer of isolation is %1 on this machine: %2",
                                    {std::string(execution::layerStateName(layer.state)), layer.why}),
                            layer.fix.empty() ? Message() : Message("%1", {layer.fix}));
        }
        return {};
    }

    Result<protocol::CreateSandbox> requestFor(const SandboxSpec& spec) const
    {
        protocol::CreateSandbox request;
        request.access = spec.access == WorkspaceAccess::None ? protocol::LaunchAccess::None
            : spec.access == WorkspaceAccess::ReadOnly        ? protocol::LaunchAccess::ReadOnly
                                                              : protocol::LaunchAccess::Overlay;
        if (spec.access != WorkspaceAccess::None && !spec.workspace.empty()) {
            GH_ASSIGN(request.workspace, canonical(spec.workspace));
            if (::geteuid() == 0) {
                GH_ASSIGN(request.owners, host::scanOwners(request.workspace));
            }
        }
        if (!spec.state.empty()) {
            GH_ASSIGN(request.state, canonical(spec.state));
        }
        if (!spec.tools.empty()) {
            GH_ASSIGN(request.tools, canonical(spec.tools));
        }
        GH_ASSIGN(request.read, readPaths(spec.read));
        auto temporary = canonical(m_options.temporaryFolder);
        if (!temporary) {
            temporary.error().advice = "Let TMPDIR name a folder of yours, or unset it";
            return std::unexpected(std::move(temporary).error());
        }
        request.temporaryFolder = *std::move(temporary);
        request.limits = limitsOf(spec.limits);
        return request;
    }

    Result<std::unique_ptr<LocalSession>> make(const SandboxSpec& spec)
    {
        GH_ASSIGN(const protocol::CreateSandbox request, requestFor(spec));
        GH_ASSIGN(host::LaunchedSandbox sandbox, m_launcher->create(request));
        auto session = std::make_unique<LocalSession>(*m_launcher, std::move(sandbox), spec);
        GH_TRY(session->awaitReady());
        return session;
    }

    Result<std::string> workerPath() const
    {
        if (!m_options.worker.empty())
            return m_options.worker;
        std::error_code error;
        const files::path here = files::read_symlink("/proc/self/exe", error).parent_path();
        for (const files::path& candidate : {here / "gatehouse-worker", here.parent_path() / "lib/gatehouse/gatehouse-worker"})
            if (::access(candidate.c_str(), X_OK) == 0)
                return candidate.string();
        return fail(ErrorCode::Setup, here.string(), "The sandbox worker gatehouse-worker is not there", "Install it beside this program");
    }

    LocalOptions m_options;
    std::mutex m_mutex;
    std::mutex m_probeMutex;
    std::unique_ptr<host::LauncherClient> m_launcher;
    std::optional<execution::IsolationReport> m_report;
};

} // namespace

std::unique_ptr<LocalBackend> makeLocalBackend(LocalOptions options)
{
    return std::make_unique<Local>(std::move(options));
}

} // namespace gatehouse::backends
