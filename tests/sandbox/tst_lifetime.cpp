// Nothing outlives its sandbox, its host or its launcher; a worker that dies is an error, not a result.
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace gatehouse;

// Processes and threads come and go while we look: what vanishes is not there.
static std::set<pid_t> childrenOf(pid_t of)
{
    std::set<pid_t> found;
    std::error_code error;
    for (std::filesystem::directory_iterator task("/proc/" + std::to_string(of) + "/task", error), end; !error && task != end;
         task.increment(error)) {
        FILE* file = std::fopen((task->path() / "children").c_str(), "re");
        int child = 0;
        while (file != nullptr && std::fscanf(file, "%d", &child) == 1)
            found.insert(child);
        if (file != nullptr)
            std::fclose(file);
    }
    return found;
}

static std::set<pid_t> descendants(pid_t of)
{
    std::set<pid_t> found = childrenOf(of);
    for (const pid_t child : childrenOf(of))
        found.merge(descendants(child));
    return found;
}

static bool alive(pid_t pid)
{
    FILE* file = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "re");
    char state = 'Z';
    if (file == nullptr)
        return false;
    if (std::fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    std::fclose(file);
    return state != 'Z' && state != 'X';
}

static int aliveOf(const std::set<pid_t>& pids)
{
    return static_cast<int>(std::count_if(pids.begin(), pids.end(), alive));
}

class TestLifetime : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void closeEndsEverything();
    void killedHost();
    void killedLauncher();
    void hostWithoutStreams();
    void killedWorkerIsAnError();
    void closeDuringACall();
    void leavesNothingBehind();
};

void TestLifetime::closeEndsEverything()
{
    const auto backend = test::makeBackend();
    GH_VERIFY(backend->start());
    const std::set<pid_t> before = descendants(::getpid());
    {
        GH_VALUE(const auto session, backend->open(test::smallSpec(), CancelToken()));
        QVERIFY(descendants(::getpid()).size() > before.size());
        session->close();
        session->close();
        QCOMPARE(descendants(::getpid()), before);
        QCOMPARE(session->exec(test::shell("true"), nullptr, {}).error().code, ErrorCode::Worker);
    }
}

// A host in a process of its own, with a call in progress that hides from signals. Returns its pid when the call runs.
static pid_t startHost(const std::string& folder)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    const std::string program = test::hostCaseProgram();
    const std::string worker = test::workerProgram();
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::setenv("TMPDIR", folder.c_str(), 1);
        ::dup2(ends[1], 2);
        ::execl(program.c_str(), "sandbox-host-case", worker.c_str(), "--", "sh", "-c",
                "trap '' TERM HUP INT; (setsid sh -c 'trap \"\" TERM; sleep 1000; sleep 1000' &); echo up >&2; sleep 1000", nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    char buffer[64] = {};
    (void)!::read(ends[0], buffer, sizeof buffer); // "open"; the pipe stays, so that the host can say its error
    return pid;
}

static void awaitProcesses(pid_t host, std::size_t count)
{
    QElapsedTimer timer;
    timer.start();
    while (descendants(host).size() < count && timer.elapsed() < 10000)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

static void verifyGone(pid_t killed, const std::set<pid_t>& all)
{
    QElapsedTimer timer;
    QVERIFY(all.size() >= 5);
    timer.start();
    ::kill(killed, SIGKILL);
    while (aliveOf(all) > 0 && timer.elapsed() < 5000)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    QCOMPARE(aliveOf(all), 0);
    QVERIFY(timer.elapsed() <= 1000);
}

void TestLifetime::killedHost()
{
    test::TemporaryFolder folder;
    const pid_t host = startHost(folder.path());
    awaitProcesses(host, 5); // launcher, worker, session, shell, sleep
    std::set<pid_t> all = descendants(host);
    verifyGone(host, all);
    ::waitpid(host, nullptr, 0);
    // The launcher lived long enough to remove the sandbox's private state.
    QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::is_empty(folder.path()), 2000);
}

void TestLifetime::killedLauncher()
{
    test::TemporaryFolder folder;
    const pid_t host = startHost(folder.path());
    awaitProcesses(host, 5);
    const std::set<pid_t> all = descendants(host);
    QVERIFY(!all.empty());
    const std::set<pid_t> started = childrenOf(host);
    QCOMPARE(started.size(), std::size_t(1));
    const pid_t launcher = *started.begin();
    verifyGone(launcher, all);
    int status = 0;
    ::waitpid(host, &status, 0);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 70); // an error, said
    // Its folder is left over; the next launcher removes it, once it is surely nobody's.
    const auto isPrivate = [](const auto& entry) { return entry.path().filename().string().starts_with("gatehouse-"); };
    const auto countLeft = [&] { return std::ranges::count_if(std::filesystem::directory_iterator(folder.path()), isPrivate); };
    QCOMPARE(countLeft(), 1);
    const timespec past[2] = {{1, 0}, {1, 0}};
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        QCOMPARE(::utimensat(AT_FDCWD, entry.path().c_str(), past, 0), 0);
    backends::LocalOptions options;
    options.worker = test::workerProgram();
    options.temporaryFolder = folder.path();
    const auto backend = backends::makeLocalBackend(options);
    GH_VALUE(const auto next, backend->open(test::smallSpec(), CancelToken()));
    QCOMPARE(countLeft(), 1); // its own
}

void TestLifetime::hostWithoutStreams()
{
    const std::string program = test::hostCaseProgram();
    const std::string worker = test::workerProgram();
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::close_range(0, 2, 0);
        ::execl(program.c_str(), "sandbox-host-case", worker.c_str(), "--", "sh", "-c", "cat; echo x && echo y >&2 && exit 7", nullptr);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 7);
}

void TestLifetime::killedWorkerIsAnError()
{
    const auto backend = test::makeBackend();
    GH_VERIFY(backend->probe());
    const std::set<pid_t> before = descendants(::getpid());
    GH_VALUE(const auto session, backend->open(test::smallSpec(), CancelToken()));
    std::set<pid_t> made = descendants(::getpid());
    std::erase_if(made, [&before](pid_t pid) { return before.contains(pid); });
    QCOMPARE(made.size(), std::size_t(1));
    const pid_t worker = *made.begin();
    std::thread killer([worker] {
        while (descendants(worker).size() < 2)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        ::kill(worker, SIGKILL);
    });
    const auto outcome = session->exec(test::shell("sleep 1000"), nullptr, {});
    killer.join();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Worker);
    QVERIFY(!session->exec(test::shell("true"), nullptr, {}));
    // Another one works.
    GH_VALUE(const auto other, backend->open(test::smallSpec(), CancelToken()));
    GH_VERIFY(other->exec(test::shell("true"), nullptr, {}));
}

void TestLifetime::closeDuringACall()
{
    const auto backend = test::makeBackend();
    GH_VALUE(const auto session, backend->open(test::smallSpec(), CancelToken()));
    std::thread closer([&session] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        session->close();
    });
    const auto outcome = session->exec(test::shell("sleep 1000"), nullptr, {});
    closer.join();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Worker);
}

static int openDescriptors()
{
    return static_cast<int>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

void TestLifetime::leavesNothingBehind()
{
    test::TemporaryFolder folder;
    backends::LocalOptions options;
    options.worker = test::workerProgram();
    options.temporaryFolder = folder.path();
    const auto backend = backends::makeLocalBackend(options);
    GH_VERIFY(backend->probe());
    const int before = openDescriptors();
    for (int i = 0; i < 20; ++i) {
        GH_VALUE(const auto session, backend->open(test::smallSpec(), CancelToken()));
        GH_VERIFY(session->exec(
            test::shell("mkdir -p a/b; echo x > a/b/c; chmod 000 a/b a; i=0; while [ $i -lt 90 ]; do mkdir x; cd x; i=$((i+1)); done"),
            nullptr, {}));
    }
    QCOMPARE(openDescriptors(), before);
    QVERIFY(std::filesystem::is_empty(folder.path()));
    QCOMPARE(descendants(::getpid()).size(), std::size_t(1)); // the launcher
}

GATEHOUSE_SANDBOX_TEST_MAIN(TestLifetime)
#include "tst_lifetime.moc"
