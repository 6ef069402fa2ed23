#include "core/journal/event.h"

#include "core/foundation/sha256.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace gatehouse::journal {

static constexpr auto names = std::to_array<EventTypeName>({
    {EventType::RunOpened, "run.opened"},
    {EventType::RunPaused, "run.paused"},
    {EventType::RunResumed, "run.resumed"},
    {EventType::RunFinished, "run.finished"},
    {EventType::RunClosed, "run.closed"},
    {EventType::RunAbandoned, "run.abandoned"},
    {EventType::WriterOpened, "writer.opened"},
    {EventType::JournalRecovered, "journal.recovered"},
    {EventType::CheckpointSigned, "checkpoint.signed"},
    {EventType::AnchorRecorded, "anchor.recorded"},
    {EventType::ClockAnomaly, "clock.anomaly"},
    {EventType::RouteDecided, "route.decided"},
    {EventType::UserMessage, "user.message"},
    {EventType::ModelRequest, "model.request"},
    {EventType::ModelChunk, "model.chunk"},
    {EventType::ModelRetry, "model.retry"},
    {EventType::ModelResponse, "model.response"},
    {EventType::ModelError, "model.error"},
    {EventType::AgentHandoff, "agent.handoff"},
    {EventType::GuardrailTripped, "guardrail.tripped"},
    {EventType::PolicyLoaded, "policy.loaded"},
    {EventType::PolicyDecided, "policy.decided"},
    {EventType::ContentFiltered, "content.filtered"},
    {EventType::DataMasked, "data.masked"},
    {EventType::ToolRequested, "tool.requested"},
    {EventType::ToolRefused, "tool.refused"},
    {EventType::ToolUnauthorized, "tool.unauthorized"},
    {EventType::ToolResult, "tool.result"},
    {EventType::EffectStarted, "effect.started"},
    {EventType::EffectFinished, "effect.finished"},
    {EventType::EffectUnknown, "effect.unknown"},
    {EventType::EffectReconciled, "effect.reconciled"},
    {EventType::OutputChunk, "output.chunk"},
    {EventType::SessionStarted, "session.started"},
    {EventType::SessionExited, "session.exited"},
    {EventType::StepChanged, "step.changed"},
    {EventType::WorkspaceSaved, "workspace.saved"},
    {EventType::SnapshotTaken, "snapshot.taken"},
    {EventType::LimitBreached, "limit.breached"},
    {EventType::ControlReceived, "control.received"},
    {EventType::InboxRejected, "inbox.rejected"},
    {EventType::ApprovalRequested, "approval.requested"},
    {EventType::ApprovalDelivered, "approval.delivered"},
    {EventType::ApprovalPresented, "approval.presented"},
    {EventType::ApprovalVote, "approval.vote"},
    {EventType::ApprovalResolved, "approval.resolved"},
    {EventType::ApprovalConsumed, "approval.consumed"},
    {EventType::ApprovalExpired, "approval.expired"},
    {EventType::ApprovalWithdrawn, "approval.withdrawn"},
    {EventType::ApprovalInvalidated, "approval.invalidated"},
    {EventType::WindowOpened, "window.opened"},
    {EventType::WindowClosed, "window.closed"},
    {EventType::WindowMissed, "window.missed"},
    {EventType::SandboxCreated, "sandbox.created"},
    {EventType::SandboxSuspended, "sandbox.suspended"},
    {EventType::SandboxResumed, "sandbox.resumed"},
    {EventType::SandboxDestroyed, "sandbox.destroyed"},
    {EventType::EgressOpened, "egress.opened"},
    {EventType::EgressClosed, "egress.closed"},
    {EventType::EgressDenied, "egress.denied"},
    {EventType::McpConnected, "mcp.connected"},
    {EventType::McpListed, "mcp.listed"},
    {EventType::McpClosed, "mcp.closed"},
    {EventType::CredentialIssued, "cred.issued"},
    {EventType::CredentialRevoked, "cred.revoked"},
    {EventType::CredentialExpired, "cred.expired"},
    {EventType::CredentialProbed, "cred.probe"},
    {EventType::FileChanged, "file.changed"},
    {EventType::PatchSealed, "patch.sealed"},
    {EventType::TestFinished, "test.finished"},
    {EventType::MergeDone, "merge.done"},
    {EventType::RollbackRegistered, "rollback.registered"},
    {EventType::RollbackDone, "rollback.done"},
    {EventType::BlobErased, "blob.erased"},
    {EventType::AlertRaised, "alert.raised"},
    {EventType::AlertAcknowledged, "alert.acked"},
    {EventType::ExportDelivered, "export.delivered"},
});

static_assert(names.size() == static_cast<std::size_t>(EventType::ExportDelivered) + 1);
static_assert([] {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].type != static_cast<EventType>(i))
            return false;
    }
    return true;
}());

static constexpr std::array<std::string_view, 4> actorKinds = {"human", "agent", "system", "policy"};

std::span<const EventTypeName> eventTypes()
{
    return names;
}

std::string_view eventTypeName(EventType type)
{
    return names[static_cast<std::size_t>(type)].name;
}

std::optional<EventType> eventTypeFromName(std::string_view name)
{
    static const auto table = [] {
        std::unordered_map<std::string_view, EventType> map;
        for (const EventTypeName& entry : names)
            map.emplace(entry.name, entry.type);
        return map;
    }();
    const auto found = table.find(name);
    return found == table.end() ? std::nullopt : std::optional(found->second);
}

const std::string& eventTypesDigest()
{
    static const std::string digest = [] {
        std::string text;
        for (const EventTypeName& entry : names)
            text.append(entry.name) += '\n';
        return sha256Hex(text);
    }();
    return digest;
}

std::string_view actorKindName(ActorKind kind)
{
    return actorKinds[static_cast<std::size_t>(kind)];
}

std::optional<ActorKind> actorKindFromName(std::string_view name)
{
    const auto found = std::ranges::find(actorKinds, name);
    if (found == actorKinds.end())
        return std::nullopt;
    return static_cast<ActorKind>(found - actorKinds.begin());
}

} // namespace gatehouse::journal
