// The complete picture that rules see at one point, and how it is made. Values; any thread.
//
// Fields are those of FORMATS, `*.policy.json`: every snapshot has class, workflow, agent, requester and text. A field that is
// not known is left out, and rules then treat it as unknown.
// text is normalised: Unicode NFKC and decoded escapes, to a fixed point. Beside it stand other readings of the same bytes
// (text.h) which are made again at evaluation: deny and ask rules see any of them, allow rules only text.
// command is one of {"argv": […]}, {"tree": […], "redirects": […], "environment": […]}, {"opaque": "why"}: see command.h.
#pragma once

#include "core/foundation/result.h"
#include "core/policy/point.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::policy {

struct Snapshot {
    Point point = Point::Input;
    nlohmann::json fields = nlohmann::json::object();
};

// Larger ones are not decided on: deny, policy.error.
inline constexpr std::size_t maximumSnapshotText = 4u << 20;

// Who acts, for whom, in which class. Strings as in documents: "delivery", "credit-note", "planner".
struct Subject {
    std::string executionClass;
    std::string workflow;
    std::string agent;
    std::string requester; // the person who started the run
};

struct ToolFacts {
    std::string tool;
    std::string arguments;                           // the model's JSON text, byte for byte
    std::optional<std::vector<std::string>> argv;    // as it would be started; shells and wrappers in it are looked through
    std::optional<std::string> shell;                // or a shell command, when the tool runs one without an argv
    std::optional<std::vector<std::string>> effects; // paths it would touch; absent: not known
};

[[nodiscard]] Snapshot inputSnapshot(const Subject& subject, std::string_view task);
// Arguments that are not one JSON value without duplicate keys are an error (ErrorCode::InvalidInput): the call is refused.
[[nodiscard]] Result<Snapshot> toolSnapshot(const Subject& subject, const ToolFacts& facts);
// model.request, model.response, tool.result: the text that passes. model may be empty (not known).
[[nodiscard]] Snapshot textSnapshot(Point point, const Subject& subject, std::string_view text, std::string_view model = {});
// From {"point": "tool", …fields}, as `policy explain` and policy tests give it. Unknown fields are errors.
[[nodiscard]] Result<Snapshot> snapshotFromJson(const nlohmann::json& value);

// SHA-256 of the canonical JSON of point and fields; an error when it has none (invalid UTF-8).
[[nodiscard]] Result<std::string> inputDigest(const Snapshot& snapshot);

} // namespace gatehouse::policy
