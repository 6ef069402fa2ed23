// ApprovalGate: what keys and clicks may do to a request, as a state machine without widgets. Nothing here turns into a yes by itself.
//
// Deny is the default. Approve must be armed first and is then confirmed by A or Enter; Esc takes the arming back, then closes, and never
// decides. Keys and clicks are dead for 400 ms after the card appears or gains focus, so that typing meant for elsewhere decides
// nothing. Approving needs the whole payload to have been on screen and, where the policy asks, a reason. Times in milliseconds of any
// steady clock. One thread.
#pragma once

#include <cstdint>

namespace gatehouse::widgets {

enum class GateInput { ArmOrConfirm, Enter, Deny, Escape };
enum class GateOutcome { Nothing, Armed, Disarmed, Approve, Deny, Close };

class ApprovalGate {
public:
    static constexpr std::int64_t deadMilliseconds = 400;

    // The card appeared, or gained focus.
    void attended(std::int64_t now);
    // It lost focus: what was armed is not any more.
    void left();
    void setPayloadSeen(bool seen) { m_payloadSeen = seen; }
    void setReasonGiven(bool given) { m_reasonGiven = given; }
    void setReasonRequired(bool required) { m_reasonRequired = required; }
    // False when it can't be shown or can never be approved here.
    void setApprovable(bool approvable) { m_approvable = approvable; }
    // A decision was sent or arrived from elsewhere: inputs only close.
    void setDecided()
    {
        m_decided = true;
        m_armed = false;
    }
    // A decision that was sent has been refused.
    void reopen() { m_decided = false; }

    [[nodiscard]] bool isArmed() const { return m_armed; }
    [[nodiscard]] bool isDecided() const { return m_decided; }
    [[nodiscard]] bool isDead(std::int64_t now) const { return now - m_attendedAt < deadMilliseconds; }
    [[nodiscard]] bool canApprove() const;
    [[nodiscard]] bool canDeny() const;
    [[nodiscard]] GateOutcome take(GateInput input, std::int64_t now);

private:
    std::int64_t m_attendedAt = 0;
    bool m_armed = false;
    bool m_payloadSeen = false;
    bool m_reasonGiven = false;
    bool m_reasonRequired = false;
    bool m_approvable = true;
    bool m_decided = false;
};

} // namespace gatehouse::widgets
