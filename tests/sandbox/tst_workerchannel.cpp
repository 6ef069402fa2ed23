// A worker that lies: whatever it sends, the host says so once, kills it, and goes on.
#include "sandbox/host/workerchannel.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/protocol/wire.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <functional>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::protocol;

// The other end of the channel, and a process that stands for the worker.
class FakeWorker {
public:
    FakeWorker()
    {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            qFatal("socketpair");
        hostEnd = UniqueFd(ends[0]);
        own = UniqueFd(ends[1]);
        pid = ::fork();
        if (pid == 0)
            for (;;)
                ::pause();
        process = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    }
    ~FakeWorker()
    {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
    }
    void send(std::string_view bytes) const { (void)!::send(own.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    [[nodiscard]] bool killed() const
    {
        int status = 0;
        for (int i = 0; i < 2000; ++i) {
            if (::waitpid(pid, &status, WNOHANG) == pid)
                return WIFSIGNALED(status);
            ::usleep(1000);
        }
        return false;
    }
    UniqueFd hostEnd;
    UniqueFd own;
    UniqueFd process;
    pid_t pid = 0;
};

static host::WireCall callOf(std::uint64_t timeoutMs = 20000)
{
    host::WireCall call;
    call.exec.argv = {"true"};
    call.exec.workdir = "/";
    call.exec.timeoutMs = timeoutMs;
    call.exec.output = 100;
    call.parts = {std::string()};
    return call;
}

static std::string output(const std::string& bytes, std::uint64_t id = 1, FrameType type = FrameType::Output)
{
    return encodeFrame(type, id, encode(Output{WireStream::Output, bytes}));
}

static std::string done(std::uint64_t total = 0, std::uint64_t id = 1, WireEnd end = WireEnd::Exited)
{
    ExecDone message;
    message.end = end;
    message.totalOutput = total;
    return encodeFrame(FrameType::ExecDone, id, encode(message));
}

class TestWorkerChannel : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void honest();
    void oneByteAtATime();
    void lies_data();
    void lies();
    void unfinishedFrameEnds();
    void descriptorsAreNotTaken();
    void noReadyIsAnError();
    void floodIsBounded();
    void cancelledAndSilent();
    void commitLies();
    void theLastMomentIsLookedAt();
    void streamedOutputIsWhole();
    void anObserverThatTakesNothingHoldsNoLimit();
};

void TestWorkerChannel::honest()
{
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    worker.send(encodeFrame(FrameType::Ready, 0, encode(Ready{protocolVersion})));
    GH_VERIFY(channel.awaitReady());
    worker.send(output("hello") + done(5));
    GH_VALUE(const auto outcome, channel.call(callOf(), nullptr, {}, nullptr));
    QCOMPARE(outcome.output.head, std::string("hello"));
    worker.send(output(std::string(60, 'a'), 2) + output(std::string(40, 'b'), 2) + output(std::string(50, 'z'), 2, FrameType::Tail) +
                done(1000, 2));
    GH_VALUE(const auto cut, channel.call(callOf(), nullptr, {}, nullptr));
    QCOMPARE(cut.output.head, std::string(50, 'a'));
    QCOMPARE(cut.output.tail, std::string(50, 'z'));
    QVERIFY(cut.output.truncated());
}

void TestWorkerChannel::oneByteAtATime()
{
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    std::thread drip([&worker] {
        for (const char byte : output("hello") + done(5)) {
            worker.send({&byte, 1});
            ::usleep(300);
        }
    });
    const auto outcome = channel.call(callOf(), nullptr, {}, nullptr);
    drip.join();
    QVERIFY(outcome.has_value());
    QCOMPARE(outcome->output.head, std::string("hello"));
}

void TestWorkerChannel::lies_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, const std::string& bytes) { QTest::newRow(name) << QByteArray(bytes.data(), int(bytes.size())); };
    const auto raw = [](std::uint32_t length, std::uint16_t type, std::uint16_t flags, std::uint64_t id) {
        ByteWriter out;
        out.u32(length);
        out.u16(type);
        out.u16(flags);
        out.u64(id);
        return out.take();
    };
    row("length 0", std::string(4, '\0'));
    row("length 0xFFFFFFFF", std::string(4, '\xff'));
    row("length 2^31", std::string("\0\0\0\x80", 4));
    row("length above the limit", raw(maximumFrame + 1, 2, 0, 1));
    row("unknown type", raw(12, 9, 0, 1));
    row("unknown flags", raw(12, 2, 1, 1));
    row("request frame from a worker", encodeFrame(FrameType::Exec, 1, encode(callOf().exec)));
    row("ready again", encodeFrame(FrameType::Ready, 0, encode(Ready{1})));
    row("ready with our id", encodeFrame(FrameType::Ready, 1, encode(Ready{1})));
    row("unknown request", output("x", 99));
    row("a later request", done(0, 2));
    row("id 0", done(0, 0));
    row("commit answer to a call", encodeFrame(FrameType::CommitDone, 1, encode(CommitDone{})));
    row("empty output", output(""));
    row("output beyond the limit", output(std::string(101, 'x')));
    row("output beyond the limit in two", output(std::string(60, 'x')) + output(std::string(60, 'x')));
    row("tail beyond the limit", output(std::string(51, 'x'), 1, FrameType::Tail));
    row("output after the tail", output("x", 1, FrameType::Tail) + output("y"));
    row("total too small", output("hello") + done(4));
    row("total too large", output("hello") + done(6));
    row("truncated without a tail", output(std::string(100, 'x')) + done(200));
    row("tail without truncation", output("x") + output("y", 1, FrameType::Tail) + done(1));
    row("empty end", encodeFrame(FrameType::ExecDone, 1, ""));
    row("end with trailing bytes", encodeFrame(FrameType::ExecDone, 1, encode(ExecDone()) + "x"));
    row("limit without a name", done(0, 1, WireEnd::Limit));
    row("cancelled by nobody", done(0, 1, WireEnd::Cancelled));
    row("stream 2", encodeFrame(FrameType::Output, 1, std::string("\x02\x01\0\0\0x", 6)));
    row("inner length beyond the frame", encodeFrame(FrameType::Output, 1, std::string("\0\xff\xff\xff\x7fx", 6)));
    row("garbage", std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
}

void TestWorkerChannel::lies()
{
    QFETCH(QByteArray, bytes);
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    worker.send({bytes.constData(), std::size_t(bytes.size())});
    const auto outcome = channel.call(callOf(), nullptr, {}, nullptr);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Worker);
    QVERIFY(channel.broken());
    QVERIFY(worker.killed());
    QCOMPARE(channel.call(callOf(), nullptr, {}, nullptr).error().code, ErrorCode::Worker);
}

void TestWorkerChannel::unfinishedFrameEnds()
{
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    worker.send(output("hello").substr(0, 10));
    worker.own.reset();
    const auto outcome = channel.call(callOf(), nullptr, {}, nullptr);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Worker);
}

static void sendWithDescriptors(int socket, std::string_view bytes, int count)
{
    std::vector<int> fds(static_cast<std::size_t>(count), 0);
    std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
    iovec part = {const_cast<char*>(bytes.data()), bytes.size()};
    msghdr header = {};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    cmsghdr* item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    std::memcpy(CMSG_DATA(item), fds.data(), fds.size() * sizeof(int));
    ::sendmsg(socket, &header, MSG_NOSIGNAL);
}

void TestWorkerChannel::descriptorsAreNotTaken()
{
    const auto count = [] { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); };
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    const auto before = count();
    sendWithDescriptors(worker.own.get(), output("hello"), 253);
    sendWithDescriptors(worker.own.get(), done(5), 253);
    GH_VALUE(const auto outcome, channel.call(callOf(), nullptr, {}, nullptr));
    QCOMPARE(outcome.output.head, std::string("hello"));
    QCOMPARE(count(), before);
}

void TestWorkerChannel::noReadyIsAnError()
{
    for (const std::string& first : {encodeFrame(FrameType::Ready, 0, encode(Ready{99})), encodeFrame(FrameType::Ready, 0, ""), done()}) {
        FakeWorker worker;
        host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
        worker.send(first);
        QCOMPARE(channel.awaitReady().error().code, ErrorCode::Worker);
        QVERIFY(worker.killed());
    }
}

void TestWorkerChannel::floodIsBounded()
{
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    std::thread flood([&worker] {
        const std::string frame = output("x");
        std::string many;
        for (int i = 0; i < 2000; ++i)
            many += frame;
        worker.send(many);
    });
    const auto outcome = channel.call(callOf(), nullptr, {}, nullptr);
    worker.own.reset();
    flood.join();
    QVERIFY(!outcome); // the 101st byte
}

void TestWorkerChannel::cancelledAndSilent()
{
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    CancelSource source;
    source.cancel();
    QElapsedTimer timer;
    timer.start();
    const auto outcome = channel.call(callOf(3600000), nullptr, source.token(), nullptr);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Worker);
    QVERIFY(timer.elapsed() < graceMs + 3000);
}

void TestWorkerChannel::commitLies()
{
    for (const std::string& answer :
         {encodeFrame(FrameType::CommitDone, 1, encode(CommitDone{CommitEnd::Failed, 7, 5})), done(),
          encodeFrame(FrameType::CommitDone, 2, encode(CommitDone{})), encodeFrame(FrameType::CommitDone, 1, "x")}) {
        FakeWorker worker;
        host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
        worker.send(answer);
        const auto outcome = channel.commit({CommitFile{"a", true, "", false, WireKind::Regular, 0644, 0}}, {""});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().code, ErrorCode::Worker);
        QVERIFY(worker.killed());
    }
}

// The excess is written after the only look during the call: the answers are here already.
void TestWorkerChannel::theLastMomentIsLookedAt()
{
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    worker.send(done());
    int looks = 0;
    const auto watch = [&looks]() -> std::optional<execution::LimitBreach> {
        if (++looks == 1)
            return std::nullopt;
        return execution::LimitBreach{execution::Limit::Disk, 11, 10};
    };
    GH_VALUE(const auto outcome, channel.call(callOf(), nullptr, {}, watch));
    QCOMPARE(outcome.end, execution::ExecEnd::Limit);
    QCOMPARE(outcome.limits.size(), std::size_t(1));
    QCOMPARE(outcome.limits.front().limit, execution::Limit::Disk);
    QVERIFY(!channel.broken());
}

struct Taker final : execution::ExecObserver {
    void outputArrived(execution::Stream, std::string_view bytes) override { all += bytes; }
    bool takesOutput() override { return takes; }
    std::string all;
    bool takes = true;
};

// The observer gets every byte; the beginning is kept; a count that is not what came is a lie here too.
void TestWorkerChannel::streamedOutputIsWhole()
{
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    host::WireCall call = callOf();
    call.exec.streamed = true;
    Taker taker;
    worker.send(output(std::string(70, 'a')) + output(std::string(930, 'b')) + done(1000));
    GH_VALUE(const auto outcome, channel.call(call, &taker, {}, nullptr));
    QCOMPARE(taker.all, std::string(70, 'a') + std::string(930, 'b'));
    QCOMPARE(outcome.output.head, taker.all.substr(0, 100));
    QCOMPARE(outcome.output.total, std::uint64_t(1000));
    worker.send(output(std::string(70, 'a'), 2) + done(1000, 2));
    QVERIFY(!channel.call(call, &taker, {}, nullptr));
    QVERIFY(worker.killed());
}

void TestWorkerChannel::anObserverThatTakesNothingHoldsNoLimit()
{
    FakeWorker worker;
    host::WorkerChannel channel(std::move(worker.hostEnd), worker.process.get());
    host::WireCall call = callOf();
    call.exec.streamed = true;
    Taker taker;
    taker.takes = false;
    std::thread obedient([&worker] {
        FrameDecoder decoder;
        char buffer[4096];
        for (ssize_t got = 0; (got = ::recv(worker.own.get(), buffer, sizeof buffer, 0)) > 0;) {
            if (!decoder.feed({buffer, static_cast<std::size_t>(got)}))
                return;
            while (const auto frame = decoder.next())
                if (frame->type == FrameType::Cancel)
                    return worker.send(output("late") + done(4, 1, WireEnd::Cancelled));
        }
    });
    int looks = 0;
    const auto outcome = channel.call(call, &taker, {}, [&looks]() -> std::optional<execution::LimitBreach> {
        return ++looks < 3 ? std::nullopt : std::optional(execution::LimitBreach{execution::Limit::Disk, 2, 1});
    });
    ::shutdown(worker.own.get(), SHUT_RDWR);
    obedient.join();
    QVERIFY2(outcome.has_value(), outcome ? "" : outcome.error().toString().c_str());
    QVERIFY(outcome->end == execution::ExecEnd::Limit);
    QVERIFY(outcome->limits.front().limit == execution::Limit::Disk);
    // It has no room and nobody waits for it any more: a worker that goes on sending fills no memory with it. The outcome counts all.
    QCOMPARE(taker.all, std::string());
    QCOMPARE(outcome->output.total, std::uint64_t(4));
}

GATEHOUSE_TEST_MAIN(TestWorkerChannel)
#include "tst_workerchannel.moc"
