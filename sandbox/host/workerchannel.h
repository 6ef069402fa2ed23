// One worker, from the host. The worker is hostile: every frame is checked for type, size, request and order, and the
// first that is wrong ends that worker. Nothing is allocated because a length says so, and no descriptor is ever taken.
// One call at a time; not thread-safe.
#pragma once

#include "core/execution/execrequest.h"
#include "core/foundation/cancel.h"
#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"
#include "sandbox/protocol/frame.h"
#include "sandbox/protocol/messages.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::host {

// What exec sends, ready made.
struct WireCall {
    protocol::Exec exec;
    std::vector<std::string> parts; // standard input, then the input files
    bool probe = false;             // instead of all this, the layers' own view
};

class WorkerChannel {
public:
    // Asked every watchPeriod during a call and once after its end; a breach cancels the call and becomes its first cause.
    using Watch = std::function<std::optional<execution::LimitBreach>()>;
    static constexpr std::chrono::milliseconds watchPeriod{50};

    // process: its pidfd, killed on the first wrong frame; borrowed.
    WorkerChannel(UniqueFd channel, int process) : m_channel(std::move(channel)), m_process(process) { }

    [[nodiscard]] Result<void> awaitReady();
    [[nodiscard]] Result<execution::ExecOutcome> call(const WireCall& call, execution::ExecObserver* observer, const CancelToken& cancel,
                                                      const Watch& watch);
    [[nodiscard]] Result<protocol::CommitDone> commit(const std::vector<protocol::CommitFile>& files,
                                                      const std::vector<std::string>& contents);
    // True after the first error: the worker is dead, and every further call says so.
    [[nodiscard]] bool broken() const { return m_broken; }
    // It died by itself, before anything was wrong with what it said.
    [[nodiscard]] bool hasDied() const { return m_died; }

private:
    struct Running;
    [[nodiscard]] Result<void> send(protocol::FrameType type, std::uint64_t id, const std::string& payload);
    [[nodiscard]] Result<void> sendParts(std::uint64_t id, const std::vector<std::string>& parts);
    // The next frame; nothing when the time is over or the token was cancelled.
    [[nodiscard]] Result<std::optional<protocol::Frame>> receive(std::chrono::steady_clock::time_point until, int cancelFd);
    [[nodiscard]] Result<void> read();
    [[nodiscard]] Result<void> take(Running& running, const protocol::Frame& frame);
    [[nodiscard]] Result<void> takeOutput(Running& running, const protocol::Frame& frame);
    [[nodiscard]] Result<void> takeEnd(Running& running, const protocol::Frame& frame);
    [[nodiscard]] Result<void> cancelIfAsked(Running& running, const CancelToken& cancel, const Watch& watch);
    void waitForObserver(Running& running, const CancelToken& cancel);
    [[nodiscard]] std::unexpected<Error> broke(Message why);
    [[nodiscard]] std::unexpected<Error> died(Message why);
    template <typename T> [[nodiscard]] Result<T> guarded(Result<T> result);

    UniqueFd m_channel;
    int m_process = -1;
    protocol::FrameDecoder m_decoder;
    std::optional<std::chrono::steady_clock::time_point> m_partialSince;
    std::uint64_t m_lastId = 0;
    bool m_broken = false;
    bool m_died = false;
};

} // namespace gatehouse::host
