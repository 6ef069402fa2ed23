// Each limit ends a call with its name and figure.
#include "sandbox/backends/localsession.h"
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <thread>

#include <signal.h>
#include <unistd.h>

using namespace gatehouse;
using execution::ExecEnd;
using execution::Limit;

class TestLimits : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void hit_data();
    void hit();
    void hostile_data();
    void hostile();
    void belowTheLimitNothingIsSaid();
    void sharedMappingsThatAreGoneDoNotCount();
    void theWorkersDeathByTheLimitIsTheLimit();
    void anEarlierLimitIsNoCauseOfDeath();
    void aFullSandboxIsUsableAgain();
    void whoLeavesNoRoomMetTheLimit();
    void limitsOfOneCallDoNotTouchTheNext();
};

void TestLimits::hit_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<int>("limit");
    const auto python = [](const char* code) { return QStringLiteral("exec python3 -c '%1'").arg(QString::fromUtf8(code)); };
    const int memory = int(Limit::Memory);
    QTest::newRow("one mapping of 8 GiB") << python("bytearray(8<<30)") << memory;
    QTest::newRow("one that grows") << python("b=[]\nwhile True: b.append(bytearray(1<<20))") << memory;
    QTest::newRow("one buffer that grows") << python("b=bytearray()\nwhile True: b.extend(bytes(32<<20))") << memory;
    QTest::newRow("twenty together")
        << python("import os,time\nfor i in range(20):\n if os.fork()==0:\n  b=bytearray(60<<20); time.sleep(60)\n"
                  "time.sleep(60)")
        << memory;
    QTest::newRow("twenty that hide")
        << python("import os,time,ctypes\nfor i in range(20):\n if os.fork()==0:\n  ctypes.CDLL(None).prctl(4,0,0,0,0); "
                  "b=bytearray(60<<20); time.sleep(60)\ntime.sleep(60)")
        << memory;
    QTest::newRow("private tmpfs") << "head -c 400m /dev/zero > /tmp/a; head -c 400m /dev/zero > /dev/shm/b; sleep 60" << memory;
    QTest::newRow("shared memory")
        << python("import ctypes,time\nl=ctypes.CDLL(None); l.shmat.restype=ctypes.c_void_p\ni=l.shmget(0,1<<30,0o1600)\n"
                  "a=l.shmat(i,None,0); ctypes.memset(a,1,1<<30); time.sleep(60)")
        << memory;
    QTest::newRow("anonymous shared")
        << python("import mmap,time\nm=mmap.mmap(-1,1<<30)\nfor i in range(1024): m[i<<20:(i+1)<<20]=bytes(1<<20)\n"
                  "time.sleep(60)")
        << memory;
    QTest::newRow("fork bomb") << "f() { f | f & }; f; sleep 60" << int(Limit::Processes);
    QTest::newRow("threads")
        << python("import threading,time\nfor i in range(300):\n try: threading.Thread(target=time.sleep,args=(60,)).start()\n"
                  " except Exception: pass\ntime.sleep(60)")
        << int(Limit::Processes);
    QTest::newRow("disk") << "for i in 1 2 3 4 5 6 7 8; do head -c 50m /dev/zero > /workspace/f$i; done; sleep 60" << int(Limit::Disk);
    QTest::newRow("one file") << "exec head -c 200m /dev/zero > /workspace/big" << int(Limit::Disk);
    QTest::newRow("many files") << "i=0; while :; do : > /workspace/n$i; i=$((i+1)); done" << int(Limit::Inodes);
    QTest::newRow("time") << "trap '' TERM; sleep 1000" << int(Limit::Call);
}

void TestLimits::hit()
{
    QFETCH(QString, script);
    QFETCH(int, limit);
    const auto backend = test::makeBackend();
    auto spec = test::smallSpec();
    spec.limits.disk = 200ull << 20;
    spec.limits.inodes = 2000;
    if (limit == int(Limit::Disk)) {
        spec.limits.fileSize = 100ull << 20;
        spec.limits.memory = 2ull << 30; // dirty pages are charged too
    }
    GH_VALUE(const auto session, backend->open(spec, CancelToken()));
    auto request = test::shell(script.toStdString());
    if (limit == int(Limit::Call))
        request.timeout = std::chrono::milliseconds(300);
    GH_VALUE(const auto outcome, session->exec(request, nullptr, {}));
    QVERIFY2(outcome.end == ExecEnd::Limit, outcome.error.head.c_str());
    QVERIFY(!outcome.limits.empty());
    QCOMPARE(int(outcome.limits.front().limit), limit);
    QVERIFY(outcome.limits.front().maximum > 0);
    QVERIFY(outcome.limits.front().value >= outcome.limits.front().maximum);
    if (limit == int(Limit::Call))
        QVERIFY(outcome.wall < std::chrono::milliseconds(2000));
}

// What cases/hostilecase.cpp does; a limit, or the exit status with which it gives up as root and as a plain user.
void TestLimits::hostile_data()
{
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("rootStatus");
    QTest::addColumn<int>("plainStatus");
    const auto row = [](const char* name, Limit limit) { QTest::newRow(name) << int(limit) << -1 << -1; };
    for (const char* name : {"shared-dropped", "shared-pieces", "deleted-files", "full-device", "leaderless", "page-tables",
                             "local-sockets", "connections", "datagrams", "semaphores", "messages", "locks"})
        row(name, Limit::Memory);
    row("dying-bomb", Limit::Processes);
    if (test::roleName() == "root") // threads of a plain user that are all gone between two looks are not seen
        row("dying-threads", Limit::Processes);
    for (const char* name : {"deleted-on-disk", "mapped-on-disk", "deep-on-disk", "closed-on-disk", "deleted-by-threads"})
        row(name, Limit::Disk);
    QTest::newRow("shared-zero") << -1 << 3 << 3;
    QTest::newRow("memory-files") << int(Limit::Memory) << -1 << 3;
    QTest::newRow("foreign-limits") << -1 << 7 << 7;
}

void TestLimits::hostile()
{
    QFETCH(int, limit);
    QFETCH(int, rootStatus);
    QFETCH(int, plainStatus);
    test::TemporaryFolder tools;
    const auto backend = test::makeBackend();
    auto spec = test::smallSpec();
    spec.tools = test::hostileTools(tools.path());
    spec.limits.memory = limit == int(Limit::Disk) ? 2ull << 30 : 96ull << 20;
    spec.limits.disk = 200ull << 20;
    spec.limits.call = std::chrono::seconds(120);
    GH_VALUE(const auto session, backend->open(spec, CancelToken()));
    execution::ExecRequest request;
    request.argv = {"/opt/tools/sandbox-hostile-case", QTest::currentDataTag()};
    const auto result = session->exec(request, nullptr, {});
    // Only memory that outlives its processes may leave the kernel nobody else to kill than the worker: the sandbox's end, by its name.
    if (!result && QByteArray(QTest::currentDataTag()) == "messages" && test::roleName() == "root") {
        QCOMPARE(result.error().code, ErrorCode::Limit);
        return;
    }
    QVERIFY2(result, result ? "" : result.error().toString().c_str());
    const execution::ExecOutcome& outcome = *result;
    const int status = test::roleName() == "root" ? rootStatus : plainStatus;
    if (status >= 0) {
        QVERIFY2(outcome.end == ExecEnd::Exited, outcome.error.head.c_str());
        QCOMPARE(outcome.status, status);
        return;
    }
    QVERIFY2(outcome.end == ExecEnd::Limit, outcome.error.head.c_str());
    QCOMPARE(int(outcome.limits.front().limit), limit);
    QVERIFY(outcome.limits.front().value >= outcome.limits.front().maximum);
    // And the sandbox still works.
    GH_VALUE(const auto next, session->exec(test::shell("exit 7"), nullptr, {}));
    if (limit != int(Limit::Disk))
        QCOMPARE(next.status, 7);
}

// The worker itself holds what a call is given. Where a cgroup holds the memory, the kernel may then find nobody else to kill: the call
// ends by its limit all the same, with the figure.
void TestLimits::theWorkersDeathByTheLimitIsTheLimit()
{
    const auto backend = test::makeBackend();
    auto spec = test::smallSpec();
    spec.limits.memory = 24ull << 20;
    GH_VALUE(const auto session, backend->open(spec, CancelToken()));
    auto request = test::shell("sleep 5");
    request.standardInput.assign(60u << 20, 'x');
    const auto outcome = session->exec(request, nullptr, {});
    if (test::roleName() != "root") { // no cgroup: the worker's own memory is not counted
        QVERIFY2(outcome, outcome ? "" : outcome.error().toString().c_str());
        QCOMPARE(outcome->status, 0);
        return;
    }
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Limit);
    QVERIFY2(outcome.error().why.format().find("limit: memory (") == 0, outcome.error().toString().c_str());
    QVERIFY2(outcome.error().why.format().find("of " + std::to_string(24 << 20)) != std::string::npos, outcome.error().toString().c_str());
    const auto next = session->exec(test::shell("exit 7"), nullptr, {});
    QVERIFY(!next);
    QCOMPARE(next.error().code, ErrorCode::Worker);
}

// The kernel's figures are of the whole sandbox: a worker that dies after a call that met the limit did not die of it.
void TestLimits::anEarlierLimitIsNoCauseOfDeath()
{
    const auto backend = test::makeBackend();
    GH_VALUE(const auto session, backend->open(test::smallSpec(), CancelToken()));
    GH_VALUE(const auto full, session->exec(test::shell("exec python3 -c 'bytearray(8<<30)'"), nullptr, {}));
    QCOMPARE(full.end, ExecEnd::Limit);
    QCOMPARE(full.limits.front().limit, Limit::Memory);
    const pid_t worker = static_cast<pid_t>(static_cast<const backends::LocalSession&>(*session).created().pid);
    std::thread killer([worker] {
        ::usleep(200'000); // the call below is under way; before or after, its worker is gone all the same
        ::kill(worker, SIGKILL);
    });
    const auto outcome = session->exec(test::shell("sleep 30"), nullptr, {});
    killer.join();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Worker);
}

void TestLimits::belowTheLimitNothingIsSaid()
{
    const auto backend = test::makeBackend();
    GH_VALUE(const auto session, backend->open(test::smallSpec(), CancelToken()));
    GH_VALUE(const auto outcome,
             session->exec(test::shell("python3 -c 'b=bytearray(300<<20)' && for i in $(seq 40); do sleep 0.2 & done; wait"), nullptr, {}));
    QVERIFY2(outcome.end == ExecEnd::Exited && outcome.status == 0, outcome.error.head.c_str());
    QVERIFY(outcome.limits.empty());
}

// A program that takes and gives back shared memory uses little at any time.
void TestLimits::sharedMappingsThatAreGoneDoNotCount()
{
    const auto backend = test::makeBackend();
    GH_VALUE(const auto session, backend->open(test::smallSpec(), CancelToken()));
    GH_VALUE(
        const auto outcome,
        session->exec(test::shell("exec python3 -c 'import mmap,time\nfor i in range(30):\n m=mmap.mmap(-1,50<<20); m[0]=1; m.close(); "
                                  "time.sleep(0.02)'"),
                      nullptr, {}));
    QVERIFY2(outcome.end == ExecEnd::Exited && outcome.status == 0, outcome.error.head.c_str());
}

// What fills a private tmpfs stays after its call; the next must be able to run.
void TestLimits::aFullSandboxIsUsableAgain()
{
    const auto backend = test::makeBackend();
    auto spec = test::smallSpec();
    spec.limits.memory = 96ull << 20;
    GH_VALUE(const auto session, backend->open(spec, CancelToken()));
    for (const char* fill : {"head -c 60m /dev/zero > /tmp/a; head -c 60m /dev/zero > /dev/shm/b; sleep 60",
                             "head -c 90m /dev/zero > $HOME/a; head -c 60m /dev/zero > /tmp/b; sleep 60"}) {
        GH_VALUE(const auto first, session->exec(test::shell(fill), nullptr, {}));
        QCOMPARE(first.end, ExecEnd::Limit);
        QCOMPARE(first.limits.front().limit, Limit::Memory);
        GH_VALUE(const auto second, session->exec(test::shell("sleep 0.5; head -c 30m /dev/zero > /tmp/c && exit 7"), nullptr, {}));
        QCOMPARE(second.end, ExecEnd::Exited);
        QCOMPARE(second.status, 7);
    }
}

// One that ends by itself, and leaves no room for another, met the limit; the one after it did nothing.
void TestLimits::whoLeavesNoRoomMetTheLimit()
{
    const auto backend = test::makeBackend();
    auto spec = test::smallSpec();
    spec.limits.memory = 96ull << 20;
    GH_VALUE(const auto session, backend->open(spec, CancelToken()));
    GH_VALUE(const auto first, session->exec(test::shell("head -c 95m /dev/zero > /tmp/a"), nullptr, {}));
    QCOMPARE(first.end, ExecEnd::Limit);
    QCOMPARE(first.limits.front().limit, Limit::Memory);
    GH_VALUE(const auto second, session->exec(test::shell("exit 7"), nullptr, {}));
    QCOMPARE(second.end, ExecEnd::Exited);
    QCOMPARE(second.status, 7);
}

void TestLimits::limitsOfOneCallDoNotTouchTheNext()
{
    const auto backend = test::makeBackend();
    GH_VALUE(const auto session, backend->open(test::smallSpec(), CancelToken()));
    GH_VALUE(const auto first, session->exec(test::shell("python3 -c 'bytearray(8<<30)'; exit 1"), nullptr, {}));
    QCOMPARE(first.end, ExecEnd::Limit);
    GH_VALUE(const auto second, session->exec(test::shell("exit 7"), nullptr, {}));
    QCOMPARE(second.end, ExecEnd::Exited);
    QCOMPARE(second.status, 7);
}

GATEHOUSE_SANDBOX_TEST_MAIN(TestLimits)
#include "tst_limits.moc"
