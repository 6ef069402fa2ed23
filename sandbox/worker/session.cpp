#include "sandbox/worker/session.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/isolation/capabilities.h"
#include "sandbox/isolation/landlock.h"
#include "sandbox/isolation/mounts.h"
#include "sandbox/isolation/rlimits.h"
#include "sandbox/isolation/seccomp.h"
#include "sandbox/isolation/step.h"
#include "sandbox/worker/announced.h"
#include "sandbox/worker/processusage.h"
#include "sandbox/worker/socket.h"

namespace gatehouse::worker {

using isolation::PathRight;
using isolation::stepFailed;

// Windows into the kernel that a command has no use for. Writes are refused by the mount and by Landlock already.
static constexpr const char* maskedProcFiles[] = {
    "kcore", "keys", "key-users", "timer_list", "kallsyms", "config.gz", "sysrq-trigger", "kmsg", "sched_debug", "slabinfo", "kpagecgroup",
};

// /dev/zero can't be opened for writing: mapped shared, it would be memory that nobody counts.
static constexpr isolation::PathRule rules[] = {
    {"/", PathRight::ListOnly},         {"/usr", PathRight::ReadExecute},    {"/bin", PathRight::ReadExecute},
    {"/sbin", PathRight::ReadExecute},  {"/lib", PathRight::ReadExecute},    {"/lib32", PathRight::ReadExecute},
    {"/lib64", PathRight::ReadExecute}, {"/libx32", PathRight::ReadExecute}, {"/opt", PathRight::ReadExecute},
    {"/etc", PathRight::Read},          {"/proc", PathRight::Read},          {"/run", PathRight::ReadExecute},
    {"/var", PathRight::Read},          {"/dev", PathRight::Read},           {"/workspace", PathRight::Write},
    {"/tmp", PathRight::Write},         {"/home/agent", PathRight::Write},   {"/home", PathRight::ListOnly},
    {"/dev/shm", PathRight::Write},     {"/dev/null", PathRight::Device},    {"/dev/zero", PathRight::Read},
    {"/dev/full", PathRight::Device},   {"/dev/random", PathRight::Device},  {"/dev/urandom", PathRight::Device},
    {"/dev/tty", PathRight::Device},    {"/dev/pts", PathRight::Device},
};

static Result<void> mountProc()
{
    GH_ASSIGN(const UniqueFd proc,
              isolation::newFileSystem("proc", {}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | MOUNT_ATTR_RDONLY));
    GH_TRY(isolation::attach(proc.get(), AT_FDCWD, "/proc"));
    GH_ASSIGN(const UniqueFd null, isolation::openSource("/dev/null"));
    for (const char* name : maskedProcFiles) {
        if (::faccessat(proc.get(), name, F_OK, AT_EACCESS) != 0 && errno == ENOENT)
            continue;
        GH_ASSIGN(const UniqueFd mask, isolation::cloneTree(null.get(), "/dev/null"));
        GH_TRY(isolation::attach(mask.get(), proc.get(), name));
    }
    return {};
}

static Result<void> writeInputs(const std::vector<std::string>& files)
{
    if (files.empty())
        return {};
    std::size_t total = 1 << 20;
    for (const std::string& bytes : files)
        total += bytes.size() + 4096;
    GH_ASSIGN(const UniqueFd mount,
              isolation::newFileSystem("tmpfs", {{"size", std::to_string(total)}, {"mode", "0755"}}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
    for (std::size_t i = 0; i < files.size(); ++i) {
        const UniqueFd fd(::openat(mount.get(), std::to_string(i + 1).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444));
        if (!fd || ::write(fd.get(), files[i].data(), files[i].size()) != static_cast<ssize_t>(files[i].size()))
            return stepFailed("write an input file", {}, errno);
    }
    GH_TRY(isolation::attach(mount.get(), AT_FDCWD, isolation::inputFolder));
    return isolation::makeReadOnly(isolation::inputFolder);
}

static Result<void> limitSelf(const WorkerState& state)
{
    const protocol::LaunchLimits& limits = state.limits;
    isolation::RlimitPlan plan;
    // With a cgroup, its own count speaks (and says so); the rlimit only stands behind it. Without, it leaves room above the
    // limit, so that the limit can be seen passed: a refused fork itself tells nobody.
    plan.processes = limits.processes + limits.processes / (state.hasCgroup() ? 1 : 4) + 16;
    // More descriptors are more kernel memory in pipes and sockets, which nobody counts without a cgroup.
    plan.files = state.hasCgroup() ? limits.files : std::min<std::uint64_t>(limits.files, 1024);
    plan.fileSize = limits.fileSize;
    plan.data = state.hasCgroup() ? 0 : limits.memory * 2;
    return isolation::applyRlimits(plan);
}

static Result<void> placeStandard(const SessionPlan& plan, int& status)
{
    status = ::fcntl(plan.status, F_DUPFD_CLOEXEC, 200);
    int moved[3];
    for (int i = 0; i < 3; ++i)
        moved[i] = ::fcntl(plan.standard[i], F_DUPFD_CLOEXEC, 200);
    for (int i = 0; i < 3; ++i)
        if (::dup2(moved[i], i) < 0)
            return stepFailed("place the standard streams", {}, errno);
    if (::dup3(status, 3, O_CLOEXEC) < 0)
        return stepFailed("place the status pipe", {}, errno);
    status = 3;
    if (::close_range(4, ~0u, 0) != 0)
        return stepFailed("close the other descriptors", {}, errno);
    return {};
}

// Whenever memory runs out, a command goes before the worker does. Its descendants inherit it, and their /proc is read-only.
static Result<void> preferForKilling(int proc)
{
    // An undumpable process has no files of its own in /proc.
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    const UniqueFd fd(::openat(proc, "self/oom_score_adj", O_WRONLY | O_CLOEXEC));
    const bool done = fd && ::write(fd.get(), "1000", 4) == 4;
    const int error = errno;
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    if (!done)
        return stepFailed("let commands be the first to be killed", "/proc/self/oom_score_adj", error);
    return {};
}

// The order is the wall: mounts while we may, then limits, then no privileges, then Landlock; the command adds the filter.
static Result<void> harden(const SessionPlan& plan, int& status)
{
    GH_TRY(preferForKilling(plan.state->proc));
    GH_TRY(mountProc());
    GH_TRY(writeInputs(plan.files));
    GH_TRY(placeStandard(plan, status));
    GH_TRY(limitSelf(*plan.state));
    GH_TRY(isolation::dropAllCapabilities());
    ::umask(022);
    if (isolation::landlockAbi() > 0)
        GH_TRY(isolation::confineToPaths(rules));
    return {};
}

[[noreturn]] static void failCommand(const char* name, int error, int status)
{
    const char* reason = strerrordesc_np(error);
    ::dprintf(2, "gatehouse: %s: %s\n", name, reason != nullptr ? reason : "can't be started");
    ::_exit(status);
}

// The child: async-signal-safe until exec. Failing is the command's own failure, with the shells' statuses.
[[noreturn]] static void startCommand(const SessionPlan& plan, const sigset_t& mask)
{
    ::setsid();
    ::signal(SIGPIPE, SIG_DFL);
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    if (plan.inPlace != nullptr) {
        plan.inPlace();
        ::_exit(0);
    }
    if (::chdir(plan.workdir.c_str()) != 0)
        failCommand(plan.workdir.c_str(), errno, 126);
    int error = ENOENT;
    for (const std::string& path : plan.candidates) {
        ::execve(path.c_str(), plan.argv.data(), plan.environment.data());
        if (errno != ENOENT && errno != ENOTDIR)
            error = errno;
    }
    failCommand(plan.argv[0], error, error == ENOENT ? 127 : 126);
}

// Reaps; true when the command itself has ended, which is then reported.
static bool reap(pid_t command, int pipe)
{
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG | __WALL)) > 0;) {
        if (pid != command)
            continue;
        SessionStatus end;
        end.kind = WIFEXITED(status) ? SessionStatus::Kind::Exited : SessionStatus::Kind::Signalled;
        end.value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
        report(pipe, end);
        return true;
    }
    return false;
}

// A bomb that ends by itself between two looks of the worker leaves its processes to us: they count until they are reaped.
static void countBeforeReaping(const WorkerState& state, int status)
{
    if (state.hasCgroup())
        return;
    const UniqueFd proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (const std::uint64_t tasks = countTasks(proc.get()); tasks > state.limits.processes)
        report(status, SessionStatus::Kind::TooMany, tasks);
}

// Returning ends PID 1, and with it everything in the namespace.
static void watchCommand(const SessionPlan& plan, pid_t command, int children, AnnouncedCalls announced, int status)
{
    for (;;) {
        pollfd waits[2] = {{children, POLLIN, 0}, {announced.listener(), POLLIN, 0}};
        if (::poll(waits, 2, -1) < 0 && errno != EINTR)
            return;
        if (waits[1].revents != 0 && !announced.answer(waits[1].revents))
            announced.close();
        signalfd_siginfo ignored;
        if ((waits[0].revents & POLLIN) == 0 || ::read(children, &ignored, sizeof ignored) <= 0)
            continue;
        countBeforeReaping(*plan.state, status);
        if (reap(command, status))
            return;
    }
}

[[noreturn]] static void failSession(int status, const char* step, const char* path, int error)
{
    SessionStatus failure;
    failure.value = error;
    std::snprintf(failure.step, sizeof failure.step, "%s %s", step, path);
    report(status, failure);
    ::_exit(1);
}

[[noreturn]] static void failSession(int status, const Error& error)
{
    const isolation::FailedStep failed = isolation::failedStep(error);
    failSession(status, failed.step.c_str(), failed.path.c_str(), failed.error);
}

// In the child, last before the command: its own filter, whose announcements go to PID 1, which is not under it.
static void filterCommand(const SessionPlan& plan, const UniqueFd& toKeeper, int status)
{
    auto listener = isolation::installFilter(plan.state->filter, isolation::Listener::Wanted);
    if (!listener)
        failSession(status, listener.error());
    if (!sendDescriptor(toKeeper.get(), listener->get()))
        failSession(status, "hand over the filter's listener", "", errno);
}

[[noreturn]] static void keepCommand(const SessionPlan& plan, pid_t command, int children, const UniqueFd& fromCommand, int status)
{
    UniqueFd listener = receiveDescriptor(fromCommand.get());
    if (!listener)
        ::_exit(1); // the child has said why
    if (const auto filtered = isolation::installFilter(plan.state->keeperFilter, isolation::Listener::None); !filtered)
        failSession(status, filtered.error());
    watchCommand(plan, command, children, AnnouncedCalls(std::move(listener), status, plan.state->limits), status);
    ::_exit(0);
}

void runSession(const SessionPlan& plan)
{
    sigset_t before;
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    int status = plan.status;
    if (const auto hardened = harden(plan, status); !hardened)
        failSession(status, hardened.error());
    const int children = ::signalfd(-1, &blocked, SFD_CLOEXEC | SFD_NONBLOCK);
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        failSession(status, "make the listener's channel", "", errno);
    UniqueFd ours(ends[0]);
    UniqueFd theirs(ends[1]);
    const pid_t command = ::fork();
    if (command < 0)
        failSession(status, "start the command", "", errno);
    if (command == 0) {
        filterCommand(plan, theirs, status);
        startCommand(plan, before);
    }
    theirs.reset();
    // Ours are copies; a reader must see the end when the command's side closes.
    for (int fd = 0; fd < 3; ++fd)
        ::close(fd);
    keepCommand(plan, command, children, ours, status);
}

} // namespace gatehouse::worker
