// The records of one tool call's effect: how it ended, and what it changed. Also the sentences that a model reads when
// nothing was executed. The run's thread.
#pragma once

#include "core/approval/request.h"
#include "core/engine/runcontext.h"
#include "core/execution/tool.h"
#include "core/policy/decision.h"
#include "core/workspace/edit.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace gatehouse::engine {

// Makes the records of one call; all are the agent's, in the call's span.
class CallRecords {
public:
    CallRecords(RunContext& context, std::string call, SpanId span);

    [[nodiscard]] journal::Event event(journal::EventType type, nlohmann::json data) const;
    [[nodiscard]] Result<void> noteOutput(execution::Stream stream, const std::string& bytes);
    // flushed: bytes of each stream that stand in output records already.
    [[nodiscard]] Result<void> noteOutcome(const std::string& effect, const execution::ToolOutcome& outcome,
                                           const std::array<std::size_t, 2>& flushed);
    // The change list of a step with its patch; payloads of changed files are stored on the way.
    [[nodiscard]] Result<void> noteChanges(std::vector<workspace::PathEdit> edits, bool quiescent);

private:
    [[nodiscard]] Result<nlohmann::json> outcomeData(const execution::ExecOutcome& exec, const std::array<std::size_t, 2>& flushed);
    [[nodiscard]] Result<nlohmann::json> changeOf(workspace::PathEdit& edit);

    RunContext& m_context;
    std::string m_call;
    SpanId m_span;
};

[[nodiscard]] std::string denialText(const policy::Decision& decision);
[[nodiscard]] std::string personsDenialText(const approval::RequestStatus& status);

} // namespace gatehouse::engine
