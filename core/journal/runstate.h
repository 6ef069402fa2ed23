// What lists of runs, resume and the approval queue need to know of a run: a fold over its records, one after the other. A value.
#pragma once

#include "core/base/ids.h"
#include "core/journal/record.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::journal {

class Reader;

enum class RunPhase { Opened, Paused, Finished, Closed, Abandoned };

struct OpenApproval {
    std::string id;
    std::string state = "requested"; // requested, delivered, presented, resolved
    nlohmann::json request;          // the data of approval.requested
    std::vector<nlohmann::json> votes;
    std::optional<std::string> decision; // once resolved
    std::uint64_t seq = 0;               // of approval.requested
    SpanId span;
};

struct OpenEffect {
    std::string effect;
    std::string call;
    nlohmann::json started; // the data of effect.started
    std::uint64_t seq = 0;
    SpanId span;
    bool unknown = false; // effect.unknown was written for it
};

struct RunState {
    RunId run;
    std::string cls;
    std::string name;
    std::string workflow;
    std::string workflowDigest;
    std::string requester;
    nlohmann::json opened; // the data of run.opened
    std::string openedAt;  // wall time of the first record
    std::string updatedAt; // of the last

    RunPhase phase = RunPhase::Opened;
    std::string outcome;                 // of run.finished; the reason while paused
    std::optional<nlohmann::json> final; // the payload reference of the final answer

    std::uint64_t turns = 0; // model.response records
    std::uint64_t toolCalls = 0;
    std::uint64_t denied = 0;
    std::uint64_t inputTokens = 0;
    std::uint64_t outputTokens = 0;
    std::uint64_t epochs = 0;  // writers so far
    std::uint64_t records = 0; // the next seq

    std::map<std::string, OpenApproval> approvals; // neither consumed, denied, expired, withdrawn nor invalidated
    std::map<std::string, OpenEffect> effects;     // started and neither finished nor reconciled

    // Records must come in order; fields that are missing or of the wrong type count as absent.
    void apply(const Record& record);
};

// All records of the run so far.
[[nodiscard]] Result<RunState> foldRun(Reader& reader);

} // namespace gatehouse::journal
