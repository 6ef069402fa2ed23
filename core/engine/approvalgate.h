// ApprovalGate: the requests of one run and the votes that reach it, from wherever they come.
//
// A request is journaled and sealed before anybody is shown it; a vote is judged by the one judge, journaled whether it
// counts or not, and only its record lets the run go on. The run's thread.
#pragma once

#include <QObject>
#include <QTimer>

#include "core/approval/action.h"
#include "core/approval/judge.h"
#include "core/approval/presentation.h"
#include "core/approval/request.h"
#include "core/engine/recorder.h"
#include "core/engine/runplan.h"
#include "core/execution/tool.h"
#include "core/policy/decision.h"

#include <optional>
#include <string>

namespace gatehouse::engine {

class ApprovalGate final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalGate)

public:
    ApprovalGate(const RunPlan& plan, Recorder& recorder, QObject* parent = nullptr);

    // What every later action is bound to beside the documents: digests of the workspace's sources and of the tool programs.
    void bindWorkplace(std::string sources, std::string tools);
    // The action of a call as it stands now. nonce: of an earlier request for the same call, or empty for a new one.
    [[nodiscard]] Result<approval::Action> actionOf(const execution::PreparedCall& prepared, const policy::Decision& decision,
                                                    const std::string& schemaDigest, const std::string& nonce) const;
    // Journals decision and request in one write; the request is then on disk and sealed. call is empty for the task itself.
    [[nodiscard]] Result<ApprovalId> request(const approval::Action& action, const execution::PreparedCall& prepared,
                                             const policy::Decision& decision, const std::string& call, const SpanId& span);
    // Judges and journals. An error says why the vote does not count; the request stays as it was.
    // message: the inbox message that brought it; empty for this program's own.
    [[nodiscard]] Result<void> receive(const approval::Vote& vote, const std::string& message = {});
    // A request that was opened before this process: whoever asks people is told of it.
    void announce(const ApprovalId& id) { Q_EMIT opened(id.text()); }
    // Requests whose time is over become so in the journal.
    void expireDue();
    // The run is over: nothing expires into its record any more.
    void endWatch() { m_expiry.stop(); }
    // The action that an earlier request bound, for comparing.
    [[nodiscard]] Result<approval::Action> requestedAction(const ApprovalId& id) const;
    // The last look before a claim: these bytes, this request, still in time.
    [[nodiscard]] bool mayClaim(const ApprovalId& id, const std::string& binding) const;
    // May this approved request be claimed for the action as it is now? If not, it is invalidated or expired in the journal.
    [[nodiscard]] Result<bool> stillHolds(const ApprovalId& id, const approval::Action& now);

    // An undecided request whose action is not what would run now. Always false, for symmetry with stillHolds.
    [[nodiscard]] Result<bool> invalidate(const ApprovalId& id, const approval::Action& now);

Q_SIGNALS:
    void opened(const std::string& id);
    // After approval.resolved or approval.expired is on disk.
    void settled(const std::string& id);
    void recordFailed(const gatehouse::Error& error);

private:
    void watchExpiry();
    [[nodiscard]] Result<void> expire(const approval::RequestStatus& status);

    const RunPlan& m_plan;
    Recorder& m_recorder;
    QTimer m_expiry;
    std::string m_sourcesDigest;
    std::string m_toolsDigest;
};

// The same judgement for a run that no process writes: `approvals approve` between two sessions.
[[nodiscard]] Result<void> voteOn(Recorder& recorder, const approval::Vote& vote, const std::string& message = {});

} // namespace gatehouse::engine
