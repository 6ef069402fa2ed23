// Progress: what a run's records add up to, for the engine: the conversation, the calls still open, what was used.
//
// A fold: the live run applies each record that it writes, a resumed run applies those that it reads, and both are in
// the same state. Nothing of a run is remembered anywhere else. Not thread-safe; the run's thread.
#pragma once

#include "core/base/ids.h"
#include "core/foundation/result.h"
#include "core/journal/event.h"
#include "core/model/conversation.h"
#include "core/workspace/knownstate.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::engine {

// How far a call of the model has come.
enum class CallStage {
    Proposed, // the model asked for it
    Asked,    // waits for a person
    Approved, // a person said yes to the binding
    Started,  // claimed: it may have happened
    Unknown,  // claimed by a writer that died; nobody knows
    Finished, // it happened; its result is not with the model yet
};

struct CallProgress {
    model::ToolCall call;
    CallStage stage = CallStage::Proposed;
    bool requested = false;   // tool.requested is written
    ApprovalId approval = {}; // the open or granted request
    std::string binding = {}; // what was asked for, or granted
    std::string effect = {};  // id of the claimed effect
    bool asked = false;       // a person was asked: only a person lets it go
    bool mustAsk = false;     // it may have happened once: only a person lets it happen again
};

// Gives the bytes of a payload reference of the journal.
using PayloadSource = std::function<Result<std::string>(const nlohmann::json& reference)>;

class Progress {
public:
    // A record that doesn't fit is ErrorCode::Corrupt.
    [[nodiscard]] Result<void> apply(journal::EventType type, const nlohmann::json& data, const PayloadSource& payload);

    [[nodiscard]] const std::vector<model::Item>& items() const { return m_items; }
    // The task is among the items.
    [[nodiscard]] bool taskSaid() const { return m_taskSaid; }
    // Items that the last request did not have: the new ones of the next.
    [[nodiscard]] std::size_t sentItems() const { return m_sentItems; }
    [[nodiscard]] const std::string& requestDigest() const { return m_requestDigest; }
    // Calls of the last response that have no result yet, in the model's order.
    [[nodiscard]] const std::vector<CallProgress>& openCalls() const { return m_calls; }
    [[nodiscard]] const CallProgress* find(const std::string& call) const;
    [[nodiscard]] const workspace::KnownState& files() const { return m_files; }

    [[nodiscard]] bool taskAllowed() const { return m_taskAllowed; }
    // Digest of the policies under which it was.
    [[nodiscard]] const std::string& taskPolicy() const { return m_taskPolicy; }
    [[nodiscard]] const ApprovalId& taskApproval() const { return m_taskApproval; }
    // A control that came as this message of the inbox is in the journal.
    [[nodiscard]] bool heard(const std::string& message) const { return m_heard.contains(message); }
    [[nodiscard]] bool requestOpen() const { return m_requestOpen; } // asked a model, no answer recorded
    [[nodiscard]] std::uint64_t turns() const { return m_turns; }
    [[nodiscard]] std::uint64_t toolCalls() const { return m_toolCalls; }
    [[nodiscard]] std::uint64_t denied() const { return m_denied; }
    // One of the calls of the last response was denied.
    [[nodiscard]] bool deniedLast() const { return m_deniedLast; }
    [[nodiscard]] std::uint64_t steps() const { return m_steps; }
    [[nodiscard]] std::uint64_t inputTokens() const { return m_inputTokens; }
    [[nodiscard]] std::uint64_t outputTokens() const { return m_outputTokens; }
    [[nodiscard]] bool finished() const { return m_finished; }
    // The last response ended the run's work: it has text and no calls.
    [[nodiscard]] bool answered() const { return m_answered; }
    [[nodiscard]] const std::string& answer() const { return m_answer; }

private:
    using Data = nlohmann::json;
    [[nodiscard]] Result<void> applyResponse(const Data& data, const PayloadSource& payload);
    [[nodiscard]] Result<void> applyResult(const Data& data, const PayloadSource& payload);
    [[nodiscard]] Result<void> applyChanges(const Data& data);
    [[nodiscard]] Result<void> applyText(const Data& data, const PayloadSource& payload);
    void applyRequest(const Data& data);
    void applyDecision(const Data& data);
    void applyApproval(journal::EventType type, const Data& data);
    void countDenial();
    void releaseHeld();
    void applyEffect(journal::EventType type, const Data& data);
    [[nodiscard]] CallProgress* callOf(const std::string& id);
    [[nodiscard]] CallProgress* callOfApproval(const std::string& id);
    [[nodiscard]] CallProgress* callOfEffect(const std::string& id);

    std::vector<model::Item> m_items;
    // What people said while the model could not be told: before the task, during a turn, between a call and its result.
    std::vector<model::Item> m_held;
    bool m_taskSaid = false;
    std::size_t m_sentItems = 0;
    std::string m_requestDigest;
    std::vector<CallProgress> m_calls;
    workspace::KnownState m_files;
    bool m_taskAllowed = false;
    std::string m_taskPolicy;
    ApprovalId m_taskApproval;
    std::set<std::string> m_heard;
    bool m_requestOpen = false;
    std::uint64_t m_turns = 0;
    std::uint64_t m_toolCalls = 0;
    std::uint64_t m_denied = 0;
    bool m_deniedLast = false;
    std::uint64_t m_steps = 0;
    std::uint64_t m_inputTokens = 0;
    std::uint64_t m_outputTokens = 0;
    bool m_finished = false;
    bool m_answered = false;
    std::string m_answer;
};

// The JSON of step.changed's versions, both ways: {"kind","mode","size","sha256","blob"}.
[[nodiscard]] nlohmann::json versionToJson(const workspace::PathVersion& version);
[[nodiscard]] Result<workspace::PathVersion> versionFromJson(const nlohmann::json& value);
// Path names are bytes: JSON holds them as text when they are UTF-8, else as {"hex": …}.
[[nodiscard]] nlohmann::json pathToJson(const std::string& path);
[[nodiscard]] Result<std::string> pathFromJson(const nlohmann::json& value);

} // namespace gatehouse::engine
