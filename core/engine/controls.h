// What other processes ask of a run, as it stands in a message of its inbox. Pure but for noteSaid; the run's thread.
#pragma once

#include "core/approval/request.h"
#include "core/engine/runcontext.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <variant>

namespace gatehouse::engine {

struct StopControl {
    std::string from;
};
struct PauseControl {
    std::string from;
};
struct SayControl {
    std::string from;
    std::string text;
};
using Control = std::variant<approval::Vote, StopControl, PauseControl, SayControl>;

// Foreign JSON: {"kind": "vote" | "stop" | "pause" | "say", …}. ErrorCode::InvalidInput says what is wrong with it.
[[nodiscard]] Result<Control> controlFromJson(const nlohmann::json& message);

// What people say to an agent passes the same point as its task. Nobody can be asked about it: it is said, or it is an
// error (ErrorCode::Denied). Decision and words are in the journal when this returns.
// message: the inbox message that brought it.
[[nodiscard]] Result<void> noteSaid(RunContext& context, const SayControl& said, const std::string& message);

// The record of a control. message: the inbox message that brought it, empty for this program's own.
[[nodiscard]] journal::Event controlEvent(const std::string& kind, const std::string& from, const std::string& message);

} // namespace gatehouse::engine
