#include "sandbox/worker/call.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/isolation/process.h"
#include "sandbox/isolation/step.h"
#include "sandbox/isolation/view.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/worker/outputbuffer.h"
#include "sandbox/worker/probe.h"
#include "sandbox/worker/session.h"
#include "sandbox/worker/socket.h"
#include "sandbox/worker/watcher.h"

namespace gatehouse::worker {

namespace {

using Time = std::chrono::steady_clock;
using protocol::WireEnd;
using protocol::WireLimit;
using protocol::WireStream;

// How often usage is read where no cgroup counts: a process fills at most some 40 MiB in that time.
constexpr int tickMs = 20;
// How often a cgroup's refused forks are read: version 1 announces them to nobody.
constexpr int eventTickMs = 100;

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

class Call {
public:
    Call(const WorkerState& state, protocol::FrameDecoder& decoder, const CallRequest& request)
        : m_state(state),
          m_decoder(decoder),
          m_request(request),
          m_streams{OutputBuffer(request.exec.output), OutputBuffer(request.exec.output)}
    {
    }
    [[nodiscard]] bool run(void (*inPlace)());

private:
    [[nodiscard]] bool start(void (*inPlace)());
    [[nodiscard]] bool step();
    [[nodiscard]] int waitMs() const;
    void readStream(int index);
    void drainStreams();
    void feedInput();
    void readStatus();
    [[nodiscard]] bool readHost();
    [[nodiscard]] bool obeyHost();
    void readCgroup();
    void measure();
    void tick();
    void breach(WireLimit limit, std::uint64_t value, std::uint64_t maximum);
    void end(WireEnd how);
    [[nodiscard]] bool answer();
    [[nodiscard]] std::uint64_t processEvents() const;
    [[nodiscard]] std::uint64_t wallMs() const;
    void send(protocol::FrameType type, std::string_view payload);

    const WorkerState& m_state;
    protocol::FrameDecoder& m_decoder;
    const CallRequest& m_request;
    OutputBuffer m_streams[2];
    Ends m_pipes[2];
    Ends m_input;
    Ends m_status;
    isolation::ClonedProcess m_session;
    std::size_t m_inputSent = 0;
    std::uint64_t m_processEventsBefore = 0;
    std::uint64_t m_refused = 0;
    Time::time_point m_begin = Time::now();
    Time::time_point m_nextTick = m_begin;
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
    if (!m_hostGone && !sendAll(m_state.channel, protocol::encodeFrame(type, m_request.id, payload))) {
        m_hostGone = true;
        end(WireEnd::Cancelled);
    }
}

// argv[0] without a slash is looked up on the environment's PATH.
std::vector<std::string> candidatesFor(const protocol::Exec& exec)
{
    const std::string& name = exec.argv[0];
    if (name.find('/') != std::string::npos)
        return {name};
    std::vector<std::string> candidates;
    for (const std::string& variable : exec.environment) {
        if (!variable.starts_with("PATH="))
            continue;
        std::size_t from = 5;
        while (from <= variable.size()) {
            const std::size_t colon = std::min(variable.find(':', from), variable.size());
            if (colon > from && !name.empty())
                candidates.push_back(variable.substr(from, colon - from) + '/' + name);
            from = colon + 1;
        }
    }
    return candidates;
}

std::vector<char*> pointersTo(const std::vector<std::string>& strings)
{
    std::vector<char*> pointers;
    for (const std::string& text : strings)
        pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

bool Call::start(void (*inPlace)())
{
    const bool hasInput = !m_request.parts[0].empty();
    if (!m_pipes[0].make() || !m_pipes[1].make() || !m_status.make() || (hasInput && !m_input.make()))
        return false;
    std::vector<std::string> environment = m_request.exec.environment;
    for (std::size_t i = 0; i < m_request.exec.files.size(); ++i)
        environment.push_back(m_request.exec.files[i].first + '=' + isolation::inputFolder + '/' + std::to_string(i + 1));
    const UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    SessionPlan plan;
    plan.state = &m_state;
    plan.inPlace = inPlace;
    if (inPlace == nullptr)
        plan.candidates = candidatesFor(m_request.exec);
    plan.argv = pointersTo(m_request.exec.argv);
    plan.environment = pointersTo(environment);
    plan.workdir = m_request.exec.workdir;
    plan.files.assign(m_request.parts.begin() + 1, m_request.parts.end());
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

// The first cause comes first; each limit is reported once.
void Call::breach(WireLimit limit, std::uint64_t value, std::uint64_t maximum)
{
    const auto same = [limit](const protocol::WireBreach& known) { return known.limit == limit; };
    if (std::none_of(m_done.breaches.begin(), m_done.breaches.end(), same))
        m_done.breaches.push_back({limit, static_cast<std::int64_t>(value), static_cast<std::int64_t>(maximum)});
    end(WireEnd::Limit);
}

void Call::readStream(int index)
{
    char buffer[protocol::outputChunk];
    const ssize_t got = ::read(m_pipes[index].reading.get(), buffer, sizeof buffer);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        m_pipes[index].reading.reset();
    if (got <= 0)
        return;
    const std::string_view now = m_streams[index].take({buffer, static_cast<std::size_t>(got)});
    if (!now.empty())
        send(protocol::FrameType::Output, protocol::encode(protocol::Output{static_cast<WireStream>(index), std::string(now)}));
}

// After the session's death: what is still in the pipes, which nobody can write to any more.
void Call::drainStreams()
{
    for (int index = 0; index < 2; ++index)
        while (m_pipes[index].reading)
            readStream(index);
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

void Call::readStatus()
{
    SessionStatus status;
    const ssize_t got = ::read(m_status.reading.get(), &status, sizeof status);
    if (got != sizeof status) {
        if (got >= 0 || errno != EAGAIN)
            m_status.reading.reset();
        return;
    }
    switch (status.kind) {
    case SessionStatus::Kind::Refused:
        m_refused = std::max(m_refused, status.figure);
        return;
    case SessionStatus::Kind::StepFailed:
        status.step[sizeof status.step - 1] = '\0';
        m_done.step = status.step;
        m_done.end = WireEnd::Failed;
        break;
    case SessionStatus::Kind::Exited:
    case SessionStatus::Kind::Signalled:
        if (m_ended)
            return;
        m_done.end = status.kind == SessionStatus::Kind::Exited ? WireEnd::Exited : WireEnd::Signalled;
        break;
    }
    m_done.status = status.value;
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

// The figure behind "max" in pids.events.
std::uint64_t Call::processEvents() const
{
    char buffer[256] = {};
    if (m_state.processEvents < 0 || ::pread(m_state.processEvents, buffer, sizeof buffer - 1, 0) <= 0)
        return 0;
    const char* at = std::strstr(buffer, "max ");
    return at != nullptr ? std::strtoull(at + 4, nullptr, 10) : 0;
}

static std::uint64_t readNumber(int fd)
{
    char buffer[64] = {};
    return fd >= 0 && ::pread(fd, buffer, sizeof buffer - 1, 0) > 0 ? std::strtoull(buffer, nullptr, 10) : 0;
}

void Call::readCgroup()
{
    std::uint64_t count = 0;
    pollfd memory = {m_state.memoryEvents, POLLIN, 0};
    if (m_state.hasCgroup() && ::poll(&memory, 1, 0) == 1 && ::read(m_state.memoryEvents, &count, sizeof count) > 0)
        breach(WireLimit::Memory, std::max(readNumber(m_state.memoryUsage), m_state.limits.memory), m_state.limits.memory);
    if (processEvents() > m_processEventsBefore)
        breach(WireLimit::Processes, m_state.limits.processes + 1, m_state.limits.processes);
}

void Call::measure()
{
    const Usage usage = measureUsage(m_state.proc, m_state.limits.memory);
    if (usage.memory > m_state.limits.memory)
        breach(WireLimit::Memory, usage.memory, m_state.limits.memory);
    else if (usage.memory > m_state.limits.memory / 4 && hostMemoryIsShort(m_state.proc))
        breach(WireLimit::Memory, usage.memory, m_state.limits.memory);
    if (usage.processes > m_state.limits.processes)
        breach(WireLimit::Processes, usage.processes, m_state.limits.processes);
}

void Call::tick()
{
    if (m_state.hasCgroup())
        readCgroup();
    else
        measure();
    m_nextTick = Time::now() + std::chrono::milliseconds(m_state.hasCgroup() ? eventTickMs : tickMs);
}

int Call::waitMs() const
{
    if (m_ended)
        return -1; // the kill is on its way; the session's end is what is waited for
    const auto deadline = m_begin + std::chrono::milliseconds(m_request.exec.timeoutMs);
    const auto next = std::min(deadline, m_nextTick);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - Time::now()).count() + 1;
    return static_cast<int>(std::clamp<long long>(left, 0, 1 << 30));
}

// One round of waiting; false when the session is gone.
bool Call::step()
{
    enum { Out, Err, Status, Session, Host, Input, Memory, Processes, Count };
    pollfd waits[Count] = {
        {m_pipes[0].reading.get(), POLLIN, 0},
        {m_pipes[1].reading.get(), POLLIN, 0},
        {m_status.reading.get(), POLLIN, 0},
        {m_session.handle.get(), POLLIN, 0},
        {m_hostGone ? -1 : m_state.channel, POLLIN, 0},
        {m_input.writing.get(), POLLOUT, 0},
        {m_ended ? -1 : m_state.memoryEvents, POLLIN, 0},
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
    if (waits[Host].revents != 0 && !readHost()) {
        m_hostGone = true;
        end(WireEnd::Cancelled);
    }
    if (waits[Memory].revents != 0 || (waits[Processes].revents & POLLPRI) != 0)
        readCgroup();
    if (!m_ended && wallMs() >= m_request.exec.timeoutMs)
        breach(WireLimit::Call, wallMs(), m_request.exec.timeoutMs);
    if (!m_ended && Time::now() >= m_nextTick)
        tick();
    return waits[Session].revents == 0;
}

bool Call::answer()
{
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
    return !m_hostGone;
}

bool Call::run(void (*inPlace)())
{
    m_processEventsBefore = processEvents();
    m_done.end = WireEnd::Failed;
    m_done.step = "start a session";
    if (!start(inPlace)) {
        m_done.status = errno;
        return answer();
    }
    m_nextTick = m_begin + std::chrono::milliseconds(tickMs / 4); // a fork bomb is well under way by then
    if (!obeyHost()) {
        m_hostGone = true;
        end(WireEnd::Cancelled);
    }
    while (step()) { }
    ::waitpid(m_session.pid, nullptr, 0);
    drainStreams();
    while (m_status.reading)
        readStatus();
    if (m_done.end != WireEnd::Failed)
        m_done.step.clear();
    // An event may have come in the same instant as the end it caused.
    if (m_done.end != WireEnd::Cancelled)
        readCgroup();
    const bool failed = m_done.end == WireEnd::Signalled || (m_done.end == WireEnd::Exited && m_done.status != 0);
    if (failed && m_refused > 0)
        breach(WireLimit::Memory, m_refused, m_state.limits.memory);
    if (m_done.end == WireEnd::Signalled && m_done.status == SIGXFSZ)
        breach(WireLimit::Disk, m_state.limits.fileSize, m_state.limits.fileSize);
    if (!m_done.breaches.empty()) {
        m_done.end = WireEnd::Limit;
        m_done.status = 0;
    }
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
