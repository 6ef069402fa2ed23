#include "sandbox/isolation/seccomp.h"

#include <asm/unistd.h>
#include <cerrno>
#include <linux/audit.h>
#include <linux/falloc.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/isolation/bpf.h"
#include "sandbox/isolation/step.h"
#include "sandbox/isolation/syscalllists.h"

namespace gatehouse::isolation {

#if defined(__x86_64__)
static constexpr std::uint32_t ourArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static constexpr std::uint32_t ourArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "The system call lists were not made for this architecture"
#endif

static constexpr std::uint32_t allow = SECCOMP_RET_ALLOW;
static constexpr std::uint32_t kill = SECCOMP_RET_KILL_PROCESS;
static constexpr std::uint32_t x32Bit = 0x40000000; // the other ABI of x86-64, same architecture tag

static constexpr std::uint32_t error(int number)
{
    return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(number);
}

// CLONE_NEW{TIME,NS,CGROUP,UTS,IPC,USER,PID,NET}
static constexpr std::uint32_t namespaceFlags = 0x7E020080;

// ioctl numbers are compared as the kernel does: the low 32 bits only (CVE-2019-10063 compared all 64).
static constexpr std::uint32_t refusedIoctls[] = {
    0x5412,     // TIOCSTI: types into the terminal
    0x541C,     // TIOCLINUX: pastes into the console
    0x5423,     // TIOCSETD: loads line disciplines
    0x40086602, // FS_IOC_SETFLAGS: immutable files that nobody can clean up
    0x40046602, // FS_IOC32_SETFLAGS
    0xC0045877, // FIFREEZE
    0xC0045878, // FITHAW
};

static constexpr std::uint32_t announce = SECCOMP_RET_USER_NOTIF;

static void cloneLeaf(BpfProgram& p)
{
    p.loadArgumentLow(0);
    p.ifAnyBit(namespaceFlags, [&] { p.returns(error(EPERM)); });
    p.returns(allow);
}

// A process sets only its own limits: those of the session's first process would end the session in our stead.
static void prlimitLeaf(BpfProgram& p)
{
    p.loadArgumentLow(0);
    p.ifEqual(0, [&] { p.returns(allow); });
    for (const auto load : {&BpfProgram::loadArgumentLow, &BpfProgram::loadArgumentHigh}) {
        (p.*load)(2);
        p.ifNotEqual(0, [&] { p.returns(error(EPERM)); });
    }
    p.returns(allow);
}

// RLIMIT_FSIZE does not see these: room beyond a file's end, and room put into its middle. A hole in a file only gives back.
static void fallocateLeaf(BpfProgram& p)
{
    p.loadArgumentLow(1);
    p.ifEqual(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, [&] { p.returns(allow); });
    p.ifAnyBit(FALLOC_FL_KEEP_SIZE | FALLOC_FL_INSERT_RANGE, [&] { p.returns(error(EOPNOTSUPP)); });
    p.returns(allow);
}

static void ioctlLeaf(BpfProgram& p)
{
    p.loadArgumentLow(1);
    for (const std::uint32_t request : refusedIoctls)
        p.ifEqual(request, [&] { p.returns(error(EPERM)); });
    p.returns(allow);
}

// PR_SET_SECCOMP would add a listener of its own; PR_SET_MM moves what /proc shows of us; 59 is PR_SET_SYSCALL_USER_DISPATCH.
static void prctlLeaf(BpfProgram& p)
{
    p.loadArgumentLow(0);
    for (const std::uint32_t option : {22u, 35u, 59u})
        p.ifEqual(option, [&] { p.returns(error(EPERM)); });
    p.returns(allow);
}

// Only PER_LINUX and the query: READ_IMPLIES_EXEC and ADDR_NO_RANDOMIZE help an exploit.
static void personalityLeaf(BpfProgram& p)
{
    p.loadArgumentLow(0);
    p.ifEqual(0, [&] { p.returns(allow); });
    p.ifEqual(0xffffffffu, [&] { p.returns(allow); });
    p.returns(error(EPERM));
}

static void protocolLeaf(BpfProgram& p, std::initializer_list<std::uint32_t> protocols)
{
    p.loadArgumentLow(2);
    for (const std::uint32_t protocol : protocols)
        p.ifEqual(protocol, [&] { p.returns(allow); });
    p.returns(error(EPROTONOSUPPORT));
}

// Protocols by number: MPTCP passes Landlock's TCP rules, ICMP is ping. Netlink's routing family is what programs list their
// interfaces with; in an empty network namespace it tells nothing.
static void socketLeaf(BpfProgram& p)
{
    p.loadArgumentLow(0);
    for (const std::uint32_t family : {std::uint32_t(AF_INET), std::uint32_t(AF_INET6)})
        p.ifEqual(family, [&] {
            p.loadArgumentLow(1);
            p.maskWith(0xf);
            p.ifEqual(SOCK_STREAM, [&] { protocolLeaf(p, {0, 6}); });
            p.ifEqual(SOCK_DGRAM, [&] { protocolLeaf(p, {0, 17}); });
            p.returns(error(EPERM));
        });
    p.ifEqual(AF_NETLINK, [&] { protocolLeaf(p, {NETLINK_ROUTE}); });
    p.returns(error(EAFNOSUPPORT));
}

// A datagram pair can be connected again to any pathname socket in view; a stream pair can't.
static void socketpairLeaf(BpfProgram& p)
{
    p.loadArgumentLow(0);
    p.ifNotEqual(AF_UNIX, [&] { p.returns(error(EAFNOSUPPORT)); });
    p.loadArgumentLow(1);
    p.maskWith(0xf);
    p.ifEqual(SOCK_STREAM, [&] { p.returns(allow); });
    p.ifEqual(SOCK_SEQPACKET, [&] { p.returns(allow); });
    p.returns(error(EPERM));
}

// Pretends to succeed: socket buffers are kernel memory that no limit of a plain user counts.
static void setsockoptLeaf(BpfProgram& p)
{
    p.loadArgumentLow(1);
    p.ifNotEqual(SOL_SOCKET, [&] { p.returns(allow); });
    p.loadArgumentLow(2);
    for (const int option : {SO_SNDBUF, SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE})
        p.ifEqual(static_cast<std::uint32_t>(option), [&] { p.returns(error(0)); });
    p.returns(allow);
}

// Allows, but asks the listener when a 64-bit argument is above a value.
static void announceAbove(BpfProgram& p, int argument, std::uint64_t largest)
{
    p.loadArgumentHigh(argument);
    p.ifAbove(static_cast<std::uint32_t>(largest >> 32), [&] { p.returns(announce); });
    p.ifNotEqual(static_cast<std::uint32_t>(largest >> 32), [&] { p.returns(allow); });
    p.loadArgumentLow(argument);
    p.ifAbove(static_cast<std::uint32_t>(largest), [&] { p.returns(announce); });
    p.returns(allow);
}

// A private writable mapping above the limit that is not declared as reserve-nothing is asked about; a shared anonymous one,
// with whatever rights, always where we count ourselves. MAP_SHARED and MAP_SHARED_VALIDATE have the same low bit.
static void mmapLeaf(BpfProgram& p, const FilterOptions& options)
{
    if (options.counting == FilterOptions::Counting::Ourselves) {
        p.loadArgumentLow(3);
        p.maskWith(MAP_ANONYMOUS | MAP_SHARED);
        p.ifEqual(MAP_ANONYMOUS | MAP_SHARED, [&] { p.returns(announce); });
    }
    p.loadArgumentLow(2);
    p.maskWith(PROT_WRITE);
    p.ifEqual(0, [&] { p.returns(allow); });
    p.loadArgumentLow(3);
    p.maskWith(MAP_PRIVATE | MAP_SHARED | MAP_NORESERVE);
    p.ifNotEqual(MAP_PRIVATE, [&] { p.returns(allow); });
    announceAbove(p, 1, options.largestMapping);
}

static void addCounting(DecisionTree& tree)
{
    tree.verdict(__NR_memfd_create, error(ENOSYS));
    // Pages in a pipe that their owner has given up are nobody's.
    tree.verdict(__NR_vmsplice, error(ENOSYS));
    // New processes are not announced: a signal that comes before the announcement is read makes the call fail with EINTR, which
    // no program expects of fork.
}

static void addChecks(DecisionTree& tree, const FilterOptions& options)
{
    const bool ourselves = options.counting == FilterOptions::Counting::Ourselves;
    tree.check(__NR_clone, cloneLeaf);
    tree.check(__NR_fallocate, fallocateLeaf);
    tree.check(__NR_ioctl, ioctlLeaf);
    tree.check(__NR_prctl, prctlLeaf);
    tree.check(__NR_prlimit64, prlimitLeaf);
    tree.check(__NR_personality, personalityLeaf);
    tree.check(__NR_socket, socketLeaf);
    tree.check(__NR_socketpair, socketpairLeaf);
    tree.check(__NR_setsockopt, setsockoptLeaf);
    if (options.largestMapping > 0) {
        tree.check(__NR_mmap, [options](BpfProgram& p) { mmapLeaf(p, options); });
        tree.check(__NR_mremap, [largest = options.largestMapping](BpfProgram& p) { announceAbove(p, 2, largest); });
    }
    if (ourselves)
        addCounting(tree);
}

static std::vector<sock_filter> programOf(const DecisionTree& tree)
{
    BpfProgram program;
    program.loadArchitecture();
    program.ifNotEqual(ourArchitecture, [&] { program.returns(kill); });
    program.loadNumber();
    program.ifAtLeast(x32Bit, [&] { program.returns(kill); });
    tree.emit(program);
    return program.code();
}

std::vector<sock_filter> buildFilter(const FilterOptions& options)
{
    DecisionTree tree(error(ENOSYS));
    for (const int number : allowedCalls())
        tree.verdict(number, allow);
    for (const int number : refusedCalls())
        tree.verdict(number, error(EPERM));
    addChecks(tree, options);
    return programOf(tree);
}

std::vector<sock_filter> buildKeeperFilter()
{
    DecisionTree tree(error(EPERM));
    for (const int number : {__NR_read,  __NR_write,      __NR_close,  __NR_openat,   __NR_fstat,   __NR_newfstatat,   __NR_getdents64,
                             __NR_lseek, __NR_fcntl,      __NR_ppoll,  __NR_ioctl,    __NR_recvmsg, __NR_wait4,        __NR_brk,
                             __NR_mmap,  __NR_munmap,     __NR_mremap, __NR_mprotect, __NR_madvise, __NR_rt_sigreturn, __NR_restart_syscall,
                             __NR_exit,  __NR_exit_group, __NR_futex,  __NR_getrandom})
        tree.verdict(number, allow);
#ifdef __NR_poll
    tree.verdict(__NR_poll, allow);
#endif
    return programOf(tree);
}

Result<UniqueFd> installFilter(const std::vector<sock_filter>& program, Listener listener)
{
    sock_fprog filter = {static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
    const unsigned flags = listener == Listener::Wanted ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
    // An announced call that was taken up is not restarted by a signal; kernels before 5.19 can't say so.
    const unsigned steady = listener == Listener::Wanted ? SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV : 0;
    long result = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | steady, &filter);
    if (result < 0 && errno == EINVAL && steady != 0)
        result = ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
    if (result < 0)
        return stepFailed("install the system call filter", {}, errno);
    return listener == Listener::Wanted ? UniqueFd(static_cast<int>(result)) : UniqueFd();
}

} // namespace gatehouse::isolation
