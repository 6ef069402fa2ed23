// Programs that try to get past a limit unseen, one per name; run inside of a sandbox. Static: nothing of the build's is in there.
// Whoever is still alive waits, so that only the limit ends it. Exit status 3: the way itself is closed.
#include "tests/sandbox/cases/hostile.h"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <pthread.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

[[noreturn]] void hold()
{
    for (;;)
        ::pause();
}

[[noreturn]] void closed()
{
    std::_Exit(3);
}

template <typename F> static void inProcesses(int count, F body)
{
    for (int i = 0; i < count; ++i)
        if (::fork() == 0) {
            ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
            body();
            hold();
        }
    hold();
}

static char* map(std::size_t size, int flags, int fd = -1)
{
    void* const at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (at == MAP_FAILED)
        closed();
    std::memset(at, 1, size);
    return static_cast<char*>(at);
}

static void sharedDropped()
{
    inProcesses(20, [] {
        char* const at = map(60 * mib, MAP_SHARED | MAP_ANONYMOUS);
        ::madvise(at, 60 * mib, MADV_DONTNEED);
    });
}

static void sharedPieces()
{
    for (int i = 0; i < 20; ++i)
        ::munmap(map(60 * mib, MAP_SHARED | MAP_ANONYMOUS) + 4096, 60 * mib - 4096);
    hold();
}

static void sharedZero()
{
    const int fd = ::open("/dev/zero", O_RDWR);
    if (fd < 0)
        closed();
    for (int i = 0; i < 20; ++i)
        ::munmap(map(60 * mib, MAP_SHARED, fd) + 4096, 60 * mib - 4096);
    hold();
}

// Each one dies of the full device and leaves it empty.
static void fullDevice()
{
    for (int i = 0; i < 4; ++i) {
        if (::fork() == 0) {
            char path[] = "/dev/shm/XXXXXX";
            const int fd = ::mkstemp(path);
            ::unlink(path);
            if (::ftruncate(fd, 1024 * mib) != 0)
                closed();
            map(1024 * mib, MAP_SHARED, fd);
        }
        ::wait(nullptr);
    }
    closed();
}

static void deletedFiles()
{
    inProcesses(20, [] {
        char path[] = "/dev/shm/XXXXXX";
        const int fd = ::mkstemp(path);
        ::unlink(path);
        if (::ftruncate(fd, 60 * mib) != 0)
            closed();
        ::munmap(map(60 * mib, MAP_SHARED, fd), 60 * mib);
    });
}

static void memoryFiles()
{
    const long fd = ::syscall(SYS_memfd_create, "x", 0);
    if (fd < 0 || ::ftruncate(static_cast<int>(fd), 1024 * mib) != 0)
        closed();
    ::munmap(map(1024 * mib, MAP_SHARED, static_cast<int>(fd)), 1024 * mib);
    hold();
}

static void* fillAndHold(void*)
{
    ::usleep(100000);
    for (int i = 0; i < 7; ++i)
        map(100 * mib, MAP_PRIVATE | MAP_ANONYMOUS);
    hold();
}

static void leaderless()
{
    pthread_t thread;
    pthread_create(&thread, nullptr, fillAndHold, nullptr);
    pthread_exit(nullptr);
}

static void pageTables()
{
    constexpr std::size_t size = std::size_t(400) << 30;
    auto* const at =
        static_cast<const volatile char*>(::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    if (at == MAP_FAILED)
        closed();
    for (std::size_t offset = 0; offset < size; offset += 2 * mib)
        (void)at[offset];
    hold();
}

static void fill(int fd, std::size_t piece)
{
    static char bytes[65536];
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    while (::send(fd, bytes, piece, MSG_NOSIGNAL) > 0) { }
}

static void localSockets()
{
    inProcesses(30, [] {
        int ends[2];
        while (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0) {
            fill(ends[0], 1);
            ::close(ends[0]); // what it sent is charged to one that is gone
        }
    });
}

static void connections()
{
    inProcesses(30, [] {
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = {};
        socklen_t length = sizeof address;
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener, 128) != 0)
            closed();
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
        for (;;) {
            const int out = ::socket(AF_INET, SOCK_STREAM, 0);
            if (out < 0 || ::connect(out, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
                break;
            if (const int in = ::accept(listener, nullptr, nullptr); in >= 0)
                fill(in, 65536);
            fill(out, 65536);
        }
    });
}

static void datagrams()
{
    inProcesses(30, [] {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int out = ::socket(AF_INET, SOCK_DGRAM, 0);
        for (int in = 0; (in = ::socket(AF_INET, SOCK_DGRAM, 0)) >= 0;) {
            socklen_t length = sizeof address;
            address.sin_port = 0;
            ::bind(in, reinterpret_cast<sockaddr*>(&address), sizeof address);
            ::getsockname(in, reinterpret_cast<sockaddr*>(&address), &length);
            static char bytes[1400];
            for (int i = 0; i < 120; ++i)
                ::sendto(out, bytes, sizeof bytes, MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&address), sizeof address);
        }
    });
}

static void semaphores()
{
    while (::semget(IPC_PRIVATE, 32000, 0600) >= 0) { }
    hold();
}

static void messages()
{
    static struct {
        long type = 1;
        char text[8192] = {};
    } message;
    for (int queue = 0; (queue = ::msgget(IPC_PRIVATE, 0600)) >= 0;)
        while (::msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT) == 0) { }
    hold();
}

// Kernel memory that belongs to nothing that can be looked at.
static void locks()
{
    inProcesses(30, [] {
        for (int file = 0; file < 1000; ++file) {
            char path[] = "/tmp/XXXXXX";
            const int fd = ::mkstemp(path);
            struct flock lock = {};
            lock.l_type = F_WRLCK;
            lock.l_len = 1;
            for (lock.l_start = 800; fd >= 0 && lock.l_start > 0; lock.l_start -= 2)
                ::fcntl(fd, F_SETLK, &lock);
        }
    });
}

// Both end by themselves, whole and at once, as soon as one more is refused; the exit status says success.
static void dyingBomb()
{
    int ends[2];
    if (::pipe(ends) != 0)
        closed();
    for (;;) {
        const pid_t pid = ::fork();
        if (pid < 0)
            std::_Exit(0);
        if (pid == 0) {
            char byte;
            ::close(ends[1]);
            std::_Exit(::read(ends[0], &byte, 1) == 0 ? 0 : 1);
        }
    }
}

static void* waiting(void*)
{
    hold();
}

static void dyingThreads()
{
    pthread_attr_t small;
    pthread_t thread;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    while (pthread_create(&thread, &small, waiting, nullptr) == 0) { }
    std::_Exit(0);
}

// The session's first process must not be ended by limits that we set to it; 7 is what the test expects.
static void foreignLimits()
{
    const rlimit none = {0, 0};
    for (const auto resource : {RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CPU})
        if (::prlimit(1, resource, &none, nullptr) == 0)
            std::_Exit(8);
    rlimit own = {};
    if (::prlimit(1, RLIMIT_NOFILE, nullptr, &own) != 0 || ::prlimit(0, RLIMIT_NOFILE, &own, nullptr) != 0)
        std::_Exit(9);
    if (::fork() == 0)
        std::_Exit(0);
    ::wait(nullptr);
    std::_Exit(7);
}

// A socket that holds itself and our output, so that neither is closed with us; 7 is what the test expects.
static void parkedOutput()
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || ::write(STDOUT_FILENO, "said", 4) != 4)
        closed();
    const int parked[] = {STDOUT_FILENO, ends[0]};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof parked)] = {};
    char byte = 'x';
    iovec part = {&byte, 1};
    msghdr header = {};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    cmsghdr* const item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof parked);
    std::memcpy(CMSG_DATA(item), parked, sizeof parked);
    if (::sendmsg(ends[1], &header, MSG_NOSIGNAL) != 1)
        closed();
    // First, as the kernel looks for such circles whenever a socket is closed.
    ::close(ends[1]);
    std::_Exit(7);
}

struct Case {
    const char* name;
    void (*run)();
};
static constexpr Case cases[] = {
    {"shared-dropped", sharedDropped},
    {"shared-pieces", sharedPieces},
    {"shared-zero", sharedZero},
    {"deleted-files", deletedFiles},
    {"full-device", fullDevice},
    {"memory-files", memoryFiles},
    {"leaderless", leaderless},
    {"page-tables", pageTables},
    {"local-sockets", localSockets},
    {"connections", connections},
    {"datagrams", datagrams},
    {"semaphores", semaphores},
    {"messages", messages},
    {"locks", locks},
    {"dying-bomb", dyingBomb},
    {"dying-threads", dyingThreads},
    {"foreign-limits", foreignLimits},
    {"parked-output", parkedOutput},
    {"deleted-on-disk", deletedOnDisk},
    {"mapped-on-disk", mappedOnDisk},
    {"deep-on-disk", deepOnDisk},
    {"closed-on-disk", closedOnDisk},
    {"deleted-by-threads", deletedByThreads},
};

int main(int argc, char** argv)
{
    for (const Case& one : cases)
        if (argc == 2 && std::strcmp(argv[1], one.name) == 0)
            one.run();
    std::fprintf(stderr, "no such case\n");
    return 2;
}
