// Making the engine's events: actors and the JSON of what other folders decided. Pure functions; any thread.
#pragma once

#include "core/base/ids.h"
#include "core/execution/execrequest.h"
#include "core/execution/isolation.h"
#include "core/journal/event.h"
#include "core/manifest/materialise.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace gatehouse::engine {

[[nodiscard]] journal::Event systemEvent(journal::EventType type, nlohmann::json data, SpanId span = {});
[[nodiscard]] journal::Event agentEvent(journal::EventType type, const std::string& agent, nlohmann::json data, SpanId span = {});
[[nodiscard]] journal::Event humanEvent(journal::EventType type, const std::string& person, nlohmann::json data, SpanId span = {});
[[nodiscard]] journal::Event policyEvent(nlohmann::json data, SpanId span = {});

[[nodiscard]] SpanId makeSpan();
[[nodiscard]] nlohmann::json toJson(const execution::LimitBreach& breach);
[[nodiscard]] nlohmann::json toJson(const execution::IsolationReport& report);
[[nodiscard]] nlohmann::json toJson(const execution::ResourceLimits& limits);
[[nodiscard]] nlohmann::json toJson(const manifest::Receipt& receipt);
[[nodiscard]] nlohmann::json toJson(const std::vector<manifest::Receipt>& receipts);
// A member of a foreign object, if it is text; else empty.
[[nodiscard]] std::string textOf(const nlohmann::json& object, const char* member);
// Words from elsewhere that go into a record: valid UTF-8, and short enough for one.
[[nodiscard]] std::string boundedText(const std::string& text);
// Why something could not be recorded, whatever the code: to a run that is the end.
[[nodiscard]] Error recordFailure(Error error);
// An error for a record: it may quote what the sandbox or a model wrote, of any bytes and length.
[[nodiscard]] std::string errorText(const Error& error);
[[nodiscard]] std::string_view execEndName(execution::ExecEnd end);

} // namespace gatehouse::engine
