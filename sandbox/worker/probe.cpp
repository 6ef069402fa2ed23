#include "sandbox/worker/probe.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gatehouse::worker {

static void printNamespace(const char* name)
{
    char path[64];
    char target[64] = {};
    std::snprintf(path, sizeof path, "/proc/self/ns/%s", name);
    if (::readlink(path, target, sizeof target - 1) > 0)
        ::dprintf(1, "ns-%s %s\n", name, target);
}

static void printResult(const char* name, long result)
{
    ::dprintf(1, "%s %d\n", name, result < 0 ? errno : 0);
}

// Those that would pass an exec.
static void printDescriptors()
{
    int count = 0;
    for (int fd = 0; fd < 1024; ++fd) {
        const int flags = ::fcntl(fd, F_GETFD);
        count += flags >= 0 && (flags & FD_CLOEXEC) == 0 ? 1 : 0;
    }
    ::dprintf(1, "fds %d\n", count);
}

static void printCapabilities()
{
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[2] = {};
    ::syscall(SYS_capget, &header, data);
    ::dprintf(1, "caps %u\n", data[0].effective | data[0].permitted | data[1].effective | data[1].permitted);
}

void probeFromInside()
{
    // /proc/self is this very process only since it is not dumpable: give it a moment's right to look at itself.
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    for (const char* name : {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"})
        printNamespace(name);
    ::dprintf(1, "no-new-privs %d\n", ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    ::dprintf(1, "seccomp-mode %d\n", ::prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
    printResult("seccomp-socket", ::socket(AF_UNIX, SOCK_STREAM, 0));
    // The mount allows a socket node in /tmp; only Landlock refuses it.
    printResult("landlock-mknod", ::mknod("/tmp/.probe", S_IFSOCK | 0600, 0));
    printResult("overlay-write", ::open("/workspace/.gatehouse-probe", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    printResult("usr-write", ::open("/usr/.gatehouse-probe", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    printCapabilities();
    printDescriptors();
    // A child that would outlive its call; the host looks whether it does.
    if (::fork() == 0) {
        ::setsid();
        for (int fd = 0; fd < 3; ++fd)
            ::close(fd);
        ::sleep(60);
        ::_exit(0);
    }
}

} // namespace gatehouse::worker
