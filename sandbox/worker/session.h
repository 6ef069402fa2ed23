// One exec session: the inside of its pid namespace. Its PID 1 is this code, never an exec'd program (which would ignore its
// own deadly signals there); it hardens itself, starts the command, reaps, answers announced calls (announced.h), and ends with the
// command.
#pragma once

#include "sandbox/worker/worker.h"

#include <cstdint>
#include <string>
#include <vector>

namespace gatehouse::worker {

// From the session's PID 1 to the worker; fixed size, so that a pipe keeps each whole.
struct SessionStatus {
    enum class Kind : std::uint32_t {
        StepFailed, // value: errno; the session ends
        Refused,    // figure: bytes that a mapping asked for beyond the memory limit
        Shared,     // figure: bytes of a shared anonymous mapping that is made now
        TooMany,    // figure: processes and threads that there were
        Exited,     // value: exit status
        Signalled,  // value: signal
    };
    Kind kind = Kind::StepFailed;
    std::int32_t value = 0;
    std::uint64_t figure = 0;
    char step[96] = {};
};

// All made before the clone: nothing is allocated for exec afterwards.
struct SessionPlan {
    const WorkerState* state = nullptr;
    std::vector<std::string> candidates; // paths to try for argv[0], in PATH order
    std::vector<char*> argv;             // null-terminated, into strings that outlive the plan
    std::vector<char*> environment;
    std::string workdir;
    std::vector<std::string> files; // contents of /run/input/1, 2, …
    int standard[3] = {-1, -1, -1};
    int status = -1;
    // Runs instead of a command, as hardened as one would be: for probing the layers.
    void (*inPlace)() = nullptr;
};

// In the new pid and mount namespaces. Never returns.
[[noreturn]] void runSession(const SessionPlan& plan);

} // namespace gatehouse::worker
