// What a limit's figure is made of, without a sandbox: a cgroup's events as text and as a descriptor, the host's own memory, objects
// that outlive a call.
#include "sandbox/worker/limitwatch.h"
#include "sandbox/worker/socketusage.h"
#include "sandbox/worker/watcher.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"

#include <atomic>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::worker;

class TestLimitWatch : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void eventCounts_data();
    void eventCounts();
    void textCountsFromTheStartOfTheCall();
    void anEarlierEventIsNotThisCalls();
    void kernelMemoryCountsByItsGrowth();
    void aShortHostCountsItsLoss();
    void queuesAndSemaphoresAreCounted();
    void fullLocalSocketsAreCounted();
    void whatTheDeadHeldIsWaitedFor();
};

void TestLimitWatch::eventCounts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<quint64>("expected");
    const QByteArray memory = "low 0\nhigh 3\nmax 7\noom 2\noom_kill 5\noom_group_kill 9\n";
    const auto row = [](const char* name, const QByteArray& text, const char* key, quint64 expected) {
        QTest::newRow(name) << text << QByteArray(key) << expected;
    };
    row("in the middle", memory, "oom", 2);
    row("a longer key", memory, "oom_kill", 5);
    row("the last", memory, "oom_group_kill", 9);
    row("the first", memory, "low", 0);
    row("only a longer key", "oom_kill 5\n", "oom", 0);
    row("a key at another's end", "sock_oom 4\noom 1\n", "oom", 1);
    row("no line end", "max 4", "max", 4);
    row("nothing", "", "max", 0);
    row("no figure", "max \nmaximum 1\n", "max", 0);
    row("no number", "max x\n", "max", 0);
    row("key alone", "max", "max", 0);
}

void TestLimitWatch::eventCounts()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, key);
    QFETCH(quint64, expected);
    QCOMPARE(quint64(eventCount({text.constData(), std::size_t(text.size())}, {key.constData(), std::size_t(key.size())})), expected);
}

static WorkerState stateWith(int memoryEvents)
{
    WorkerState state;
    state.memoryEvents = memoryEvents;
    state.limits.memory = 512ull << 20;
    state.limits.processes = 64;
    return state;
}

static void rewrite(int fd, std::string_view text)
{
    if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        qFatal("could not write a fixture");
}

// Version 2: the file can always be read, which says nothing.
void TestLimitWatch::textCountsFromTheStartOfTheCall()
{
    const test::TemporaryFolder folder;
    const UniqueFd events(::open(folder.path("memory.events").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    WorkerState state = stateWith(events.get());
    state.memoryEventsAreText = true;
    rewrite(events.get(), "low 0\nhigh 0\nmax 12\noom 3\noom_kill 3\n");
    LimitWatch watch(state);
    watch.readCgroup();
    QVERIFY(!watch.hit());
    rewrite(events.get(), "low 0\nhigh 0\nmax 15\noom 3\noom_kill 4\n"); // the host killed one for reasons of its own
    watch.readCgroup();
    QVERIFY(!watch.hit());
    rewrite(events.get(), "low 0\nhigh 0\nmax 15\noom 4\noom_kill 5\n");
    watch.readCgroup();
    QCOMPARE(watch.breaches().size(), std::size_t(1));
    QCOMPARE(watch.breaches().front().limit, protocol::WireLimit::Memory);
    LimitWatch next(state);
    next.readCgroup();
    QVERIFY(!next.hit());
}

// Version 1.
void TestLimitWatch::anEarlierEventIsNotThisCalls()
{
    const UniqueFd events(::eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK));
    const WorkerState state = stateWith(events.get());
    LimitWatch watch(state);
    watch.readCgroup();
    QVERIFY(!watch.hit());
    QCOMPARE(::eventfd_write(events.get(), 1), 0);
    watch.readCgroup();
    QCOMPARE(watch.breaches().size(), std::size_t(1));
    QCOMPARE(watch.breaches().front().limit, protocol::WireLimit::Memory);
}

static void writeHost(const test::TemporaryFolder& folder, std::uint64_t available, std::uint64_t kernel)
{
    folder.write("meminfo",
                 "MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:   " + std::to_string(available) +
                     " kB\nSReclaimable:     500000 kB\nSUnreclaim:     " + std::to_string(kernel) + " kB\nVmallocUsed:       1000 kB\n");
}

void TestLimitWatch::kernelMemoryCountsByItsGrowth()
{
    const test::TemporaryFolder folder;
    writeHost(folder, 8000000, 5000);
    const UniqueFd proc(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const HostWatch host(proc.get(), 1 << 20);
    QCOMPARE(host.hidden(0), std::uint64_t(0));
    writeHost(folder, 8000000, 5000 + 1024);
    QCOMPARE(host.hidden(0), std::uint64_t(0));
    writeHost(folder, 8000000, 5000 + 2048);
    QCOMPARE(host.hidden(0), std::uint64_t(2048) << 10);
    writeHost(folder, 8000000, 1000);
    QCOMPARE(host.hidden(0), std::uint64_t(0));
}

void TestLimitWatch::aShortHostCountsItsLoss()
{
    const test::TemporaryFolder folder;
    writeHost(folder, 8000000, 5000);
    const UniqueFd proc(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const HostWatch host(proc.get(), 1 << 20);
    writeHost(folder, 4000000, 5000);
    QCOMPARE(host.hidden(0), std::uint64_t(0)); // much is left
    writeHost(folder, 1000, 5000);
    QCOMPARE(host.hidden(0), std::uint64_t(7999000) << 10);
}

void TestLimitWatch::queuesAndSemaphoresAreCounted()
{
    const std::uint64_t before = queuesAndSemaphores();
    const int semaphores = ::semget(IPC_PRIVATE, 200, 0600);
    const std::uint64_t withSemaphores = queuesAndSemaphores();
    ::semctl(semaphores, 0, IPC_RMID);
    QVERIFY(semaphores >= 0);
    QVERIFY2(withSemaphores >= before + 200 * 64, qPrintable(QString::number(withSemaphores)));
    struct {
        long type = 1;
        char text[4096] = {};
    } message;
    const int queue = ::msgget(IPC_PRIVATE, 0600);
    const int sent = ::msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT);
    const std::uint64_t withMessage = queuesAndSemaphores();
    ::msgctl(queue, IPC_RMID, nullptr);
    QCOMPARE(sent, 0);
    QVERIFY2(withMessage >= before + sizeof message.text, qPrintable(QString::number(withMessage)));
}

// What was sent by one that is gone is charged to nobody who can be listed.
void TestLimitWatch::fullLocalSocketsAreCounted()
{
    constexpr std::size_t count = 100;
    const UniqueFd proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::uint64_t before = socketMemory(proc.get());
    std::vector<UniqueFd> receivers;
    for (std::size_t i = 0; i < count; ++i) {
        int ends[2];
        QCOMPARE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
        receivers.emplace_back(ends[0]);
        const UniqueFd sender(ends[1]);
        while (::send(sender.get(), "x", 1, MSG_NOSIGNAL) > 0) { }
    }
    // The host's other sockets come and go meanwhile: a quarter is enough.
    const std::uint64_t after = socketMemory(proc.get());
    QVERIFY2(after >= before + count * (64 << 10), qPrintable(QString::number(after)));
}

// The kernel frees the buffers of dead sockets a moment later: the next call is not to blame for them.
void TestLimitWatch::whatTheDeadHeldIsWaitedFor()
{
    test::TemporaryFolder folder;
    const UniqueFd usage(::open(folder.path("usage").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    WorkerState state;
    state.limits.memory = 1ull << 40; // far beyond what this host keeps anywhere
    state.limits.processes = 64;
    state.socketUsage = usage.get();
    rewrite(usage.get(), std::to_string(1ull << 41));
    LimitWatch watch(state);
    watch.breach(protocol::WireLimit::Memory, 2, 1);
    std::atomic<bool> freed = false;
    std::thread kernel([&usage, &freed] {
        ::usleep(50'000); // any time: the wait is what is looked at
        freed = true;
        rewrite(usage.get(), "0\n");
    });
    watch.clearAfter();
    const bool waited = freed;
    kernel.join();
    QVERIFY(waited);
}

GATEHOUSE_TEST_MAIN(TestLimitWatch)
#include "tst_limitwatch.moc"
