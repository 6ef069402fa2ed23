#include "sandbox/host/workerchannel.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/protocol/limits.h"

namespace gatehouse::host {

using Time = std::chrono::steady_clock;
using protocol::FrameType;
using std::chrono::milliseconds;

// How soon it is seen that an observer takes output again: a fast reader of much output waits for it all the time.
static constexpr int observerGlanceMs = 5;

// One call as its frames come in.
struct WorkerChannel::Running {
    std::uint64_t id = 0;
    std::uint64_t limit = 0; // bytes of output kept per stream
    bool streamed = false;
    execution::ExecObserver* observer = nullptr;
    execution::ExecOutcome outcome;
    Time::time_point deadline; // when the worker must have answered
    bool cancelled = false;
    std::optional<execution::LimitBreach> breach; // seen by the host
    bool done = false;
    std::optional<protocol::ExecDone> failed;
};

std::unexpected<Error> WorkerChannel::broke(Message why)
{
    m_broken = true;
    ::syscall(SYS_pidfd_send_signal, m_process, SIGKILL, nullptr, 0);
    return fail(ErrorCode::Worker, "sandbox", std::move(why), "The sandbox was ended");
}

std::unexpected<Error> WorkerChannel::died(Message why)
{
    m_died = !m_broken;
    return broke(std::move(why));
}

Result<void> WorkerChannel::send(FrameType type, std::uint64_t id, const std::string& payload)
{
    if (m_broken)
        return fail(ErrorCode::Worker, "sandbox", "The sandbox has ended");
    const std::string frame = protocol::encodeFrame(type, id, payload);
    if (frame.size() > protocol::maximumFrame)
        return fail(ErrorCode::InvalidInput, {}, "The command line and its environment are too long", "Pass long values in files");
    std::string_view rest = frame;
    const auto until = Time::now() + milliseconds(protocol::frameCompletionMs);
    while (!rest.empty()) {
        const ssize_t sent = ::send(m_channel.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            rest.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        const int error = sent < 0 ? errno : EPIPE;
        if (error == EINTR)
            continue;
        if (error != EAGAIN)
            return died("The worker has ended");
        pollfd wait = {m_channel.get(), POLLOUT, 0};
        const auto left = std::chrono::duration_cast<milliseconds>(until - Time::now()).count();
        if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) == 0)
            return broke("The worker does not read what is sent to it");
    }
    return {};
}

Result<void> WorkerChannel::sendParts(std::uint64_t id, const std::vector<std::string>& parts)
{
    for (std::uint32_t part = 0; part < parts.size(); ++part)
        for (std::size_t at = 0; at < parts[part].size(); at += protocol::bytesChunk)
            GH_TRY(send(FrameType::Bytes, id, protocol::encode(protocol::Bytes{part, parts[part].substr(at, protocol::bytesChunk)})));
    return {};
}

// Plain recv: descriptors a worker attaches find no room and are dropped by the kernel.
Result<void> WorkerChannel::read()
{
    std::array<char, protocol::outputChunk> buffer;
    const ssize_t got = ::recv(m_channel.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return {};
    if (got <= 0)
        return died("The worker ended in the middle of a call");
    if (auto fed = m_decoder.feed({buffer.data(), static_cast<std::size_t>(got)}); !fed)
        return broke(fed.error().why);
    return {};
}

Result<std::optional<protocol::Frame>> WorkerChannel::receive(Time::time_point until, int cancelFd)
{
    for (;;) {
        if (auto frame = m_decoder.next()) {
            m_partialSince.reset();
            return frame;
        }
        const auto now = Time::now();
        if (!m_decoder.partial())
            m_partialSince.reset();
        else if (!m_partialSince)
            m_partialSince = now;
        auto wake = until;
        if (m_partialSince) {
            const auto complete = *m_partialSince + milliseconds(protocol::frameCompletionMs);
            if (now >= complete)
                return broke("The worker began a frame and did not finish it");
            wake = std::min(wake, complete);
        }
        // Also when it is late: what has come counts.
        const auto left = now >= until ? 0 : std::chrono::duration_cast<milliseconds>(wake - now).count() + 1;
        pollfd waits[2] = {{m_channel.get(), POLLIN, 0}, {cancelFd, POLLIN, 0}};
        ::poll(waits, 2, static_cast<int>(std::min<long long>(left, 1 << 30)));
        if (waits[0].revents != 0)
            GH_TRY(read());
        else if (waits[1].revents != 0 || now >= until)
            return std::optional<protocol::Frame>();
    }
}

Result<void> WorkerChannel::awaitReady()
{
    GH_ASSIGN(const auto frame, receive(Time::now() + milliseconds(protocol::readyMs), -1));
    const auto ready = frame && frame->type == FrameType::Ready ? protocol::decodeReady(frame->payload) : std::nullopt;
    if (!ready)
        return broke("The worker did not begin as it must");
    if (ready->version != protocol::protocolVersion)
        return broke(Message("The worker speaks protocol version %1", {std::to_string(ready->version)}));
    return {};
}

Result<void> WorkerChannel::takeOutput(Running& running, const protocol::Frame& frame)
{
    const auto output = protocol::decodeOutput(frame.payload);
    if (!output)
        return broke("The worker sent output that makes no sense");
    const bool isError = output->stream == protocol::WireStream::Error;
    execution::CapturedStream& stream = isError ? running.outcome.error : running.outcome.output;
    std::string& part = frame.type == FrameType::Tail ? stream.tail : stream.head;
    const std::uint64_t limit = frame.type == FrameType::Tail ? running.limit / 2 : running.limit;
    const bool streamed = running.streamed && frame.type == FrameType::Output;
    if ((!streamed && part.size() + output->bytes.size() > limit) || (frame.type == FrameType::Output && !stream.tail.empty()))
        return broke("The worker sent more output than was asked for");
    part.append(output->bytes, 0, limit - std::min<std::uint64_t>(limit, part.size()));
    stream.total += frame.type == FrameType::Output ? output->bytes.size() : 0;
    // After a cancellation nobody waits for the observer: what it has no room for is not kept for it.
    const bool deliver = frame.type == FrameType::Output && running.observer != nullptr;
    if (deliver && (!running.cancelled || running.observer->takesOutput()))
        running.observer->outputArrived(isError ? execution::Stream::Error : execution::Stream::Output, output->bytes);
    return {};
}

// The total must agree with what came; what came beyond half of the limit is dropped for the stream's end.
static bool settle(execution::CapturedStream& stream, std::uint64_t total, std::uint64_t limit, bool streamed)
{
    if (streamed)
        return stream.total == total && stream.tail.empty();
    const bool truncated = total > limit;
    if (stream.head.size() != std::min(total, limit) || stream.tail.size() != (truncated ? limit / 2 : 0))
        return false;
    stream.total = total;
    if (truncated)
        stream.head.resize(limit - limit / 2);
    return true;
}

static execution::ExecEnd endOf(protocol::WireEnd end)
{
    switch (end) {
    case protocol::WireEnd::Exited:
        return execution::ExecEnd::Exited;
    case protocol::WireEnd::Signalled:
        return execution::ExecEnd::Signalled;
    case protocol::WireEnd::Limit:
        return execution::ExecEnd::Limit;
    case protocol::WireEnd::Cancelled:
    case protocol::WireEnd::Failed:
        break;
    }
    return execution::ExecEnd::Cancelled;
}

Result<void> WorkerChannel::takeEnd(Running& running, const protocol::Frame& frame)
{
    auto done = protocol::decodeExecDone(frame.payload);
    if (!done)
        return broke("The worker reported an end that makes no sense");
    execution::ExecOutcome& outcome = running.outcome;
    if (!settle(outcome.output, done->totalOutput, running.limit, running.streamed) ||
        !settle(outcome.error, done->totalError, running.limit, running.streamed))
        return broke("The worker's count of output is not what it sent");
    outcome.end = endOf(done->end);
    if (outcome.end == execution::ExecEnd::Cancelled && done->end == protocol::WireEnd::Cancelled && !running.cancelled)
        return broke("The worker reported a cancellation that nobody asked for");
    outcome.status = static_cast<int>(done->status);
    outcome.wall = milliseconds(std::min<std::uint64_t>(done->wallMs, 1ull << 40));
    for (const protocol::WireBreach& breach : done->breaches)
        outcome.limits.push_back({static_cast<execution::Limit>(breach.limit), breach.value, breach.maximum});
    if (done->end == protocol::WireEnd::Failed)
        running.failed = std::move(done);
    running.done = true;
    return {};
}

Result<void> WorkerChannel::take(Running& running, const protocol::Frame& frame)
{
    if (frame.id != running.id)
        return broke(Message("The worker answered request %1, which is not open", {std::to_string(frame.id)}));
    if (frame.type == FrameType::Output || frame.type == FrameType::Tail)
        return takeOutput(running, frame);
    if (frame.type == FrameType::ExecDone)
        return takeEnd(running, frame);
    return broke("The worker sent a frame that is no answer to a call");
}

Result<void> WorkerChannel::cancelIfAsked(Running& running, const CancelToken& cancel, const Watch& watch)
{
    if (running.cancelled)
        return {};
    if (watch && !running.breach)
        running.breach = watch();
    if (!cancel.cancelled() && !running.breach)
        return {};
    running.cancelled = true;
    running.deadline = std::min(running.deadline, Time::now() + milliseconds(protocol::graceMs));
    return send(FrameType::Cancel, running.id, {});
}

// The worker can't send what it would like to, which is not its fault.
void WorkerChannel::waitForObserver(Running& running, const CancelToken& cancel)
{
    const auto before = Time::now();
    pollfd wait = {cancel.fd(), POLLIN, 0};
    ::poll(&wait, 1, observerGlanceMs);
    const auto waited = Time::now() - before;
    running.deadline += waited;
    if (m_partialSince)
        *m_partialSince += waited;
}

static execution::ExecOutcome finished(execution::ExecOutcome outcome, const std::optional<execution::LimitBreach>& breach)
{
    if (breach) {
        outcome.end = execution::ExecEnd::Limit;
        outcome.limits.insert(outcome.limits.begin(), *breach);
    }
    return outcome;
}

// What was done in the last moment, after the last look and before the end.
static void addLastLook(execution::ExecOutcome& outcome, const std::optional<execution::LimitBreach>& breach)
{
    const auto same = [&](const execution::LimitBreach& known) { return known.limit == breach->limit; };
    if (!breach || std::ranges::any_of(outcome.limits, same))
        return;
    outcome.end = execution::ExecEnd::Limit;
    outcome.limits.push_back(*breach);
}

Result<execution::ExecOutcome> WorkerChannel::call(const WireCall& call, execution::ExecObserver* observer, const CancelToken& cancel,
                                                   const Watch& watch)
{
    Running running;
    running.id = ++m_lastId;
    running.limit = call.probe ? 1 << 16 : call.exec.output;
    running.streamed = !call.probe && call.exec.streamed;
    running.observer = observer;
    if (call.probe) {
        GH_TRY(send(FrameType::Probe, running.id, {}));
    } else {
        GH_TRY(send(FrameType::Exec, running.id, protocol::encode(call.exec)));
        GH_TRY(sendParts(running.id, call.parts));
        GH_TRY(send(FrameType::Start, running.id, {}));
    }
    const std::uint64_t timeout = call.probe ? 10000 : call.exec.timeoutMs;
    running.deadline = Time::now() + milliseconds(timeout) + milliseconds(protocol::graceMs);
    while (!running.done) {
        GH_TRY(cancelIfAsked(running, cancel, watch));
        if (!running.cancelled && observer != nullptr && !observer->takesOutput()) {
            waitForObserver(running, cancel);
            continue;
        }
        const auto until = watch && !running.cancelled ? std::min(running.deadline, Time::now() + watchPeriod) : running.deadline;
        GH_ASSIGN(const auto frame, receive(until, running.cancelled ? -1 : cancel.fd()));
        if (frame)
            GH_TRY(take(running, *frame));
        // One that goes on sending is late all the same; what it may still have had to say came in the grace.
        const auto last = running.deadline + (frame ? milliseconds(protocol::graceMs) : milliseconds(0));
        if (!running.done && Time::now() >= last)
            return broke("The worker did not report the end of a call in time");
    }
    if (running.failed)
        return fail(ErrorCode::Setup, "sandbox",
                    Message("A command could not be started in the sandbox: could not %1 (error %2)",
                            {running.failed->step, std::to_string(running.failed->status)}));
    if (watch && !running.cancelled)
        addLastLook(running.outcome, watch());
    return finished(std::move(running.outcome), running.breach);
}

Result<protocol::CommitDone> WorkerChannel::commit(const std::vector<protocol::CommitFile>& files, const std::vector<std::string>& contents)
{
    const std::uint64_t id = ++m_lastId;
    for (const protocol::CommitFile& file : files)
        GH_TRY(send(FrameType::CommitFile, id, protocol::encode(file)));
    GH_TRY(sendParts(id, contents));
    GH_TRY(send(FrameType::Start, id, {}));
    GH_ASSIGN(const auto frame, receive(Time::now() + milliseconds(60000), -1));
    const auto done =
        frame && frame->type == FrameType::CommitDone && frame->id == id ? protocol::decodeCommitDone(frame->payload) : std::nullopt;
    if (!done || (done->file >= files.size() && !files.empty()))
        return broke("The worker gave no proper answer to a commit");
    return *done;
}

} // namespace gatehouse::host
