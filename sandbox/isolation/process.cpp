#include "sandbox/isolation/process.h"

#include <cerrno>
#include <csignal>
#include <linux/sched.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/isolation/step.h"

namespace gatehouse::isolation {

const std::uint64_t allNamespaces =
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWNET | CLONE_NEWTIME;

Result<ClonedProcess> cloneProcess(std::uint64_t flags, int exitSignal)
{
    int handle = -1;
    clone_args arguments = {};
    arguments.flags = flags | CLONE_PIDFD;
    arguments.pidfd = reinterpret_cast<std::uint64_t>(&handle);
    arguments.exit_signal = static_cast<std::uint64_t>(exitSignal);
    const long pid = ::syscall(SYS_clone3, &arguments, sizeof arguments);
    if (pid < 0)
        return stepFailed("make a process in new namespaces", {}, errno);
    return ClonedProcess{static_cast<pid_t>(pid), pid > 0 ? UniqueFd(handle) : UniqueFd()};
}

void killAndReap(pid_t pid, int handle)
{
    ::syscall(SYS_pidfd_send_signal, handle, SIGKILL, nullptr, 0);
    pollfd wait = {handle, POLLIN, 0};
    while (::poll(&wait, 1, -1) < 0 && errno == EINTR) { }
    ::waitpid(pid, nullptr, __WALL);
}

} // namespace gatehouse::isolation
