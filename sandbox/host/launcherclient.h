// The launcher process, from the host: started once, asked to make and end sandboxes. Thread-safe; requests go one after the other.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"
#include "sandbox/protocol/launchmessages.h"

#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>

namespace gatehouse::host {

// A sandbox as the launcher made it; its descriptors belong to the holder.
struct LaunchedSandbox {
    protocol::SandboxCreated created;
    UniqueFd channel;
    UniqueFd process;   // pidfd of the worker
    UniqueFd layer;     // folder with "upper", unless the workspace is read-only
    UniqueFd workspace; // the folder below, unless there is none
};

class LauncherClient {
public:
    // Runs the worker binary as launcher: no environment, no descriptors but ours, a session of its own so that the
    // terminal's signals pass it by. It ends when this object does, or when this process dies in any way.
    [[nodiscard]] static Result<std::unique_ptr<LauncherClient>> start(const std::string& worker);
    ~LauncherClient();

    [[nodiscard]] Result<LaunchedSandbox> create(const protocol::CreateSandbox& request);
    // How it ended, which it has after this; what it left stays until destroy().
    [[nodiscard]] Result<protocol::SandboxEnd> endOf(std::uint64_t sandbox);
    // Kills all of it and removes its private state; returns when that is done.
    [[nodiscard]] Result<void> destroy(std::uint64_t sandbox);
    [[nodiscard]] pid_t pid() const { return m_pid; }

private:
    LauncherClient(UniqueFd channel, pid_t pid) : m_channel(std::move(channel)), m_pid(pid) { }
    struct Answer;
    [[nodiscard]] Result<Answer> ask(const std::string& request);

    std::mutex m_mutex;
    UniqueFd m_channel;
    pid_t m_pid = 0;
};

} // namespace gatehouse::host
