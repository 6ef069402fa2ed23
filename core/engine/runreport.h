// How a run ended, for whoever started it and for its last record. Values; any thread.
#pragma once

#include "core/base/ids.h"
#include "core/engine/recorder.h"
#include "core/foundation/result.h"
#include "core/journal/event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::engine {

enum class Outcome { Completed, Denied, Waiting, Limit, BadInput, SandboxFailed, ModelFailed, RecordFailed, Cancelled };
[[nodiscard]] std::string_view outcomeName(Outcome outcome);
[[nodiscard]] Outcome outcomeOf(ErrorCode code);

struct RunReport {
    RunId run;
    std::string directory;
    Outcome outcome = Outcome::Completed;
    std::optional<Error> error; // why, unless completed
    std::string final;          // the answer
    std::uint64_t turns = 0;
    std::uint64_t toolCalls = 0;
    std::uint64_t denied = 0;
    std::uint64_t inputTokens = 0;
    std::uint64_t outputTokens = 0;
    std::vector<std::string> files; // changed by the run, relative to the workspace
    std::string waitingFor;         // id of an open approval
    std::string confirmedBy;        // "one person" where somebody approved something alone; empty where nothing was approved
};

[[nodiscard]] RunReport makeReport(const Recorder& recorder, Outcome outcome, std::optional<Error> error);

// What was still open, and run.finished. The payload of the answer is stored on the way.
enum class SandboxOpened { No, Yes };
[[nodiscard]] std::vector<journal::Event> closingEvents(Recorder& recorder, Outcome outcome, const std::optional<Error>& error,
                                                        SandboxOpened sandbox, std::int64_t activeMilliseconds);

} // namespace gatehouse::engine
