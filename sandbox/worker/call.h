// One call: a session from its clone to its end, its streams, its limits, its answer to the host.
#pragma once

#include "sandbox/protocol/frame.h"
#include "sandbox/protocol/messages.h"
#include "sandbox/worker/worker.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::worker {

struct CallRequest {
    std::uint64_t id = 0;
    protocol::Exec exec;
    std::vector<std::string> parts; // standard input, then the input files
};

// False when the host is gone or broke the protocol.
[[nodiscard]] bool runCall(const WorkerState& state, protocol::FrameDecoder& decoder, const CallRequest& request);
// The layers' own view from inside a session, as the output of a call (probe.h).
[[nodiscard]] bool runProbe(const WorkerState& state, protocol::FrameDecoder& decoder, std::uint64_t id);

} // namespace gatehouse::worker
