#include "sandbox/worker/creation.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/isolation/idmap.h"
#include "sandbox/isolation/process.h"
#include "sandbox/isolation/step.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/worker/preparation.h"
#include "sandbox/worker/removetree.h"
#include "sandbox/worker/worker.h"

namespace gatehouse::worker {

using isolation::stepFailed;

Sandbox::Sandbox(Sandbox&& other) noexcept
    : pid(std::exchange(other.pid, 0)),
      handle(std::move(other.handle)),
      cgroup(std::move(other.cgroup)),
      temporary(std::exchange(other.temporary, {})),
      lock(std::move(other.lock)),
      memoryPeak(other.memoryPeak)
{
}

Sandbox& Sandbox::operator=(Sandbox&& other) noexcept
{
    std::swap(pid, other.pid);
    std::swap(handle, other.handle);
    std::swap(cgroup, other.cgroup);
    std::swap(temporary, other.temporary);
    std::swap(lock, other.lock);
    std::swap(memoryPeak, other.memoryPeak);
    return *this;
}

Sandbox::~Sandbox()
{
    end();
    if (!temporary.empty())
        removeTree(temporary);
}

void Sandbox::end()
{
    if (pid > 0)
        isolation::killAndReap(std::exchange(pid, 0), handle.get());
    memoryPeak = std::max(memoryPeak, cgroup.memoryKillPeak());
    isolation::Cgroup gone;
    std::swap(cgroup, gone);
}

namespace {

struct Pipe {
    UniqueFd reading;
    UniqueFd writing;
};

Result<Pipe> makePipe()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return stepFailed("make a pipe", {}, errno);
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Result<void> makeChannel(Maker& maker)
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return stepFailed("make the worker's channel", {}, errno);
    maker.made.channel = UniqueFd(ends[0]);
    maker.workerChannel = UniqueFd(ends[1]);
    return {};
}

void makeCgroup(Maker& maker)
{
    protocol::SandboxCreated& answer = maker.made.answer;
    if (!maker.root) {
        answer.cgroupWhy = "a plain user may make none without a delegated one";
        return;
    }
    const protocol::LaunchLimits& limits = maker.request.limits;
    const std::string name = cgroupPrefix + std::to_string(::getpid()) + "-" + std::to_string(maker.id);
    // Two more processes than the payload's: the worker and a session's first.
    auto cgroup = isolation::Cgroup::create(name, {limits.memory, limits.processes + 2, limits.cpuMilli});
    auto watch = cgroup ? cgroup->watch() : Result<isolation::CgroupWatch>(std::unexpected(cgroup.error()));
    if (!watch) {
        answer.cgroupWhy = watch.error().toString();
        return;
    }
    maker.watch = std::move(*watch);
    maker.made.sandbox.cgroup = std::move(*cgroup);
    answer.cgroup = maker.made.sandbox.cgroup.kind() == isolation::Cgroup::Kind::V1 ? protocol::CgroupKind::V1 : protocol::CgroupKind::V2;
}

// In the worker: everything up to "ready". The launcher reads the outcome: one byte, or a failed step.
[[noreturn]] void becomeWorker(Maker& maker, int go, int outcome)
{
    char byte = 0;
    if (::read(go, &byte, 1) != 1)
        ::_exit(1);
    // After every change of user: each would have cleared it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    WorkerStart start{maker.view, maker.request.limits, maker.workerChannel.get(), outcome, maker.watch, maker.made.sandbox.lock.get()};
    runWorker(start);
}

// Root: an intermediate becomes the unprivileged user for good, then makes the worker as the launcher's own child.
[[noreturn]] void becomeIntermediate(Maker& maker, int go, int outcome, int pidPipe)
{
    const auto uid = static_cast<uid_t>(maker.hostId);
    const auto gid = static_cast<gid_t>(maker.hostGroup);
    if (::setgroups(0, nullptr) != 0 || ::setresgid(gid, gid, gid) != 0 || ::setresuid(uid, uid, uid) != 0)
        ::_exit(errno);
    // Else /proc/PID/uid_map of the worker belongs to root's namespace alone and can't be written.
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    auto worker = isolation::cloneProcess(isolation::allNamespaces | CLONE_PARENT, 0);
    if (!worker)
        ::_exit(isolation::failedStep(worker.error()).error);
    if (worker->pid == 0)
        becomeWorker(maker, go, outcome);
    (void)!::write(pidPipe, &worker->pid, sizeof worker->pid);
    ::_exit(0);
}

Result<isolation::ClonedProcess> cloneAsOther(Maker& maker, const Pipe& go, const Pipe& outcome)
{
    GH_ASSIGN(const Pipe pids, makePipe());
    const pid_t intermediate = ::fork();
    if (intermediate < 0)
        return stepFailed("make a process", {}, errno);
    if (intermediate == 0)
        becomeIntermediate(maker, go.reading.get(), outcome.writing.get(), pids.writing.get());
    int status = 0;
    ::waitpid(intermediate, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return stepFailed("make a process in new namespaces as an unprivileged user", {}, WIFEXITED(status) ? WEXITSTATUS(status) : EIO);
    isolation::ClonedProcess worker;
    if (::read(pids.reading.get(), &worker.pid, sizeof worker.pid) != sizeof worker.pid)
        return stepFailed("learn the worker's process id", {}, EIO);
    worker.handle = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, worker.pid, 0)));
    return worker;
}

Result<isolation::ClonedProcess> cloneWorker(Maker& maker, const Pipe& go, const Pipe& outcome)
{
    if (maker.root)
        return cloneAsOther(maker, go, outcome);
    GH_ASSIGN(isolation::ClonedProcess worker, isolation::cloneProcess(isolation::allNamespaces, SIGCHLD));
    if (worker.pid == 0)
        becomeWorker(maker, go.reading.get(), outcome.writing.get());
    return worker;
}

Result<void> awaitReady(int outcome)
{
    pollfd wait = {outcome, POLLIN, 0};
    int ready = 0;
    while ((ready = ::poll(&wait, 1, protocol::readyMs)) < 0 && errno == EINTR) { }
    WorkerOutcome result;
    if (ready != 1)
        return stepFailed("wait for the worker", {}, ETIMEDOUT);
    if (::read(outcome, &result, sizeof result) != sizeof result)
        return stepFailed("start the worker", {}, ECHILD);
    if (result.ready)
        return {};
    result.step[sizeof result.step - 1] = '\0';
    result.path[sizeof result.path - 1] = '\0';
    return stepFailed(result.step, result.path, result.error);
}

} // namespace

Result<Creation> createSandbox(const protocol::CreateSandbox& request, std::uint64_t id)
{
    Maker maker(request, id);
    GH_TRY(prepareView(maker));
    GH_TRY(makeChannel(maker));
    makeCgroup(maker);
    GH_ASSIGN(Pipe go, makePipe());
    GH_ASSIGN(Pipe outcome, makePipe());
    GH_ASSIGN(isolation::ClonedProcess worker, cloneWorker(maker, go, outcome));
    maker.made.sandbox.pid = worker.pid; // from here on dropping it kills it
    maker.made.sandbox.handle = std::move(worker.handle);
    outcome.writing.reset();
    GH_TRY(isolation::writeMaps(worker.pid, maker.maps));
    GH_TRY(maker.made.sandbox.cgroup.add(worker.pid));
    if (::write(go.writing.get(), "g", 1) != 1)
        return stepFailed("start the worker", {}, errno);
    GH_TRY(awaitReady(outcome.reading.get()));
    maker.made.answer.pid = worker.pid;
    maker.made.answer.uid = maker.hostId;
    return std::move(maker.made);
}

} // namespace gatehouse::worker
