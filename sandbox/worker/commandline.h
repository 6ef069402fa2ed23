// What a call runs, made ready before its session is cloned: every string is there by then, nothing is allocated for exec.
#pragma once

#include "sandbox/worker/call.h"
#include "sandbox/worker/session.h"

#include <string>
#include <vector>

namespace gatehouse::worker {

class CommandLine {
public:
    // inPlace: runs instead of a command (session.h), or null. request is borrowed.
    CommandLine(const CallRequest& request, void (*inPlace)());
    // Points into this object; the streams are still to be filled in.
    [[nodiscard]] SessionPlan plan(const WorkerState& state) const;

private:
    const CallRequest& m_request;
    void (*m_inPlace)();
    std::vector<std::string> m_environment;
};

} // namespace gatehouse::worker
