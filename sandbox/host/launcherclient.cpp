#include "sandbox/host/launcherclient.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace gatehouse::host {

namespace {

constexpr int launcherChannel = 3;

std::unexpected<Error> launcherGone()
{
    return fail(ErrorCode::Setup, {}, "The launcher of sandboxes has ended", "Start the program again");
}

// What a failed step most likely means on this machine, and the cure.
Message adviceFor(const protocol::LaunchFailed& failed)
{
    if (failed.step.starts_with("make a process in new namespaces") && (failed.error == EPERM || failed.error == EACCES))
        return "This system forbids user namespaces to this program; allow them (Ubuntu: an AppArmor profile with \"userns\" for "
               "gatehouse-worker; else: sysctl kernel.unprivileged_userns_clone=1)";
    if (failed.step.starts_with("make a process in new namespaces"))
        return "Raise user.max_user_namespaces with sysctl";
    if (failed.step.find("map of a user namespace") != std::string::npos)
        return "This system restricts user namespaces; on Ubuntu install the AppArmor profile for gatehouse-worker";
    if (failed.step.find("unprivileged user id") != std::string::npos)
        return "Start the program as a plain user, or give this container a larger user id map";
    if (failed.path == "overlay")
        return "Keep the state folder on ext4, xfs, btrfs or tmpfs, not on another overlay or a network file system";
    if (failed.step == "open a source" && failed.error == ELOOP)
        return "The path must not go through symbolic links";
    return {};
}

Error errorOf(const protocol::LaunchFailed& failed)
{
    const char* reason = failed.error != 0 ? strerrordesc_np(static_cast<int>(failed.error)) : nullptr;
    return Error{ErrorCode::Setup, failed.path,
                 Message("The sandbox could not be made: could not %1: %2", {failed.step, reason != nullptr ? reason : "no reason given"}),
                 adviceFor(failed)};
}

Result<pid_t> spawn(const std::string& worker, int channel)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    for (int fd = 0; fd < 3; ++fd)
        ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    ::posix_spawn_file_actions_adddup2(&actions, channel, launcherChannel);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, launcherChannel + 1);
    // A session of its own, out of the terminal's foreground group: Ctrl-C is for us, who then end what runs there in order.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    // Neither our path nor our environment: a sandbox can read its launcher's command line.
    std::string name = "gatehouse-worker";
    std::string role = "--launcher";
    char* const argv[] = {name.data(), role.data(), nullptr};
    char* const environment[] = {nullptr};
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, worker.c_str(), &actions, &attributes, argv, environment);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (error != 0)
        return fail(ErrorCode::Setup, worker, Message("The sandbox worker could not be started: %1", {strerrordesc_np(error)}),
                    "Install gatehouse-worker beside this program");
    return pid;
}

} // namespace

struct LauncherClient::Answer {
    protocol::LaunchReply reply;
    std::vector<UniqueFd> descriptors;
};

Result<std::unique_ptr<LauncherClient>> LauncherClient::start(const std::string& worker)
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return failErrno({}, "Could not make the launcher's channel", errno);
    UniqueFd ours(ends[0]);
    UniqueFd theirs(ends[1]);
    // Above the places that the launcher's own streams take, should we have been started without any; and dup2 of a descriptor
    // onto itself would keep it close-on-exec.
    for (UniqueFd* end : {&ours, &theirs})
        if (end->get() <= launcherChannel)
            *end = UniqueFd(::fcntl(end->get(), F_DUPFD_CLOEXEC, 10));
    GH_ASSIGN(const pid_t pid, spawn(worker, theirs.get()));
    return std::unique_ptr<LauncherClient>(new LauncherClient(std::move(ours), pid));
}

LauncherClient::~LauncherClient()
{
    m_channel.reset(); // its end: it cleans up and exits
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) { }
}

Result<LauncherClient::Answer> LauncherClient::ask(const std::string& request)
{
    const std::lock_guard lock(m_mutex);
    if (::send(m_channel.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
        return launcherGone();
    std::array<char, 16384> buffer;
    alignas(cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))] = {};
    iovec part = {buffer.data(), buffer.size()};
    msghdr header = {};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    ssize_t got = -1;
    while ((got = ::recvmsg(m_channel.get(), &header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) { }
    if (got <= 0)
        return launcherGone();
    Answer answer;
    for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
        std::array<int, 8> fds = {};
        const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        std::memcpy(fds.data(), CMSG_DATA(item), count * sizeof(int));
        for (std::size_t i = 0; i < count; ++i)
            answer.descriptors.emplace_back(fds[i]);
    }
    auto reply = protocol::decodeReply({buffer.data(), static_cast<std::size_t>(got)});
    if (!reply)
        return launcherGone();
    answer.reply = std::move(*reply);
    return answer;
}

Result<LaunchedSandbox> LauncherClient::create(const protocol::CreateSandbox& request)
{
    GH_ASSIGN(Answer answer, ask(protocol::encode(request)));
    if (answer.reply.failed)
        return std::unexpected(errorOf(*answer.reply.failed));
    if (!answer.reply.created || answer.descriptors.size() < 2)
        return launcherGone();
    LaunchedSandbox made;
    made.created = *answer.reply.created;
    made.channel = std::move(answer.descriptors[0]);
    made.process = std::move(answer.descriptors[1]);
    const bool hasWorkspace = request.access != protocol::LaunchAccess::None && !request.workspace.empty();
    const bool hasLayer = request.access != protocol::LaunchAccess::ReadOnly || !hasWorkspace;
    std::size_t next = 2;
    if (hasLayer && next < answer.descriptors.size())
        made.layer = std::move(answer.descriptors[next++]);
    if (hasWorkspace && next < answer.descriptors.size())
        made.workspace = std::move(answer.descriptors[next++]);
    return made;
}

Result<protocol::SandboxEnd> LauncherClient::endOf(std::uint64_t sandbox)
{
    GH_ASSIGN(const Answer answer, ask(protocol::encode(protocol::AskEnd{sandbox})));
    if (!answer.reply.end)
        return launcherGone();
    return *answer.reply.end;
}

Result<void> LauncherClient::destroy(std::uint64_t sandbox)
{
    GH_TRY(ask(protocol::encode(protocol::DestroySandbox{sandbox})));
    return {};
}

} // namespace gatehouse::host
