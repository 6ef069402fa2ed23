#include "sandbox/backends/localprobe.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/foundation/beneath.h"

namespace gatehouse::backends {

using execution::IsolationReport;
using execution::Layer;
using execution::LayerReport;
using execution::LayerState;

namespace {

class Measurement {
public:
    Measurement(const std::string& lines, const LocalSession& session) : m_session(session)
    {
        std::istringstream in(lines);
        std::string name;
        std::string value;
        while (in >> name >> value)
            m_inside[name] = value;
    }

    IsolationReport report() const
    {
        IsolationReport report;
        report.backend = "local";
        report.layers = {
            ofNamespace(Layer::UserNamespace, "user"),
            mount(),
            ofNamespace(Layer::Pid, "pid"),
            ofNamespace(Layer::Net, "net"),
            ofNamespace(Layer::Ipc, "ipc"),
            ofNamespace(Layer::Uts, "uts"),
            ofNamespace(Layer::CgroupNamespace, "cgroup"),
            ofNamespace(Layer::TimeNamespace, "time"),
            noNewPrivileges(),
            seccomp(),
            landlock(),
            descriptors(),
            uidDrop(),
            cgroupLayer(m_session.created()),
            overlay(),
            {Layer::DiskQuota, LayerState::Degraded, "the layer's size is watched during calls; files are limited in size",
             "A state folder on a file system with project quotas would enforce it"},
            callKill(),
        };
        return report;
    }

    static LayerReport cgroupLayer(const protocol::SandboxCreated& created)
    {
        if (created.cgroup != protocol::CgroupKind::None)
            return {Layer::Cgroup,
                    LayerState::Enforced,
                    created.cgroup == protocol::CgroupKind::V1 ? "version 1: memory, pids, cpu" : "version 2: memory, pids, cpu",
                    {}};
        return {Layer::Cgroup, LayerState::Degraded, "resource limits and a watcher stand in its place: " + created.cgroupWhy,
                "Run under systemd with a delegated scope (systemd-run --user --scope -p Delegate=yes)"};
    }

private:
    [[nodiscard]] std::string inside(const std::string& name) const
    {
        const auto found = m_inside.find(name);
        return found == m_inside.end() ? std::string() : found->second;
    }

    static LayerReport judged(Layer layer, bool holds, std::string how, std::string fix)
    {
        return {layer, holds ? LayerState::Enforced : LayerState::Absent, std::move(how), holds ? std::string() : std::move(fix)};
    }

    LayerReport ofNamespace(Layer layer, const std::string& name) const
    {
        std::error_code error;
        const std::string outside = std::filesystem::read_symlink("/proc/self/ns/" + name, error).string();
        const std::string within = inside("ns-" + name);
        const bool differs = !outside.empty() && !within.empty() && outside != within;
        return judged(layer, differs, differs ? "a command has " + within + ", this program " + outside : "a command shares this program's",
                      "Allow user namespaces on this system");
    }

    LayerReport mount() const
    {
        LayerReport report = ofNamespace(Layer::Mount, "mnt");
        if (report.state == LayerState::Enforced && inside("usr-write") != std::to_string(EROFS) &&
            inside("usr-write") != std::to_string(EACCES))
            return judged(Layer::Mount, false, "a command could write to /usr", "Report this as a defect");
        return report;
    }

    LayerReport noNewPrivileges() const
    {
        const bool holds = inside("no-new-privs") == "1" && inside("caps") == "0";
        return judged(Layer::NoNewPrivileges, holds, holds ? "set, and no capability is left" : "not set in a command",
                      "Report this as a defect");
    }

    LayerReport seccomp() const
    {
        const UniqueFd control(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const bool holds = inside("seccomp-mode") == "2" && inside("seccomp-socket") == std::to_string(EAFNOSUPPORT);
        return judged(Layer::Seccomp, holds && control,
                      holds ? "a command can't make a local socket, this program can" : "a command's system calls are not filtered",
                      "Use a kernel with CONFIG_SECCOMP_FILTER");
    }

    LayerReport landlock() const
    {
        const bool holds = inside("landlock-mknod") == std::to_string(EACCES) && outsideMakesSocketNode();
        return judged(Layer::Landlock, holds,
                      holds ? "a command can't make a socket node where its mounts allow it, this program can"
                            : "the kernel confines no paths",
                      "Use a kernel of 5.13 or later with \"landlock\" in its lsm= list");
    }

    static bool outsideMakesSocketNode()
    {
        std::string folder = (std::filesystem::temp_directory_path() / "gatehouse-probe-XXXXXX").string();
        if (::mkdtemp(folder.data()) == nullptr)
            return false;
        const std::string node = folder + "/s";
        const bool made = ::mknod(node.c_str(), S_IFSOCK | 0600, 0) == 0;
        ::unlink(node.c_str());
        ::rmdir(folder.c_str());
        return made;
    }

    LayerReport descriptors() const
    {
        const bool holds = inside("fds") == "3";
        return judged(Layer::Descriptors, holds, "a command starts with " + inside("fds") + " descriptors", "Report this as a defect");
    }

    LayerReport uidDrop() const
    {
        if (::geteuid() != 0)
            return {Layer::UidDrop, LayerState::Enforced, "not started by root: there is nothing to drop", {}};
        struct stat info = {};
        const std::string task = "/proc/" + std::to_string(m_session.created().pid) + "/task";
        const std::uint32_t uid = m_session.created().uid;
        const bool holds = uid != 0 && ::stat(task.c_str(), &info) == 0;
        return judged(Layer::UidDrop, holds, holds ? "runs as host user " + std::to_string(uid) : "runs as root",
                      "Start the program as a plain user");
    }

    LayerReport overlay() const
    {
        struct stat info = {};
        const bool written =
            inside("overlay-write") == "0" && ::fstatat(m_session.layers().upper(), ".gatehouse-probe", &info, AT_SYMLINK_NOFOLLOW) == 0;
        return judged(Layer::Overlay, written,
                      written ? "a file written in /workspace came to lie in the private layer" : "changes are not kept apart",
                      "Keep the state folder on ext4, xfs, btrfs or tmpfs");
    }

    // The probe left a process in a session of its own; nothing may be below the worker now.
    LayerReport callKill() const
    {
        const std::string pid = std::to_string(m_session.created().pid);
        const UniqueFd fd(::open(("/proc/" + pid + "/task/" + pid + "/children").c_str(), O_RDONLY | O_CLOEXEC));
        const auto children = fd ? readAll(fd.get(), "children", 65536) : Result<std::string>(std::string("?"));
        const bool none = children && children->empty();
        return judged(Layer::CallKill, none,
                      none ? "a process that left its session was gone with its call" : "processes outlive their call",
                      "Use a kernel with pid namespaces");
    }

    const LocalSession& m_session;
    std::map<std::string, std::string> m_inside;
};

} // namespace

Result<IsolationReport> measureIsolation(LocalSession& session)
{
    GH_ASSIGN(const std::string lines, session.probeLines());
    return Measurement(lines, session).report();
}

IsolationReport nothingHolds(const Error& reason)
{
    IsolationReport report;
    report.backend = "local";
    for (const Layer layer : execution::allLayers())
        report.layers.push_back({layer, LayerState::Absent, "no sandbox could be made: " + reason.why.format(), reason.advice.format()});
    return report;
}

IsolationReport reportFor(const IsolationReport& host, const protocol::SandboxCreated& created)
{
    IsolationReport report = host;
    for (LayerReport& layer : report.layers)
        if (layer.layer == Layer::Cgroup)
            layer = Measurement::cgroupLayer(created);
    return report;
}

} // namespace gatehouse::backends
