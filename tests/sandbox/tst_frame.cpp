// Frames and messages: what is written is read; what is not one is refused, at every cut.
#include "sandbox/protocol/frame.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/protocol/messages.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <functional>

using namespace gatehouse;
using namespace gatehouse::protocol;

class TestFrame : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void splitAtEveryByte();
    void badHeads_data();
    void badHeads();
    void execSurvivesTheWire();
    void endsOfNoProcessAreRefused();
    void noPrefixAndNoSuffixIsAMessage();
};

void TestFrame::splitAtEveryByte()
{
    const std::string bytes = encodeFrame(FrameType::Output, 7, "payload") + encodeFrame(FrameType::ExecDone, 8, "");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        FrameDecoder decoder;
        GH_VERIFY(decoder.feed(std::string_view(bytes).substr(0, cut)));
        std::vector<Frame> frames;
        while (auto frame = decoder.next())
            frames.push_back(*frame);
        GH_VERIFY(decoder.feed(std::string_view(bytes).substr(cut)));
        while (auto frame = decoder.next())
            frames.push_back(*frame);
        QCOMPARE(frames.size(), std::size_t(2));
        QCOMPARE(frames[0].payload, std::string("payload"));
        QCOMPARE(frames[0].id, std::uint64_t(7));
        QCOMPARE(frames[1].type, FrameType::ExecDone);
        QVERIFY(!decoder.partial());
    }
}

void TestFrame::badHeads_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("length 0") << QByteArray("\0\0\0\0", 4);
    QTest::newRow("shorter than a head") << QByteArray("\x0b\0\0\0", 4);
    QTest::newRow("all ones") << QByteArray("\xff\xff\xff\xff", 4);
    QTest::newRow("negative") << QByteArray("\0\0\0\x80", 4);
    QTest::newRow("one above") << QByteArray("\x01\0\x10\0", 4);
    QTest::newRow("type 0") << QByteArray("\x0c\0\0\0\0\0\0\0", 8);
    QTest::newRow("type 6") << QByteArray("\x0c\0\0\0\x06\0\0\0", 8);
    QTest::newRow("type 65535") << QByteArray("\x0c\0\0\0\xff\xff\0\0", 8);
    QTest::newRow("flags") << QByteArray("\x0c\0\0\0\x01\0\x01\0", 8);
}

void TestFrame::badHeads()
{
    QFETCH(QByteArray, bytes);
    FrameDecoder decoder;
    const auto fed = decoder.feed({bytes.constData(), std::size_t(bytes.size())});
    QVERIFY(!fed);
    QCOMPARE(fed.error().code, ErrorCode::Worker);
    QVERIFY(!decoder.next());
    // Behind a good frame too.
    FrameDecoder second;
    const std::string good = encodeFrame(FrameType::Ready, 0, "x");
    const auto both = second.feed(good + std::string(bytes.constData(), std::size_t(bytes.size())));
    if (both) {
        QVERIFY(second.next());
        QVERIFY(!second.next());
        QVERIFY(!second.feed(""));
    }
}

void TestFrame::execSurvivesTheWire()
{
    Exec exec;
    exec.argv = {"a", "", "c d"};
    exec.environment = {"A=b"};
    exec.workdir = "/workspace";
    exec.timeoutMs = 5;
    exec.output = 6;
    exec.inputSize = 7;
    exec.files = {{"F", 8}};
    const auto read = decodeExec(encode(exec));
    QVERIFY(read.has_value());
    QCOMPARE(read->argv, exec.argv);
    QCOMPARE(read->files, exec.files);
    QCOMPARE(read->timeoutMs, std::uint64_t(5));
}

void TestFrame::endsOfNoProcessAreRefused()
{
    ExecDone done;
    done.status = 256;
    QVERIFY(!decodeExecDone(encode(done)));
    done.status = -1;
    QVERIFY(!decodeExecDone(encode(done)));
    done.status = 0;
    done.end = WireEnd::Limit; // without saying which
    QVERIFY(!decodeExecDone(encode(done)));
    done.breaches = {{WireLimit::Memory, 2, 1}};
    QVERIFY(decodeExecDone(encode(done)).has_value());
    done.breaches.assign(11, {WireLimit::Memory, 2, 1});
    QVERIFY(!decodeExecDone(encode(done)));
}

void TestFrame::noPrefixAndNoSuffixIsAMessage()
{
    Exec exec;
    exec.argv = {"true"};
    exec.files = {{"F", 8}};
    ExecDone done;
    done.end = WireEnd::Limit;
    done.breaches = {{WireLimit::Memory, 2, 1}};
    const std::vector<std::pair<std::string, std::function<bool(std::string_view)>>> all = {
        {encode(Ready{1}), [](std::string_view p) { return decodeReady(p).has_value(); }},
        {encode(exec), [](std::string_view p) { return decodeExec(p).has_value(); }},
        {encode(Bytes{1, "abc"}), [](std::string_view p) { return decodeBytes(p).has_value(); }},
        {encode(Output{WireStream::Error, "abc"}), [](std::string_view p) { return decodeOutput(p).has_value(); }},
        {encode(done), [](std::string_view p) { return decodeExecDone(p).has_value(); }},
        {encode(CommitFile{"a", false, "00", false, WireKind::Regular, 0644, 3}),
         [](std::string_view p) { return decodeCommitFile(p).has_value(); }},
        {encode(CommitDone{CommitEnd::Failed, 1, 2}), [](std::string_view p) { return decodeCommitDone(p).has_value(); }},
    };
    for (const auto& [bytes, isMessage] : all) {
        QVERIFY(isMessage(bytes));
        QVERIFY(!isMessage(bytes + '\0'));
        for (std::size_t cut = 0; cut < bytes.size(); ++cut)
            QVERIFY(!isMessage(std::string_view(bytes).substr(0, cut)));
    }
}

GATEHOUSE_TEST_MAIN(TestFrame)
#include "tst_frame.moc"
