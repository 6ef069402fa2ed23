// The task itself passes policy, and where policy says so a person, before any model or sandbox exists.
//
// A task that a person was once asked about is let go by a person only: policies that became milder meanwhile do not
// answer in their place. The run's thread.
#pragma once

#include <QObject>

#include "core/engine/runcontext.h"
#include "core/policy/decision.h"

#include <string>

namespace gatehouse::engine {

class TaskDecision final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TaskDecision)

public:
    explicit TaskDecision(RunContext& context, QObject* parent = nullptr);
    // The policies of the plan allowed the task, and that is in the journal.
    [[nodiscard]] static bool isMade(const RunPlan& plan, const Progress& progress);
    void start() { decide(); }

Q_SIGNALS:
    // Exactly one of these, once; its record is written.
    void allowed();
    void denied(const gatehouse::Error& error);
    void suspended(); // it waits for a person, and the run is to pause
    void failed(const gatehouse::Error& error);

private:
    void decide();
    void ask(const policy::Decision& decision);
    // What became of an earlier request; true when that settles what is next.
    [[nodiscard]] bool followRequest(const policy::Decision& decision);
    void await(const ApprovalId& id);
    void settled(const std::string& id);
    void claim(const ApprovalId& id, const std::string& binding);
    [[nodiscard]] const approval::RequestStatus* earlier() const;
    [[nodiscard]] execution::PreparedCall prepared() const;
    [[nodiscard]] Result<approval::Action> actionOf(const policy::Decision& decision, const approval::RequestStatus& status) const;
    [[nodiscard]] Error denial(Message why) const;

    RunContext& m_context;
    ApprovalId m_awaited;
};

} // namespace gatehouse::engine
