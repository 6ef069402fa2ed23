#include "sandbox/worker/call.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/isolation/process.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/worker/commandline.h"
#include "sandbox/worker/limitwatch.h"
#include "sandbox/worker/outputbuffer.h"
#include "sandbox/worker/probe.h"
#include "sandbox/worker/session.h"
#include "sandbox/worker/socket.h"

namespace gatehouse::worker {

namespace {

using Time = std::chrono::steady_clock;
using protocol::WireEnd;
using protocol::WireLimit;
using protocol::WireStream;

// What waits for a slow host; beyond it the command's own writes wait, as on any pipe.
constexpr std::size_t mostOutgoing = 256 * 1024;

struct Ends {
    UniqueFd reading;
    UniqueFd writing;
    [[nodiscard]] bool make()
    {
        int both[2];
        if (::pipe2(both, O_CLOEXEC) != 0)
            return false;
        reading.reset(both[0]);
        writing.reset(both[1]);
        return true;
    }
};

OutputBuffer outputBuffer(const CallRequest& request)
{
    return {request.exec.output, request.exec.streamed ? OutputBuffer::Mode::Streamed : OutputBuffer::Mode::Kept};
}

class Call {
public:
    Call(const WorkerState& state, protocol::FrameDecoder& decoder, const CallRequest& request)
        : m_state(state), m_decoder(decoder), m_request(request), m_streams{outputBuffer(request), outputBuffer(request)}, m_limits(state)
    {
    }
    [[nodiscard]] bool run(void (*inPlace)());

private:
    [[nodiscard]] bool start(void (*inPlace)());
    [[nodiscard]] bool step();
    [[nodiscard]] int waitMs() const;
    // False when nothing came.
    bool readStream(int index);
    void drainStreams();
    void feedInput();
    bool readStatus();
    [[nodiscard]] bool readHost();
    [[nodiscard]] bool obeyHost();
    void obeyLimits();
    void end(WireEnd how);
    void settle();
    [[nodiscard]] bool answer();
    [[nodiscard]] std::uint64_t wallMs() const;
    void send(protocol::FrameType type, std::string_view payload);
    void flush();
    void loseHost();

    const WorkerState& m_state;
    protocol::FrameDecoder& m_decoder;
    const CallRequest& m_request;
    OutputBuffer m_streams[2];
    Ends m_pipes[2];
    Ends m_input;
    Ends m_status;
    isolation::ClonedProcess m_session;
    std::string m_outgoing; // frames that the host has not taken yet
    std::size_t m_inputSent = 0;
    Time::time_point m_begin = Time::now();
    LimitWatch m_limits;
    protocol::ExecDone m_done;
    bool m_ended = false; // something of ours decided the end
    bool m_hostGone = false;
};

std::uint64_t Call::wallMs() const
{
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(Time::now() - m_begin).count());
}

void Call::send(protocol::FrameType type, std::string_view payload)
{
    if (m_hostGone)
        return;
    m_outgoing += protocol::encodeFrame(type, m_request.id, payload);
    flush();
}

// As much as the host takes now: a host that does not read must not keep us from the command's limits.
void Call::flush()
{
    const auto sent = sendSome(m_state.channel, m_outgoing);
    if (!sent)
        return loseHost();
    m_outgoing.erase(0, *sent);
}

void Call::loseHost()
{
    m_hostGone = true;
    m_outgoing.clear();
    end(WireEnd::Cancelled);
}

bool Call::start(void (*inPlace)())
{
    const bool hasInput = !m_request.parts[0].empty();
    if (!m_pipes[0].make() || !m_pipes[1].make() || !m_status.make() || (hasInput && !m_input.make()))
        return false;
    const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const CommandLine command(m_request, inPlace);
    SessionPlan plan = command.plan(m_state);
    plan.standard[0] = hasInput ? m_input.reading.get() : nothing.get();
    plan.standard[1] = m_pipes[0].writing.get();
    plan.standard[2] = m_pipes[1].writing.get();
    plan.status = m_status.writing.get();
    auto session = isolation::cloneProcess(CLONE_NEWPID | CLONE_NEWNS, SIGCHLD);
    if (!session)
        return false;
    if (session->pid == 0)
        runSession(plan);
    m_session = std::move(*session);
    m_limits.setKeeper(m_session.pid);
    for (UniqueFd* ours : {&m_pipes[0].writing, &m_pipes[1].writing, &m_status.writing, &m_input.reading})
        ours->reset();
    for (const UniqueFd* fd : {&m_pipes[0].reading, &m_pipes[1].reading, &m_status.reading, &m_input.writing})
        if (*fd)
            ::fcntl(fd->get(), F_SETFL, O_NONBLOCK);
    return true;
}

void Call::end(WireEnd how)
{
    if (!m_ended)
        m_done.end = how;
    m_ended = true;
    ::syscall(SYS_pidfd_send_signal, m_session.handle.get(), SIGKILL, nullptr, 0);
}

void Call::obeyLimits()
{
    if (m_limits.hit() && !m_ended)
        end(WireEnd::Limit);
}

bool Call::readStream(int index)
{
    char buffer[protocol::outputChunk];
    const ssize_t got = ::read(m_pipes[index].reading.get(), buffer, sizeof buffer);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        m_pipes[index].reading.reset();
    if (got <= 0)
        return false;
    const std::string_view now = m_streams[index].take({buffer, static_cast<std::size_t>(got)});
    if (!now.empty())
        send(protocol::FrameType::Output, protocol::encode(protocol::Output{static_cast<WireStream>(index), std::string(now)}));
    return true;
}

// After the session's death: what is still in the pipes, which nobody can write to any more. Their end need not come: a write end
// that was sent through a socket to that socket itself stays open until the kernel finds it.
void Call::drainStreams()
{
    for (int index = 0; index < 2; ++index)
        while (m_pipes[index].reading && readStream(index)) { }
}

void Call::feedInput()
{
    const std::string& input = m_request.parts[0];
    const ssize_t sent = ::write(m_input.writing.get(), input.data() + m_inputSent, input.size() - m_inputSent);
    if (sent > 0)
        m_inputSent += static_cast<std::size_t>(sent);
    if ((sent < 0 && errno != EAGAIN && errno != EINTR) || m_inputSent == input.size())
        m_input.writing.reset();
}

// False when nothing came.
bool Call::readStatus()
{
    SessionStatus status;
    const ssize_t got = ::read(m_status.reading.get(), &status, sizeof status);
    if (got != sizeof status) {
        if (got >= 0 || errno != EAGAIN)
            m_status.reading.reset();
        return false;
    }
    switch (status.kind) {
    case SessionStatus::Kind::Refused:
    case SessionStatus::Kind::Shared:
    case SessionStatus::Kind::TooMany:
        m_limits.take(status);
        return true;
    case SessionStatus::Kind::StepFailed:
        status.step[sizeof status.step - 1] = '\0';
        m_done.step = status.step;
        m_done.end = WireEnd::Failed;
        break;
    case SessionStatus::Kind::Exited:
    case SessionStatus::Kind::Signalled:
        if (m_ended)
            return true;
        m_done.end = status.kind == SessionStatus::Kind::Exited ? WireEnd::Exited : WireEnd::Signalled;
        break;
    }
    m_done.status = status.value;
    return true;
}

// False when the host is gone or nonsensical; during a call it may only cancel it.
bool Call::readHost()
{
    char buffer[4096];
    const ssize_t got = ::recv(m_state.channel, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    return got > 0 && m_decoder.feed({buffer, static_cast<std::size_t>(got)}) && obeyHost();
}

// Frames that are here already; a cancellation may have come together with its call.
bool Call::obeyHost()
{
    while (const auto frame = m_decoder.next()) {
        if (frame->type != protocol::FrameType::Cancel)
            return false;
        if (frame->id == m_request.id)
            end(WireEnd::Cancelled);
    }
    return true;
}

int Call::waitMs() const
{
    if (m_ended)
        return -1; // the kill is on its way; the session's end is what is waited for
    const auto deadline = m_begin + std::chrono::milliseconds(m_request.exec.timeoutMs);
    const auto next = std::min(deadline, m_limits.nextTick());
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - Time::now()).count() + 1;
    return static_cast<int>(std::clamp<long long>(left, 0, 1 << 30));
}

// One round of waiting; false when the session is gone.
bool Call::step()
{
    const bool mayRead = m_outgoing.size() < mostOutgoing;
    const short hostEvents = m_outgoing.empty() ? POLLIN : POLLIN | POLLOUT;
    enum { Out, Err, Status, Session, Host, Input, Memory, Processes, Count };
    pollfd waits[Count] = {
        {mayRead ? m_pipes[0].reading.get() : -1, POLLIN, 0},
        {mayRead ? m_pipes[1].reading.get() : -1, POLLIN, 0},
        {m_status.reading.get(), POLLIN, 0},
        {m_session.handle.get(), POLLIN, 0},
        {m_hostGone ? -1 : m_state.channel, hostEvents, 0},
        {m_input.writing.get(), POLLOUT, 0},
        // Version 2's file is always readable: it is looked at on ticks.
        {m_ended || m_state.memoryEventsAreText ? -1 : m_state.memoryEvents, POLLIN, 0},
        {m_ended ? -1 : m_state.processEvents, POLLPRI, 0},
    };
    if (::poll(waits, Count, waitMs()) < 0 && errno != EINTR)
        return false;
    for (int index = 0; index < 2; ++index)
        if (waits[index].revents != 0)
            readStream(index);
    if (waits[Status].revents != 0)
        readStatus();
    if (waits[Input].revents != 0)
        feedInput();
    if ((waits[Host].revents & POLLOUT) != 0)
        flush();
    if ((waits[Host].revents & ~POLLOUT) != 0 && !readHost())
        loseHost();
    if (waits[Memory].revents != 0 || (waits[Processes].revents & POLLPRI) != 0)
        m_limits.readCgroup();
    if (!m_ended && wallMs() >= m_request.exec.timeoutMs)
        m_limits.breach(WireLimit::Call, wallMs(), m_request.exec.timeoutMs);
    if (!m_ended && Time::now() >= m_limits.nextTick())
        m_limits.tick();
    obeyLimits();
    return waits[Session].revents == 0;
}

bool Call::answer()
{
    if (m_limits.hit()) {
        m_done.end = WireEnd::Limit;
        m_done.status = 0;
        m_done.step.clear();
        m_done.breaches = m_limits.breaches();
    }
    m_done.wallMs = wallMs();
    m_done.totalOutput = m_streams[0].total();
    m_done.totalError = m_streams[1].total();
    for (int index = 0; index < 2; ++index) {
        const std::string tail = m_streams[index].tail();
        for (std::size_t at = 0; at < tail.size(); at += protocol::outputChunk)
            send(protocol::FrameType::Tail,
                 protocol::encode(protocol::Output{static_cast<WireStream>(index), tail.substr(at, protocol::outputChunk)}));
    }
    send(protocol::FrameType::ExecDone, protocol::encode(m_done));
    // Nothing runs any more: now the host may take its time.
    return !m_hostGone && sendAll(m_state.channel, m_outgoing);
}

// Nothing of the session is left: what it said last, and what its limits say of it.
void Call::settle()
{
    ::waitpid(m_session.pid, nullptr, 0);
    drainStreams();
    while (m_status.reading && readStatus()) { }
    if (m_done.end != WireEnd::Failed)
        m_done.step.clear();
    m_limits.judgeEnd(m_done.end, m_done.status);
    m_limits.clearAfter();
}

bool Call::run(void (*inPlace)())
{
    m_done.end = WireEnd::Failed;
    m_done.step = "start a session";
    m_limits.checkBefore();
    if (m_limits.hit()) {
        m_limits.clearAfter();
        return answer();
    }
    if (!start(inPlace)) {
        m_done.status = errno;
        return answer();
    }
    if (!obeyHost())
        loseHost();
    while (step()) { }
    settle();
    return answer();
}

} // namespace

bool runCall(const WorkerState& state, protocol::FrameDecoder& decoder, const CallRequest& request)
{
    return Call(state, decoder, request).run(nullptr);
}

bool runProbe(const WorkerState& state, protocol::FrameDecoder& decoder, std::uint64_t id)
{
    CallRequest request;
    request.id = id;
    request.exec.argv = {"probe"};
    request.exec.workdir = "/";
    request.exec.timeoutMs = 10000;
    request.exec.output = 1 << 16;
    request.parts = {std::string()};
    return Call(state, decoder, request).run(probeFromInside);
}

} // namespace gatehouse::worker
