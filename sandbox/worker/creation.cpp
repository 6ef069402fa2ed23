#include "sandbox/worker/creation.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <optional>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "sandbox/isolation/idmap.h"
#include "sandbox/isolation/process.h"
#include "sandbox/isolation/step.h"
#include "sandbox/isolation/view.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/worker/removetree.h"
#include "sandbox/worker/worker.h"

namespace gatehouse::worker {

using isolation::CloneWhen;
using isolation::stepFailed;

Sandbox::Sandbox(Sandbox&& other) noexcept
    : pid(std::exchange(other.pid, 0)),
      handle(std::move(other.handle)),
      cgroup(std::move(other.cgroup)),
      temporary(std::exchange(other.temporary, {}))
{
}

Sandbox& Sandbox::operator=(Sandbox&& other) noexcept
{
    std::swap(pid, other.pid);
    std::swap(handle, other.handle);
    std::swap(cgroup, other.cgroup);
    std::swap(temporary, other.temporary);
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

// The state of one creation, in the launcher and, cloned, in the worker.
struct Maker {
    Maker(const protocol::CreateSandbox& wanted, std::uint64_t number) : request(wanted), id(number) { }
    const protocol::CreateSandbox& request;
    std::uint64_t id;
    bool root = ::geteuid() == 0;
    std::uint32_t hostId = ::geteuid(); // as whom the sandbox runs
    std::uint32_t hostGroup = ::getegid();
    isolation::IdMaps maps;      // of the sandbox
    isolation::IdMaps ownerMaps; // of the workspace's owners, for root
    isolation::ViewPlan view;
    Creation made;
    UniqueFd workerChannel;
    isolation::CgroupWatch watch;

    [[nodiscard]] CloneWhen when() const { return root ? CloneWhen::Now : CloneWhen::InWorker; }
};

Result<std::string> stateFolder(Maker& maker)
{
    if (!maker.request.state.empty())
        return maker.request.state;
    std::string path = maker.request.temporaryFolder + "/gatehouse-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
        return stepFailed("make a private folder", path, errno);
    maker.made.sandbox.temporary = path;
    return path;
}

// The ids a sandbox of root runs as: those that its state already belongs to, else new ones of nobody's.
Result<void> chooseIds(Maker& maker, int state)
{
    constexpr std::uint32_t count = protocol::maximumOwners + 1;
    struct stat info = {};
    if (!maker.root)
        return {};
    if (::fstatat(state, "layer/upper", &info, AT_SYMLINK_NOFOLLOW) == 0 && info.st_uid > 60000) {
        maker.hostId = maker.hostGroup = info.st_uid;
        return {};
    }
    const auto first = isolation::unusedHostIds(count);
    if (!first)
        return stepFailed("find an unprivileged user id to drop to", "/proc/self/uid_map", ENOENT);
    maker.hostId = maker.hostGroup = *first;
    return {};
}

// Owner k of the workspace is id 1000+k inside and hostId+k outside.
void mapIds(const std::vector<std::uint32_t>& owners, std::uint32_t first, std::vector<isolation::IdLine>& sandbox,
            std::vector<isolation::IdLine>& mount)
{
    sandbox.push_back({1000, first});
    for (std::uint32_t k = 0; k < owners.size(); ++k) {
        mount.push_back({owners[k], first + k});
        if (k > 0)
            sandbox.push_back({1000 + k, first + k});
    }
}

void makeMaps(Maker& maker)
{
    const protocol::OwnerIds none;
    const protocol::OwnerIds& owners = maker.root ? maker.request.owners : none;
    mapIds(owners.users, maker.hostId, maker.maps.users, maker.ownerMaps.users);
    mapIds(owners.groups, maker.hostGroup, maker.maps.groups, maker.ownerMaps.groups);
}

Result<void> makeLayerFolder(const Maker& maker, int parent, const char* name, mode_t mode)
{
    if (::mkdirat(parent, name, mode) != 0 && errno != EEXIST)
        return stepFailed("make a layer folder", name, errno);
    if (maker.root && ::fchownat(parent, name, maker.hostId, maker.hostGroup, AT_SYMLINK_NOFOLLOW) != 0)
        return stepFailed("give a layer folder to the sandbox", name, errno);
    return {};
}

// The merged root shows the upper folder's mode: the workspace's own, but always usable by its owner.
Result<void> setRootMode(const Maker& maker, int upper)
{
    struct stat info = {};
    const bool known = maker.view.workspace.source && ::fstat(maker.view.workspace.source.get(), &info) == 0;
    if (::fchmod(upper, known ? (info.st_mode & 0777) | 0700 : 0755) != 0)
        return stepFailed("set the mode of the workspace", {}, errno);
    return {};
}

Result<void> prepareLayer(Maker& maker, const std::string& state, int stateFd)
{
    GH_TRY(makeLayerFolder(maker, stateFd, "layer", 0700));
    GH_ASSIGN(maker.made.layer, openBeneath(stateFd, "layer", O_RDONLY | O_DIRECTORY));
    GH_TRY(makeLayerFolder(maker, maker.made.layer.get(), "upper", 0755));
    GH_TRY(makeLayerFolder(maker, maker.made.layer.get(), "work", 0700));
    GH_ASSIGN(const UniqueFd upper, openBeneath(maker.made.layer.get(), "upper", O_RDONLY | O_DIRECTORY));
    GH_TRY(setRootMode(maker, upper.get()));
    GH_ASSIGN(maker.view.layer, isolation::prepareTree(state + "/layer", ".s", isolation::TreeUse::Writable, maker.when()));
    return {};
}

// Folders of the project are shown with their owners mapped to the sandbox's user, so that a private one can be read.
Result<isolation::Tree> prepareOwned(const Maker& maker, const std::string& path, const isolation::IdMaps& owners)
{
    UniqueFd map;
    if (maker.root && !owners.users.empty()) {
        GH_ASSIGN(map, isolation::makeMapNamespace(owners));
    }
    return isolation::prepareTree(path, {}, isolation::TreeUse::ReadOnly, maker.when(), map.get());
}

Result<void> prepareWorkspace(Maker& maker)
{
    const protocol::CreateSandbox& request = maker.request;
    const bool hasFolder = request.access != protocol::LaunchAccess::None && !request.workspace.empty();
    if (hasFolder) {
        GH_ASSIGN(maker.view.workspace, prepareOwned(maker, request.workspace, maker.ownerMaps));
        GH_ASSIGN(maker.made.workspace, openDirectory(request.workspace));
    }
    if (!hasFolder)
        maker.view.kind = isolation::WorkspaceKind::Empty;
    else if (request.access == protocol::LaunchAccess::ReadOnly)
        maker.view.kind = isolation::WorkspaceKind::ReadOnly;
    else
        maker.view.kind = isolation::WorkspaceKind::Overlay;
    return {};
}

Result<void> prepareTools(Maker& maker)
{
    struct stat info = {};
    if (maker.request.tools.empty())
        return {};
    if (::stat(maker.request.tools.c_str(), &info) != 0)
        return stepFailed("open a source", maker.request.tools, errno);
    const isolation::IdMaps owner = {{{info.st_uid, maker.hostId}}, {{info.st_gid, maker.hostGroup}}};
    GH_ASSIGN(maker.view.tools, prepareOwned(maker, maker.request.tools, owner));
    return {};
}

Result<void> prepareView(Maker& maker)
{
    GH_ASSIGN(const std::string state, stateFolder(maker));
    GH_ASSIGN(const UniqueFd stateFd, openDirectory(state));
    GH_TRY(chooseIds(maker, stateFd.get()));
    makeMaps(maker);
    GH_TRY(prepareWorkspace(maker));
    if (maker.view.kind != isolation::WorkspaceKind::ReadOnly)
        GH_TRY(prepareLayer(maker, state, stateFd.get()));
    GH_TRY(prepareTools(maker));
    GH_TRY(isolation::addSystemTrees(maker.view, maker.when()));
    for (const std::string& path : maker.request.read) {
        GH_ASSIGN(isolation::Tree tree, isolation::prepareTree(path, path.substr(1), isolation::TreeUse::ReadOnly, maker.when()));
        maker.view.trees.push_back(std::move(tree));
    }
    maker.view.memory = maker.request.limits.memory;
    maker.view.inodes = maker.request.limits.inodes;
    return {};
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
    WorkerStart start{maker.view, maker.request.limits, maker.workerChannel.get(), outcome, maker.watch};
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
