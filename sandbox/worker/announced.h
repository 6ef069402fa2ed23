// The calls that the command's filter announces, answered by PID 1 of its session; nothing in the command's memory is read.
//
// A mapping beyond the memory limit is refused. A shared anonymous one is reported and goes on.
#pragma once

#include "core/foundation/uniquefd.h"
#include "sandbox/protocol/launchmessages.h"
#include "sandbox/worker/session.h"

#include <cstdint>

struct seccomp_notif;

namespace gatehouse::worker {

// To the worker.
void report(int pipe, const SessionStatus& status);
void report(int pipe, SessionStatus::Kind kind, std::uint64_t figure);

class AnnouncedCalls {
public:
    // status: the pipe to the worker; borrowed.
    AnnouncedCalls(UniqueFd listener, int status, const protocol::LaunchLimits& limits)
        : m_listener(std::move(listener)), m_status(status), m_limits(limits)
    {
    }
    [[nodiscard]] int listener() const { return m_listener.get(); }
    void close() { m_listener.reset(); }
    // events: what poll said; false when nobody is left to announce anything.
    [[nodiscard]] bool answer(short events);

private:
    [[nodiscard]] int decide(const seccomp_notif& call);
    [[nodiscard]] int decideMapping(std::uint64_t bytes, bool shared);

    UniqueFd m_listener;
    int m_status;
    protocol::LaunchLimits m_limits;
};

} // namespace gatehouse::worker
