// One local sandbox: its worker's channel, its two layers, its scanner. Thread-safe by one lock: calls go one after the other.
#pragma once

#include "core/execution/sandbox.h"
#include "sandbox/host/changescan.h"
#include "sandbox/host/diskwatch.h"
#include "sandbox/host/launcherclient.h"
#include "sandbox/host/layeredworkspace.h"
#include "sandbox/host/workerchannel.h"

#include <atomic>
#include <memory>
#include <mutex>

namespace gatehouse::backends {

class LocalSession final : public execution::SandboxSession {
public:
    // launcher outlives the session.
    LocalSession(host::LauncherClient& launcher, host::LaunchedSandbox sandbox, execution::SandboxSpec spec);
    ~LocalSession() override;

    [[nodiscard]] Result<void> awaitReady();
    void setIsolation(execution::IsolationReport report) { m_isolation = std::move(report); }

    [[nodiscard]] const execution::IsolationReport& isolation() const override { return m_isolation; }
    [[nodiscard]] const execution::WorkspaceReader& workspace() const override { return m_workspace; }
    [[nodiscard]] Result<execution::ExecOutcome> exec(const execution::ExecRequest& request, execution::ExecObserver* observer,
                                                      const CancelToken& cancel) override;
    [[nodiscard]] Result<execution::ChangeSet> commitFiles(const std::vector<execution::FileCommit>& files) override;
    void close() override;

    // What a session sees of its own layers: lines of "name value".
    [[nodiscard]] Result<std::string> probeLines();
    [[nodiscard]] const protocol::SandboxCreated& created() const { return m_created; }
    [[nodiscard]] const host::LayeredWorkspace& layers() const { return m_workspace; }

private:
    [[nodiscard]] Result<host::WireCall> wireCall(const execution::ExecRequest& request) const;
    [[nodiscard]] Result<execution::ChangeSet> changes(const CancelToken& cancel);
    [[nodiscard]] Result<void> checkAlive() const;
    [[nodiscard]] Error causeOfDeath(Error error);

    host::LauncherClient& m_launcher;
    execution::SandboxSpec m_spec;
    protocol::SandboxCreated m_created;
    UniqueFd m_process;
    UniqueFd m_layer;
    host::LayeredWorkspace m_workspace;
    host::ChangeScanner m_scanner;
    host::DiskWatch m_disk; // over all calls: what it can't see now it may have seen before
    host::WorkerChannel m_channel;
    execution::IsolationReport m_isolation;
    bool m_memoryLimitMet = false; // by a call that ended
    std::mutex m_mutex;
    std::atomic<bool> m_closed = false;
};

} // namespace gatehouse::backends
