#include "widgets/approval/approvalgate.h"

namespace gatehouse::widgets {

void ApprovalGate::attended(std::int64_t now)
{
    m_attendedAt = now;
    m_armed = false;
}

void ApprovalGate::left()
{
    m_armed = false;
}

bool ApprovalGate::canApprove() const
{
    return !m_decided && m_approvable && m_payloadSeen && (m_reasonGiven || !m_reasonRequired);
}

bool ApprovalGate::canDeny() const
{
    return !m_decided && (m_reasonGiven || !m_reasonRequired);
}

GateOutcome ApprovalGate::take(GateInput input, std::int64_t now)
{
    if (isDead(now))
        return GateOutcome::Nothing;
    switch (input) {
    case GateInput::Escape:
        if (!m_armed)
            return GateOutcome::Close;
        m_armed = false;
        return GateOutcome::Disarmed;
    case GateInput::Deny:
        return canDeny() ? GateOutcome::Deny : GateOutcome::Nothing;
    case GateInput::ArmOrConfirm:
        if (!canApprove())
            return GateOutcome::Nothing;
        if (m_armed)
            return GateOutcome::Approve;
        m_armed = true;
        return GateOutcome::Armed;
    case GateInput::Enter:
        return m_armed && canApprove() ? GateOutcome::Approve : GateOutcome::Nothing;
    }
    return GateOutcome::Nothing;
}

} // namespace gatehouse::widgets
