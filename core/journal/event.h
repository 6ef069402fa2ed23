// What a record can say. The enum is closed: a name that is not listed here is a verification error (FORMAT.md). Values; any thread.
#pragma once

#include "core/base/ids.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse::journal {

enum class ActorKind { Human, Agent, System, Policy };

struct Actor {
    ActorKind kind = ActorKind::System;
    std::string id;
    bool operator==(const Actor&) const = default;
};

// In the order of eventTypes(), which has the dotted names.
enum class EventType {
    RunOpened,
    RunPaused,
    RunResumed,
    RunFinished,
    RunClosed,
    RunAbandoned,
    WriterOpened,
    JournalRecovered,
    CheckpointSigned,
    AnchorRecorded,
    ClockAnomaly,
    RouteDecided,
    UserMessage,
    ModelRequest,
    ModelChunk,
    ModelRetry,
    ModelResponse,
    ModelError,
    AgentHandoff,
    GuardrailTripped,
    PolicyLoaded,
    PolicyDecided,
    ContentFiltered,
    DataMasked,
    ToolRequested,
    ToolRefused,
    ToolUnauthorized,
    ToolResult,
    EffectStarted,
    EffectFinished,
    EffectUnknown,
    EffectReconciled,
    OutputChunk,
    SessionStarted,
    SessionExited,
    StepChanged,
    WorkspaceSaved,
    SnapshotTaken,
    LimitBreached,
    ControlReceived,
    InboxRejected,
    ApprovalRequested,
    ApprovalDelivered,
    ApprovalPresented,
    ApprovalVote,
    ApprovalResolved,
    ApprovalConsumed,
    ApprovalExpired,
    ApprovalWithdrawn,
    ApprovalInvalidated,
    WindowOpened,
    WindowClosed,
    WindowMissed,
    SandboxCreated,
    SandboxSuspended,
    SandboxResumed,
    SandboxDestroyed,
    EgressOpened,
    EgressClosed,
    EgressDenied,
    McpConnected,
    McpListed,
    McpClosed,
    CredentialIssued,
    CredentialRevoked,
    CredentialExpired,
    CredentialProbed,
    FileChanged,
    PatchSealed,
    TestFinished,
    MergeDone,
    RollbackRegistered,
    RollbackDone,
    BlobErased,
    AlertRaised,
    AlertAcknowledged,
    ExportDelivered,
};

struct EventTypeName {
    EventType type;
    std::string_view name;
};
// All of them, in the enum's order.
[[nodiscard]] std::span<const EventTypeName> eventTypes();
// "run.opened", …
[[nodiscard]] std::string_view eventTypeName(EventType type);
[[nodiscard]] std::optional<EventType> eventTypeFromName(std::string_view name);
// SHA-256 of the names, one per line: run.opened names it as "events".
[[nodiscard]] const std::string& eventTypesDigest();

// "human", "agent", "system", "policy".
[[nodiscard]] std::string_view actorKindName(ActorKind kind);
[[nodiscard]] std::optional<ActorKind> actorKindFromName(std::string_view name);

// What a caller gives to Writer::append. data is an object; its numbers are whole and within ±(2^53−1); other numbers are strings.
// An object in it with exactly the members "commit" and "size" is a payload reference and must come from Writer::payload.
struct Event {
    EventType type = EventType::RunOpened;
    Actor actor;
    SpanId span; // empty: the writer makes none; written as ""
    nlohmann::json data = nlohmann::json::object();
};

} // namespace gatehouse::journal
