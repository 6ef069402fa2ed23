// The limits of one call as the worker sees them: what a cgroup counted, or, without one, what is measured on a tick and what the
// session's first process reports. Each limit is breached once, the first cause first.
#pragma once

#include "sandbox/protocol/messages.h"
#include "sandbox/worker/session.h"
#include "sandbox/worker/watcher.h"
#include "sandbox/worker/worker.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gatehouse::worker {

// The figure behind a key of a cgroup's events file, one "key figure" per line; 0 when it is not there.
[[nodiscard]] std::uint64_t eventCount(std::string_view text, std::string_view key);

class LimitWatch {
public:
    explicit LimitWatch(const WorkerState& state);

    // What earlier calls left may already fill the memory: then nothing can be started.
    void checkBefore() { checkKept(); }
    // The session's first process.
    void setKeeper(pid_t keeper)
    {
        if (m_usage)
            m_usage->setKeeper(keeper);
    }
    void take(const SessionStatus& status);
    // Reads the cgroup's events, or measures.
    void tick();
    [[nodiscard]] std::chrono::steady_clock::time_point nextTick() const { return m_nextTick; }
    void readCgroup();
    // After the session's end: status as of its command, when that came so far.
    void judgeEnd(protocol::WireEnd end, std::int64_t status);
    void breach(protocol::WireLimit limit, std::uint64_t value, std::uint64_t maximum);
    // Makes room again when memory was breached and much of it would stay, and waits a moment for what the dead's sockets held.
    void clearAfter() const;

    [[nodiscard]] bool hit() const { return !m_breaches.empty(); }
    [[nodiscard]] const std::vector<protocol::WireBreach>& breaches() const { return m_breaches; }

private:
    [[nodiscard]] std::uint64_t processEvents() const;
    [[nodiscard]] std::uint64_t memoryEvents() const;
    [[nodiscard]] bool outOfMemory();
    [[nodiscard]] bool socketsAreFull() const;
    void checkKept();
    void measure();
    void lookAtHost();

    const WorkerState& m_state;
    std::vector<protocol::WireBreach> m_breaches;
    std::uint64_t m_processEventsBefore = 0;
    std::uint64_t m_memoryEventsBefore = 0; // version 2
    std::uint64_t m_refused = 0;
    HostWatch m_host;
    std::uint64_t m_visible = 0; // memory as last measured
    bool m_manyTasks = false;
    std::chrono::steady_clock::time_point m_nextLook;
    std::optional<UsageWatch> m_usage; // without a cgroup
    std::chrono::steady_clock::time_point m_nextTick;
};

} // namespace gatehouse::worker
