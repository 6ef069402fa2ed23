// The filter, run by an interpreter of its own: every number on every architecture, and the arguments that decide.
#include "sandbox/isolation/seccomp.h"
#include "sandbox/isolation/syscalllists.h"
#include "tests/support/testmain.h"

#include <asm/unistd.h>
#include <cerrno>
#include <linux/audit.h>
#include <linux/falloc.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <cstring>
#include <optional>
#include <set>

using namespace gatehouse::isolation;
using gatehouse::test::TestCase;

static constexpr std::uint32_t allow = SECCOMP_RET_ALLOW;
static std::uint32_t error(int number)
{
    return SECCOMP_RET_ERRNO | std::uint32_t(number);
}

// The part of classic BPF that we emit; anything else is a failure of the test.
static std::uint32_t run(const std::vector<sock_filter>& code, const seccomp_data& data)
{
    std::uint32_t accumulator = 0;
    for (std::size_t at = 0; at < code.size();) {
        const sock_filter& one = code[at++];
        switch (one.code) {
        case BPF_LD | BPF_W | BPF_ABS:
            std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + one.k, 4);
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            accumulator &= one.k;
            break;
        case BPF_JMP | BPF_JA:
            at += one.k;
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
            at += accumulator == one.k ? one.jt : one.jf;
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            at += accumulator >= one.k ? one.jt : one.jf;
            break;
        case BPF_JMP | BPF_JGT | BPF_K:
            at += accumulator > one.k ? one.jt : one.jf;
            break;
        case BPF_JMP | BPF_JSET | BPF_K:
            at += (accumulator & one.k) != 0 ? one.jt : one.jf;
            break;
        case BPF_RET | BPF_K:
            return one.k;
        default:
            qFatal("unknown instruction %x", unsigned(one.code));
        }
    }
    qFatal("fell off the end");
}

static const std::vector<sock_filter>& program()
{
    static const std::vector<sock_filter> code = buildFilter({512u << 20, FilterOptions::Counting::Ourselves});
    return code;
}

static std::uint32_t verdict(int number, std::initializer_list<std::uint64_t> arguments = {},
                             std::uint32_t architecture = AUDIT_ARCH_X86_64)
{
    seccomp_data data = {};
    data.nr = number;
    data.arch = architecture;
    std::copy(arguments.begin(), arguments.end(), data.args);
    return run(program(), data);
}

class TestSeccomp : public TestCase {
    Q_OBJECT
private Q_SLOTS:
    void sizeIsModest() { QVERIFY2(program().size() < 1000, qPrintable(QString::number(program().size()))); }
    void everyNumber();
    void otherArchitectures();
    void arguments_data();
    void arguments();
    void withACgroupNothingIsCounted();
};

void TestSeccomp::everyNumber()
{
    const std::set<int> allowed(allowedCalls().begin(), allowedCalls().end());
    const std::set<int> refused(refusedCalls().begin(), refusedCalls().end());
    const std::set<int> conditional = {__NR_clone,      __NR_ioctl, __NR_prctl,  __NR_personality,  __NR_socket,   __NR_socketpair,
                                       __NR_setsockopt, __NR_mmap,  __NR_mremap, __NR_memfd_create, __NR_vmsplice, __NR_prlimit64};
    for (int number = 0; number < 700; ++number) {
        if (conditional.contains(number))
            continue;
        QVERIFY(!(allowed.contains(number) && refused.contains(number)));
        const std::uint32_t expected = allowed.contains(number) ? allow : refused.contains(number) ? error(EPERM) : error(ENOSYS);
        QVERIFY2(verdict(number) == expected, qPrintable(QString::number(number)));
    }
    QCOMPARE(verdict(__NR_clone3), error(ENOSYS));
    QCOMPARE(verdict(447), error(ENOSYS)); // memfd_secret
    QCOMPARE(verdict(0x3fffffff), error(ENOSYS));
}

void TestSeccomp::otherArchitectures()
{
    for (int number = 0; number < 500; ++number) {
        QCOMPARE(verdict(number, {}, AUDIT_ARCH_I386), std::uint32_t(SECCOMP_RET_KILL_PROCESS));
        QCOMPARE(verdict(number | 0x40000000), std::uint32_t(SECCOMP_RET_KILL_PROCESS));
    }
    QCOMPARE(verdict(-1), std::uint32_t(SECCOMP_RET_KILL_PROCESS));
}

void TestSeccomp::arguments_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QList<quint64>>("values");
    QTest::addColumn<quint32>("expected");
    const auto row = [](const char* name, int number, QList<quint64> values, std::uint32_t expected) {
        QTest::newRow(name) << number << values << quint32(expected);
    };
    row("clone", __NR_clone, {17}, allow);
    row("thread", __NR_clone, {0x3d0f00}, allow);
    row("fork", __NR_fork, {}, allow);
    row("vfork", __NR_vfork, {}, allow);
    row("own limit", __NR_prlimit64, {0, 7, 0x7f0000001000}, allow);
    row("look at another's limit", __NR_prlimit64, {1, 7, 0, 0x7f0000001000}, allow);
    row("another's limit", __NR_prlimit64, {1, 7, 0x7f0000001000}, error(EPERM));
    row("another's limit from a high address", __NR_prlimit64, {1, 7, 0x7f00000000}, error(EPERM));
    row("another's limit, low half zero", __NR_prlimit64, {1, 7, 0x100000000}, error(EPERM));
    row("new user namespace", __NR_clone, {0x10000011}, error(EPERM));
    row("new time namespace", __NR_clone, {0x91}, error(EPERM));
    row("TIOCSTI", __NR_ioctl, {0, 0x5412}, error(EPERM));
    row("TIOCSTI with high bits", __NR_ioctl, {0, 0x100005412ull}, error(EPERM));
    row("TIOCLINUX", __NR_ioctl, {0, 0x541C}, error(EPERM));
    row("FIONREAD", __NR_ioctl, {0, 0x541B}, allow);
    row("reserve", __NR_fallocate, {3, 0, 0, 4096}, allow);
    row("reserve beyond the end", __NR_fallocate, {3, FALLOC_FL_KEEP_SIZE, 0, 4096}, error(EOPNOTSUPP));
    row("zero beyond the end", __NR_fallocate, {3, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 0, 4096}, error(EOPNOTSUPP));
    row("insert", __NR_fallocate, {3, FALLOC_FL_INSERT_RANGE, 0, 4096}, error(EOPNOTSUPP));
    row("reserve beyond the end, high bits", __NR_fallocate, {3, 0x100000000ull | FALLOC_FL_KEEP_SIZE}, error(EOPNOTSUPP));
    row("hole", __NR_fallocate, {3, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096}, allow);
    row("stream pair", __NR_socketpair, {AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0}, allow);
    row("datagram pair", __NR_socketpair, {AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0}, error(EPERM));
    row("internet pair", __NR_socketpair, {AF_INET, SOCK_STREAM, 0}, error(EAFNOSUPPORT));
    row("tcp", __NR_socket, {AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0}, allow);
    row("udp", __NR_socket, {AF_INET6, SOCK_DGRAM, 17}, allow);
    row("mptcp", __NR_socket, {AF_INET, SOCK_STREAM, 262}, error(EPROTONOSUPPORT));
    row("ping", __NR_socket, {AF_INET, SOCK_DGRAM, 1}, error(EPROTONOSUPPORT));
    row("raw", __NR_socket, {AF_INET, SOCK_RAW, 1}, error(EPERM));
    row("local", __NR_socket, {AF_UNIX, SOCK_STREAM, 0}, error(EAFNOSUPPORT));
    row("vsock", __NR_socket, {40, SOCK_STREAM, 0}, error(EAFNOSUPPORT));
    row("packet", __NR_socket, {17, SOCK_RAW, 0}, error(EAFNOSUPPORT));
    row("route netlink", __NR_socket, {16, SOCK_RAW, 0}, allow);
    row("netfilter netlink", __NR_socket, {16, SOCK_RAW, 12}, error(EPROTONOSUPPORT));
    row("family with high bits", __NR_socket, {0x100000000ull | AF_UNIX, SOCK_STREAM, 0}, error(EAFNOSUPPORT));
    row("send buffer", __NR_setsockopt, {3, SOL_SOCKET, SO_SNDBUF}, error(0));
    row("reuse address", __NR_setsockopt, {3, SOL_SOCKET, SO_REUSEADDR}, allow);
    row("personality query", __NR_personality, {0xffffffff}, allow);
    row("read implies exec", __NR_personality, {0x0400000}, error(EPERM));
    row("another filter", __NR_prctl, {22, 2}, error(EPERM));
    row("name a thread", __NR_prctl, {15}, allow);
    row("small mapping", __NR_mmap, {0, 512u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS}, allow);
    row("large mapping", __NR_mmap, {0, (512u << 20) + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS}, SECCOMP_RET_USER_NOTIF);
    row("huge mapping", __NR_mmap, {0, 1ull << 33, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS}, SECCOMP_RET_USER_NOTIF);
    row("reserved only", __NR_mmap, {0, 1ull << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE}, allow);
    row("shared", __NR_mmap, {0, 1ull << 40, PROT_WRITE, MAP_SHARED}, allow);
    row("shared anonymous", __NR_mmap, {0, 4096, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS}, SECCOMP_RET_USER_NOTIF);
    row("shared anonymous, validated", __NR_mmap, {0, 4096, PROT_READ, 3 | MAP_ANONYMOUS}, SECCOMP_RET_USER_NOTIF);
    row("large growth", __NR_mremap, {0, 4096, 1ull << 33, 1}, SECCOMP_RET_USER_NOTIF);
    row("memfd", __NR_memfd_create, {0, 0}, error(ENOSYS));
    row("vmsplice", __NR_vmsplice, {3}, error(ENOSYS));
}

void TestSeccomp::arguments()
{
    QFETCH(int, number);
    QFETCH(QList<quint64>, values);
    QFETCH(quint32, expected);
    seccomp_data data = {};
    data.nr = number;
    data.arch = AUDIT_ARCH_X86_64;
    std::copy(values.begin(), values.end(), data.args);
    QCOMPARE(run(program(), data), expected);
}

void TestSeccomp::withACgroupNothingIsCounted()
{
    const auto code = buildFilter({512u << 20, FilterOptions::Counting::Cgroup});
    const quint64 sharedAnonymous = MAP_SHARED | MAP_ANONYMOUS;
    for (const auto& [number, values] : {std::pair<int, QList<quint64>>{__NR_clone, {17}},
                                         {__NR_memfd_create, {0, 0}},
                                         {__NR_vmsplice, {3}},
                                         {__NR_mmap, {0, 4096, PROT_NONE, sharedAnonymous}},
                                         {__NR_mmap, {0, 1ull << 33, PROT_WRITE, sharedAnonymous}}}) {
        seccomp_data data = {};
        data.nr = number;
        data.arch = AUDIT_ARCH_X86_64;
        std::copy(values.begin(), values.end(), data.args);
        QCOMPARE(run(code, data), allow);
    }
}

GATEHOUSE_TEST_MAIN(TestSeccomp)
#include "tst_seccomp.moc"
