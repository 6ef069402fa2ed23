#include "sandbox/worker/worker.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/isolation/capabilities.h"
#include "sandbox/isolation/seccomp.h"
#include "sandbox/isolation/step.h"
#include "sandbox/protocol/frame.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/protocol/messages.h"
#include "sandbox/worker/call.h"
#include "sandbox/worker/commit.h"
#include "sandbox/worker/socket.h"

namespace gatehouse::worker {

using isolation::stepFailed;

static Result<void> raiseLoopback()
{
    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request = {};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (!socket || ::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0)
        return stepFailed("raise the loopback interface", {}, errno);
    return {};
}

// A connection within the sandbox needs no megabytes of buffers: the kernel's defaults are for the world's distances.
static Result<void> limitConnectionBuffers()
{
    for (const char* path : {"/proc/sys/net/ipv4/tcp_rmem", "/proc/sys/net/ipv4/tcp_wmem"}) {
        static constexpr std::string_view sizes = "4096 65536 1048576";
        const UniqueFd fd(::open(path, O_WRONLY | O_CLOEXEC));
        if (!fd || ::write(fd.get(), sizes.data(), sizes.size()) != static_cast<ssize_t>(sizes.size()))
            return stepFailed("limit the buffers of connections", path, errno);
    }
    return {};
}

// Descriptors 0–2 are /dev/null; ours follow from 3, everything else is closed. Moved up first, so that no place is taken twice.
static Result<void> placeDescriptors(const WorkerStart& start, WorkerState& state, int& outcome)
{
    // Plain numbers: an owner would close what has taken its number by then.
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    const int proc = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (null < 0 || proc < 0)
        return stepFailed("open the view's own files", {}, errno);
    const isolation::CgroupWatch& watch = start.watch;
    std::array<int, 8> ours = {
        start.channel,           start.outcome, proc, watch.memoryEvents.get(), watch.memoryUsage.get(), watch.processEvents.get(),
        watch.socketUsage.get(), start.lock};
    for (int& fd : ours)
        if (fd >= 0 && (fd = ::fcntl(fd, F_DUPFD_CLOEXEC, 200)) < 0)
            return stepFailed("place a descriptor", {}, errno);
    for (int standard = 0; standard < 3; ++standard)
        ::dup2(null, standard);
    int place = 3;
    for (int& fd : ours)
        if (fd >= 0) {
            ::dup3(fd, place, O_CLOEXEC);
            fd = place++;
        }
    if (::close_range(static_cast<unsigned>(place), ~0u, 0) != 0)
        return stepFailed("close the other descriptors", {}, errno);
    state.channel = ours[0];
    outcome = ours[1];
    state.proc = ours[2];
    state.memoryEvents = ours[3];
    state.memoryEventsAreText = watch.memoryEventsAreText;
    state.memoryUsage = ours[4];
    state.processEvents = ours[5];
    state.socketUsage = ours[6];
    return {};
}

static Result<void> becomeReady(WorkerStart& start, WorkerState& state, int& outcome)
{
    GH_TRY(isolation::buildAndEnterView(start.view));
    GH_TRY(raiseLoopback());
    GH_TRY(limitConnectionBuffers());
    GH_TRY(isolation::keepWorkerCapabilities());
    GH_TRY(placeDescriptors(start, state, outcome));
    state.limits = start.limits;
    isolation::FilterOptions options;
    options.largestMapping = state.limits.memory;
    options.counting = state.hasCgroup() ? isolation::FilterOptions::Counting::Cgroup : isolation::FilterOptions::Counting::Ourselves;
    state.filter = isolation::buildFilter(options);
    state.keeperFilter = isolation::buildKeeperFilter();
    return {};
}

static WorkerOutcome outcomeOf(const Result<void>& result)
{
    WorkerOutcome outcome;
    outcome.ready = result.has_value();
    if (!result) {
        const isolation::FailedStep failed = isolation::failedStep(result.error());
        outcome.error = failed.error;
        std::strncpy(outcome.step, failed.step.c_str(), sizeof outcome.step - 1);
        std::strncpy(outcome.path, failed.path.c_str(), sizeof outcome.path - 1);
    }
    return outcome;
}

// One request being put together: a call or a commit, with its contents.
struct Pending {
    std::uint64_t id = 0;
    std::optional<protocol::Exec> exec;
    std::vector<protocol::CommitFile> commit;
    std::vector<std::string> parts;
};

// The host is trusted, but a frame that makes no sense here means that this worker can't be; it ends.
static bool takeBytes(Pending& pending, const protocol::Bytes& bytes)
{
    std::uint64_t size = 0;
    if (pending.exec)
        size = bytes.part == 0                         ? pending.exec->inputSize
            : bytes.part <= pending.exec->files.size() ? pending.exec->files[bytes.part - 1].second
                                                       : 0;
    else if (bytes.part < pending.commit.size())
        size = pending.commit[bytes.part].size;
    if (pending.parts.size() <= bytes.part)
        pending.parts.resize(bytes.part + 1);
    std::string& part = pending.parts[bytes.part];
    if (part.size() + bytes.bytes.size() > size)
        return false;
    part += bytes.bytes;
    return true;
}

static bool start(WorkerState& state, protocol::FrameDecoder& decoder, Pending& pending)
{
    if (!pending.exec)
        return sendAll(state.channel,
                       protocol::encodeFrame(protocol::FrameType::CommitDone, pending.id,
                                             protocol::encode(commitFiles(pending.commit, pending.parts))));
    pending.parts.resize(pending.exec->files.size() + 1);
    return runCall(state, decoder, CallRequest{pending.id, std::move(*pending.exec), std::move(pending.parts)});
}

static bool handle(WorkerState& state, protocol::FrameDecoder& decoder, Pending& pending, const protocol::Frame& frame)
{
    switch (frame.type) {
    case protocol::FrameType::Exec:
        pending = Pending{frame.id, protocol::decodeExec(frame.payload), {}, {}};
        return pending.exec.has_value();
    case protocol::FrameType::CommitFile: {
        auto file = protocol::decodeCommitFile(frame.payload);
        if (pending.id != frame.id)
            pending = Pending{frame.id, {}, {}, {}};
        if (!file || pending.commit.size() >= protocol::maximumCommitFiles)
            return false;
        pending.commit.push_back(std::move(*file));
        return true;
    }
    case protocol::FrameType::Bytes: {
        const auto bytes = protocol::decodeBytes(frame.payload);
        return bytes && frame.id == pending.id && takeBytes(pending, *bytes);
    }
    case protocol::FrameType::Start: {
        const bool known = frame.id == pending.id;
        Pending now = std::exchange(pending, {});
        return known && start(state, decoder, now);
    }
    case protocol::FrameType::Probe:
        return runProbe(state, decoder, frame.id);
    case protocol::FrameType::Cancel:
        return true; // came after its call had ended
    default:
        return false;
    }
}

static void serve(WorkerState& state)
{
    protocol::FrameDecoder decoder;
    Pending pending;
    std::string buffer(protocol::bytesChunk, '\0');
    for (;;) {
        while (auto frame = decoder.next())
            if (!handle(state, decoder, pending, *frame))
                return;
        const ssize_t got = ::recv(state.channel, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || !decoder.feed(std::string_view(buffer).substr(0, static_cast<std::size_t>(got))))
            return;
    }
}

void runWorker(WorkerStart& start)
{
    std::signal(SIGPIPE, SIG_IGN);
    WorkerState state;
    int outcomeFd = start.outcome;
    const WorkerOutcome outcome = outcomeOf(becomeReady(start, state, outcomeFd));
    if (::write(outcomeFd, &outcome, sizeof outcome) != sizeof outcome || !outcome.ready)
        ::_exit(1);
    ::close(outcomeFd);
    if (sendAll(state.channel,
                protocol::encodeFrame(protocol::FrameType::Ready, 0, protocol::encode(protocol::Ready{protocol::protocolVersion}))))
        serve(state);
    ::_exit(0);
}

} // namespace gatehouse::worker
