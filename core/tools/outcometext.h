// How a command ended, in the words that models and people read. Pure; any thread.
#pragma once

#include "core/execution/execrequest.h"

#include <cstdint>
#include <string>

namespace gatehouse::tools {

// "memory (512 MiB of 512 MiB)", "call (30.0 s of 30 s)", "processes (128 of 128)".
[[nodiscard]] std::string limitText(const execution::LimitBreach& breach);
// "Process exited with code 0", "Process ended by signal 9 (KILL)", "Process ended by limit: …", "Process was stopped".
[[nodiscard]] std::string endText(const execution::ExecOutcome& outcome);
// One stream as valid UTF-8; what was not kept is named between its two ends.
[[nodiscard]] std::string streamText(const execution::CapturedStream& stream);
// Standard output, then standard error.
[[nodiscard]] std::string mergedText(const execution::ExecOutcome& outcome);
// Bytes written in all, kept or not.
[[nodiscard]] std::uint64_t writtenBytes(const execution::ExecOutcome& outcome);
[[nodiscard]] bool succeeded(const execution::ExecOutcome& outcome);

} // namespace gatehouse::tools
