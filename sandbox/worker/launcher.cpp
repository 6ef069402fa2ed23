#include "sandbox/worker/launcher.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <map>
#include <poll.h>
#include <set>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "sandbox/isolation/process.h"
#include "sandbox/isolation/step.h"
#include "sandbox/protocol/launchmessages.h"
#include "sandbox/worker/creation.h"
#include "sandbox/worker/socket.h"
#include "sandbox/worker/statefolder.h"

namespace gatehouse::worker {

namespace {

constexpr int hostChannel = 3;

class Launcher {
public:
    int run();

private:
    // False when the host is gone.
    [[nodiscard]] bool serve();
    void create(const protocol::CreateSandbox& request);
    void destroy(std::uint64_t sandbox);
    void tellEnd(std::uint64_t sandbox);
    void reapEnded();
    void reply(const protocol::LaunchReply& reply, const std::vector<int>& descriptors = {});
    [[nodiscard]] std::vector<pollfd> waits() const;

    std::map<std::uint64_t, Sandbox> m_sandboxes;
    std::uint64_t m_next = 1;
    std::set<std::string> m_swept; // folders in which nothing is left over any more
};

void Launcher::reply(const protocol::LaunchReply& reply, const std::vector<int>& descriptors)
{
    (void)sendMessage(hostChannel, protocol::encode(reply), descriptors);
}

void Launcher::create(const protocol::CreateSandbox& request)
{
    const std::uint64_t id = m_next++;
    if (request.state.empty() && m_swept.insert(request.temporaryFolder).second)
        sweepPrivateFolders(request.temporaryFolder);
    auto created = createSandbox(request, id);
    if (!created) {
        const isolation::FailedStep step = isolation::failedStep(created.error());
        return reply({std::nullopt, protocol::LaunchFailed{step.step, step.path, step.error}, std::nullopt});
    }
    Sandbox& sandbox = m_sandboxes[id] = std::move(created->sandbox);
    protocol::SandboxCreated answer = created->answer;
    answer.sandbox = id;
    std::vector<int> descriptors = {created->channel.get(), sandbox.handle.get()};
    for (const UniqueFd* folder : {&created->layer, &created->workspace})
        if (*folder)
            descriptors.push_back(folder->get());
    reply({std::move(answer), std::nullopt, std::nullopt}, descriptors);
}

void Launcher::destroy(std::uint64_t sandbox)
{
    m_sandboxes.erase(sandbox); // kills, reaps, removes its state
    reply({});
}

void Launcher::tellEnd(std::uint64_t sandbox)
{
    protocol::SandboxEnd end;
    if (const auto found = m_sandboxes.find(sandbox); found != m_sandboxes.end()) {
        found->second.end();
        end.memoryPeak = found->second.memoryPeak;
    }
    reply({std::nullopt, std::nullopt, end});
}

// A worker that ended by itself leaves its cgroup at once; its state stays until the host asks, who may still be reading it.
void Launcher::reapEnded()
{
    for (auto& [id, sandbox] : m_sandboxes) {
        pollfd wait = {sandbox.handle.get(), POLLIN, 0};
        if (sandbox.pid > 0 && ::poll(&wait, 1, 0) == 1)
            sandbox.end();
    }
}

bool Launcher::serve()
{
    auto message = receiveMessage(hostChannel);
    if (!message || message->empty())
        return false;
    const auto kind = protocol::requestKind(*message);
    if (kind == protocol::LaunchRequest::Create) {
        if (const auto request = protocol::decodeCreate(*message)) {
            create(*request);
            return true;
        }
    } else if (kind == protocol::LaunchRequest::Destroy) {
        if (const auto request = protocol::decodeDestroy(*message)) {
            destroy(request->sandbox);
            return true;
        }
    } else if (kind == protocol::LaunchRequest::AskEnd) {
        if (const auto request = protocol::decodeAskEnd(*message)) {
            tellEnd(request->sandbox);
            return true;
        }
    }
    reply({std::nullopt, protocol::LaunchFailed{"understand the request", {}, EPROTO}, std::nullopt});
    return true;
}

std::vector<pollfd> Launcher::waits() const
{
    std::vector<pollfd> waits = {{hostChannel, POLLIN, 0}};
    for (const auto& [id, sandbox] : m_sandboxes)
        if (sandbox.pid > 0)
            waits.push_back({sandbox.handle.get(), POLLIN, 0});
    return waits;
}

int Launcher::run()
{
    isolation::Cgroup::sweep(cgroupPrefix);
    for (;;) {
        std::vector<pollfd> ready = waits();
        if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR)
            return 1;
        if (ready[0].revents != 0 && !serve())
            return 0;
        if (std::any_of(ready.begin() + 1, ready.end(), [](const pollfd& wait) { return wait.revents != 0; }))
            reapEnded();
    }
}

} // namespace

int runLauncher()
{
    ::umask(077);
    std::signal(SIGPIPE, SIG_IGN);
    if (::close_range(hostChannel + 1, ~0u, 0) != 0)
        return 1;
    Launcher launcher;
    return launcher.run();
}

} // namespace gatehouse::worker
