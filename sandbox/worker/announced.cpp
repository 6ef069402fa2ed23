#include "sandbox/worker/announced.h"

#include <asm/unistd.h>
#include <cerrno>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace gatehouse::worker {

void report(int pipe, const SessionStatus& status)
{
    (void)!::write(pipe, &status, sizeof status);
}

void report(int pipe, SessionStatus::Kind kind, std::uint64_t figure)
{
    SessionStatus status;
    status.kind = kind;
    status.figure = figure;
    report(pipe, status);
}

int AnnouncedCalls::decideMapping(std::uint64_t bytes, bool shared)
{
    const bool tooLarge = m_limits.memory > 0 && bytes > m_limits.memory;
    if (tooLarge || shared)
        report(m_status, tooLarge ? SessionStatus::Kind::Refused : SessionStatus::Kind::Shared, bytes);
    return tooLarge ? ENOMEM : 0;
}

int AnnouncedCalls::decide(const seccomp_notif& call)
{
    if (call.data.nr == __NR_mmap)
        return decideMapping(call.data.args[1], (call.data.args[3] & MAP_SHARED) != 0);
    return decideMapping(call.data.args[2], false); // mremap
}

bool AnnouncedCalls::answer(short events)
{
    seccomp_notif call = {};
    if ((events & POLLIN) == 0)
        return false;
    if (::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
        return true;
    seccomp_notif_resp answer = {};
    answer.id = call.id;
    // All that counted is in the call's registers, which nobody can change any more.
    if (const int error = decide(call); error != 0)
        answer.error = -error;
    else
        answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer);
    return true;
}

} // namespace gatehouse::worker
