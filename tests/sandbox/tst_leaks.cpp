// What a thousand sandboxes leave behind: nothing. And that sixty-four live at once.
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <unistd.h>

using namespace gatehouse;

namespace {

namespace files = std::filesystem;

// What vanishes while it is counted is not there.
std::size_t entriesOf(const std::string& folder)
{
    std::size_t count = 0;
    std::error_code error;
    for (files::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        ++count;
    return count;
}

std::size_t linesOf(const std::string& file)
{
    std::ifstream in(file);
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);)
        ++count;
    return count;
}

// Our child, of which there is one: the launcher.
std::string launcher()
{
    std::ifstream in("/proc/self/task/" + std::to_string(::getpid()) + "/children");
    std::string pid;
    in >> pid;
    return pid;
}

std::size_t processesBelow(const std::string& pid)
{
    std::size_t count = 0;
    std::error_code error;
    for (files::directory_iterator task("/proc/" + pid + "/task", error), end; !error && task != end; task.increment(error)) {
        std::ifstream in(task->path() / "children");
        for (std::string child; in >> child;)
            count += 1 + processesBelow(child);
    }
    return count;
}

std::size_t ourCgroups()
{
    std::size_t count = 0;
    std::error_code error;
    files::recursive_directory_iterator entry("/sys/fs/cgroup", files::directory_options::skip_permission_denied, error);
    for (const files::recursive_directory_iterator end; !error && entry != end; entry.increment(error)) {
        if (entry.depth() > 4)
            entry.disable_recursion_pending();
        count += entry->is_directory(error) && entry->path().filename().string().starts_with("gatehouse-") ? 1 : 0;
    }
    return count;
}

// Each kind of thing of which a sandbox has some. Namespaces live as long as a process, a descriptor or a mount holds them.
struct Held {
    std::size_t descriptors;
    std::size_t launcherDescriptors;
    std::size_t mounts;
    std::size_t launcherMounts;
    std::size_t processes;
    std::size_t cgroups;
    std::size_t leftovers;
    bool operator==(const Held&) const = default;

    static Held now(const std::string& folder)
    {
        const std::string child = launcher();
        return {entriesOf("/proc/self/fd"),
                entriesOf("/proc/" + child + "/fd"),
                linesOf("/proc/self/mountinfo"),
                linesOf("/proc/" + child + "/mountinfo"),
                processesBelow(child),
                ourCgroups(),
                entriesOf(folder)};
    }
    [[nodiscard]] std::string text() const
    {
        std::string all;
        for (const std::size_t each : {descriptors, launcherDescriptors, mounts, launcherMounts, processes, cgroups, leftovers})
            all += std::to_string(each) + ' ';
        return all;
    }
};

backends::LocalOptions optionsOf(const std::string& folder)
{
    backends::LocalOptions options;
    options.worker = test::workerProgram();
    options.temporaryFolder = folder;
    return options;
}

} // namespace

class TestLeaks : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aThousandSandboxes();
    void sixtyFourAtOnce();
};

void TestLeaks::aThousandSandboxes()
{
    test::TemporaryFolder folder;
    const std::string state = folder.path("state");
    files::create_directory(state);
    const auto backend = backends::makeLocalBackend(optionsOf(state));
    GH_VERIFY(backend->probe()); // what is made once is there
    const Held before = Held::now(state);
    QVERIFY2(before.launcherDescriptors > 0 && before.launcherMounts > 0, before.text().c_str());
    const test::TemporaryFolder workspace;
    std::ofstream(workspace.path("file")) << "text";
    for (int i = 0; i < 1000; ++i) {
        // Every so often one that does something, and one that ends in the middle of it.
        execution::SandboxSpec spec = test::smallSpec(workspace.path());
        spec.limits.call = std::chrono::milliseconds(i % 50 == 1 ? 50 : 30000);
        GH_VALUE(const auto session, backend->open(spec, CancelToken()));
        if (i % 10 == 0)
            GH_VERIFY(session->exec(test::shell("echo more >> file; mkdir -p a/b; (setsid sleep 100 &); :"), nullptr, {}));
        if (i % 50 == 1)
            GH_VERIFY(session->exec(test::shell("sleep 100"), nullptr, {}));
    }
    Held after = Held::now(state);
    // The kernel takes a cgroup's last process out of it within a tick.
    for (int wait = 0; wait < 100 && after != before; ++wait) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        after = Held::now(state);
    }
    QVERIFY2(after == before, ("before: " + before.text() + "after: " + after.text()).c_str());
}

void TestLeaks::sixtyFourAtOnce()
{
    constexpr int count = 64;
    test::TemporaryFolder folder;
    const std::string state = folder.path("state");
    files::create_directory(state);
    const auto backend = backends::makeLocalBackend(optionsOf(state));
    GH_VERIFY(backend->probe());
    const Held before = Held::now(state);
    std::vector<std::unique_ptr<execution::SandboxSession>> sessions(count);
    std::vector<std::jthread> threads;
    std::atomic<int> right = 0;
    std::atomic<int> open = 0;
    std::atomic<int> failed = 0;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            auto session = backend->open(test::smallSpec(), CancelToken());
            if (!session) {
                ++failed;
                return;
            }
            sessions[std::size_t(i)] = std::move(*session);
            ++open;
            while (open + failed < count)
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            // All of them are there; each has its own files and sees nobody else's processes.
            const std::string number = std::to_string(i);
            const auto outcome = sessions[std::size_t(i)]->exec(
                test::shell("echo " + number + " > /tmp/mine; sleep 0.2; cat /tmp/mine; ls /proc | grep -c '^[0-9]'"), nullptr, {});
            const std::string said = outcome ? outcome->output.head : std::string();
            right += said.starts_with(number + "\n") && std::atoi(said.c_str() + number.size() + 1) <= 5 ? 1 : 0;
        });
    threads.clear();
    QCOMPARE(open.load(), count);
    QCOMPARE(right.load(), count);
    sessions.clear();
    Held after = Held::now(state);
    for (int wait = 0; wait < 100 && after != before; ++wait) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        after = Held::now(state);
    }
    QVERIFY2(after == before, ("before: " + before.text() + "after: " + after.text()).c_str());
}

GATEHOUSE_SANDBOX_TEST_MAIN(TestLeaks)
#include "tst_leaks.moc"
