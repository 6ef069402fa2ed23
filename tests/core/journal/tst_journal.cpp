#include "core/journal/blobpack.h"
#include "core/journal/lock.h"
#include "core/journal/reader.h"
#include "core/journal/record.h"
#include "tests/core/journal/journalfixture.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>
#include <QFile>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::journal;
using nlohmann::json;

class TestJournal : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void writesWhatTheFormatPageSays()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        GH_VALUE(auto writer, Writer::create(folder.path("run"), {RunId("01900000-0000-7000-8000-000000000000"), "draft"}, clock));
        GH_VALUE(const std::uint64_t seq,
                 writer->append({EventType::RunOpened, {ActorKind::Human, "ada"}, SpanId("00000000000000ff"), {{"name", "demo"}}}));
        QCOMPARE(seq, std::uint64_t{1}); // writer.opened stands behind it
        const std::string expected =
            "{\"actor\":{\"id\":\"ada\",\"kind\":\"human\"},\"boot\":\"00000000-0000-4000-8000-000000000001\",\"cls\":\"draft\","
            "\"data\":{\"events\":\"" +
            eventTypesDigest() + "\",\"name\":\"demo\"},\"mono_ns\":\"10000000000\",\"prev\":\"" + std::string(64, '0') +
            "\",\"run\":\"01900000-0000-7000-8000-000000000000\",\"seq\":0,\"span\":\"00000000000000ff\",\"type\":\"run.opened\",\"v\":1,"
            "\"wall\":\"2026-01-31T12:00:00.000Z\"}\n";
        const std::string written = test::readFile(folder.path("run/journal.jsonl"));
        QCOMPARE(written.substr(0, expected.size()), expected);
        GH_VERIFY(writer->seal());
        const std::string checkpoint = test::readFile(folder.path("run/checkpoint"));
        QVERIFY(checkpoint.starts_with("gatehouse.dev/run/01900000-0000-7000-8000-000000000000\n2\n"));
        for (const char* name : {"journal.jsonl", "leaves", "checkpoint", "blobs.pack", "run.lock"}) {
            struct stat status = {};
            QCOMPARE(::stat(folder.path(std::string("run/") + name).c_str(), &status), 0);
            QCOMPARE(status.st_mode & 07777, 0600u);
        }
        struct stat status = {};
        QCOMPARE(::stat(folder.path("run").c_str(), &status), 0);
        QCOMPARE(status.st_mode & 07777, 0700u);
        QVERIFY(Writer::create(folder.path("run"), {RunId("x"), "draft"}, clock).error().code == ErrorCode::AlreadyExists);
        QVERIFY(!Writer::create(folder.path("run2"), {RunId("x"), "secret"}, clock));
    }

    // Parts of a payload, each of them what was stored or an error.
    void payloadsAreReadInParts()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        GH_VALUE(auto writer, Writer::create(folder.path("run"), {RunId("01900000-0000-7000-8000-000000000000"), "draft"}, clock));
        std::string bytes;
        while (bytes.size() < 1'000'000)
            bytes += std::to_string(bytes.size()) + ' ';
        GH_VALUE(const json reference, writer->payload(bytes));
        GH_VALUE(const json other, writer->payload(std::string(70'000, 'o')));
        QFile pack(QString::fromStdString(folder.path("run/blobs.pack")));
        QVERIFY(pack.open(QIODevice::ReadWrite));
        BlobReader reader(pack.handle());
        const auto blob = *blobReference(reference);
        const auto matches = [&](std::uint64_t offset, std::uint64_t most) {
            const auto part = reader.readPart(blob, offset, most);
            return part && *part == bytes.substr(std::min<std::size_t>(offset, bytes.size()), most);
        };
        for (const std::uint64_t offset : {0U, 1U, 262'143U, 262'144U, 500'000U, 999'999U, 2'000'000U})
            for (const std::uint64_t most :
                 {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{262'144}, std::uint64_t{600'000}, UINT64_MAX})
                QVERIFY2(matches(offset, most), qPrintable(QStringLiteral("%1 %2").arg(offset).arg(most)));
        GH_VALUE(const std::string whole, reader.readPart(*blobReference(other), 69'000, 5000));
        QCOMPARE(whole, std::string(1000, 'o'));
        QVERIFY(!reader.readPart({blob.commit, blob.size + 1}, 0, 10));
        QVERIFY(matches(300'000, 10));
        // Altered behind the part that was read last, then the other way round.
        const qint64 at = pack.readAll().indexOf(QByteArray::fromStdString(bytes.substr(600'000, 100)));
        QVERIFY(at > 0 && pack.seek(at) && pack.write("?") == 1 && pack.flush());
        QVERIFY(matches(0, 1000));
        const auto altered = reader.readPart(blob, 600'010, 10);
        QVERIFY(!altered && altered.error().code == ErrorCode::Corrupt);
        QVERIFY(!BlobReader(pack.handle()).readPart(blob, 0, 1000));
        QVERIFY(pack.seek(at) && pack.write(bytes.c_str() + 600'000, 1) == 1 && pack.flush());
        QVERIFY(matches(600'010, 10));
        // A part that is not all there is no part.
        QVERIFY(pack.resize(at + 100));
        QVERIFY(matches(0, 1000));
        QVERIFY(!reader.readPart(blob, 600'010, 10'000));
    }

    void aRunMayContinueAnother()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        {
            GH_VALUE(auto writer, Writer::create(folder.path("run"), {RunId("r"), "draft", "gatehouse.dev/run/other 7"}, clock));
            GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
            GH_VERIFY(writer->seal());
        }
        QCOMPARE(test::verdict(folder.path("run")), std::string("ok"));
        GH_VALUE(auto reader, Reader::open(folder.path("run")));
        GH_VALUE(const auto records, reader.readFrom(0, 1));
        QCOMPARE(records[0].prev, sha256Hex("gatehouse.dev/run/other 7"));
        GH_VALUE(const auto again, Writer::open(folder.path("run"), clock));
        QCOMPARE(again->header().origin, std::string("gatehouse.dev/run/other 7"));
    }

    void payloadsInBothForms()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        GH_VALUE(auto writer, Writer::create(folder.path("run"), {RunId("r"), "draft"}, clock));
        GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        GH_VALUE(auto reader, Reader::open(folder.path("run")));
        const std::vector<std::pair<std::string, bool>> cases = {{"", true},
                                                                 {"text – ü", true},
                                                                 {std::string(16384, 'a'), true},
                                                                 {std::string(16385, 'a'), false},
                                                                 {std::string(8192, '\n'), true},
                                                                 {std::string(8193, '\n'), false},
                                                                 {std::string(2731, '\x01'), false}, // six bytes each when escaped
                                                                 {"\xFF", false},
                                                                 {std::string(3 << 20, 'z'), false}};
        for (const auto& [bytes, inlined] : cases) {
            GH_VALUE(const json reference, writer->payload(bytes));
            QCOMPARE(reference.contains("text"), inlined);
            GH_VALUE(const std::string back, reader.payload(reference));
            QVERIFY(back == bytes);
        }
        // The same bytes twice have two names: nothing can be guessed from them.
        GH_VALUE(const json first, writer->payload("\xFF"));
        GH_VALUE(const json second, writer->payload("\xFF"));
        QVERIFY(first != second);
        for (const json& bad : {json(1), json{{"text", 1}}, json{{"commit", "xx"}, {"size", 1}}, json{{"text", "a"}, {"more", 1}}, json()})
            QVERIFY(reader.payload(bad).error().code == ErrorCode::InvalidInput);
        QVERIFY(reader.payload({{"commit", std::string(64, '0')}, {"size", 1}}).error().code == ErrorCode::NotFound);
        json wrongSize = first;
        wrongSize["size"] = 2;
        QVERIFY(reader.payload(wrongSize).error().code == ErrorCode::Corrupt);
        QVERIFY(
            writer->append(test::event(EventType::UserMessage, {{"text", {{"commit", std::string(64, '0')}, {"size", 1}}}})).error().code ==
            ErrorCode::InvalidInput);
        GH_VERIFY(writer->append(test::event(EventType::UserMessage, {{"text", first}})));
    }

    void anEventThatCantBeWrittenChangesNothing()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        GH_VALUE(auto writer, Writer::create(folder.path("run"), {RunId("r"), "draft"}, clock));
        QVERIFY(!writer->append(test::event(EventType::UserMessage)));
        GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        QVERIFY(!writer->append(test::event(EventType::RunOpened)));
        const std::string before = test::readFile(folder.path("run/journal.jsonl"));
        QVERIFY(writer->append(test::event(EventType::UserMessage, {{"n", 1.5}})).error().code == ErrorCode::InvalidInput);
        QVERIFY(writer->append(test::event(EventType::UserMessage, {{"n", std::uint64_t{1} << 53}})).error().code ==
                ErrorCode::InvalidInput);
        QVERIFY(writer->append(test::event(EventType::UserMessage, {{"t", "\xFF"}})).error().code == ErrorCode::InvalidInput);
        QVERIFY(writer->append(test::event(EventType::UserMessage, json::array())).error().code == ErrorCode::InvalidInput);
        QVERIFY(writer->append(test::event(EventType::UserMessage, {{"t", std::string(66000, 'x')}})).error().code == ErrorCode::Limit);
        const std::vector<Event> half = {test::event(EventType::PolicyDecided), test::event(EventType::EffectStarted, {{"n", 1.5}})};
        QVERIFY(!writer->appendDurable(half));
        QCOMPARE(test::readFile(folder.path("run/journal.jsonl")), before);
        QCOMPARE(writer->size(), std::uint64_t{2});
        // The largest record that fits, to the byte.
        const std::string empty = [&] {
            (void)writer->append(test::event(EventType::UserMessage, {{"t", ""}}));
            const auto lines = test::linesOf(test::readFile(folder.path("run/journal.jsonl")));
            return lines.back();
        }();
        QVERIFY(!writer->append(test::event(EventType::UserMessage, {{"t", std::string(maximumRecordBytes - empty.size() + 1, 'x')}})));
        GH_VERIFY(writer->append(test::event(EventType::UserMessage, {{"t", std::string(maximumRecordBytes - empty.size(), 'x')}})));
        QCOMPARE(test::verdict(folder.path("run")), std::string("ok"));
    }

    void aReaderFollowsALivingWriter()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        GH_VALUE(auto writer, Writer::create(folder.path("run"), {RunId("r"), "draft"}, clock));
        GH_VALUE(auto reader, Reader::open(folder.path("run")));
        GH_VALUE(auto none, reader.readFrom(0, 10));
        QVERIFY(none.empty());
        GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        for (int i = 0; i < 20; ++i)
            GH_VERIFY(writer->append(test::event(EventType::OutputChunk, {{"n", i}})));
        GH_VALUE(const auto first, reader.readFrom(0, 5));
        QCOMPARE(first.size(), std::size_t{5});
        GH_VALUE(const auto late, reader.readFrom(15, 100));
        QCOMPARE(late.size(), std::size_t{7});
        QCOMPARE(late[0].seq, std::uint64_t{15});
        GH_VALUE(const auto again, reader.readFrom(3, 2));
        QCOMPARE(again[1].seq, std::uint64_t{4});
        GH_VALUE(const auto over, reader.readFrom(20, 100));
        QCOMPARE(over.size(), std::size_t{2});
        // Half a line is not there yet.
        std::string bytes = test::readFile(folder.path("run/journal.jsonl"));
        GH_VERIFY(writer->append(test::event(EventType::OutputChunk, {{"n", 20}})));
        const std::string more = test::readFile(folder.path("run/journal.jsonl")).substr(bytes.size());
        test::writeFile(folder.path("run/journal.jsonl"), bytes + more.substr(0, 50));
        GH_VALUE(const auto half, reader.readFrom(22, 1));
        QVERIFY(half.empty());
        test::writeFile(folder.path("run/journal.jsonl"), bytes + test::flipped(more, 1));
        QVERIFY(reader.readFrom(22, 1).error().where.find("record 22") != std::string::npos);
        test::writeFile(folder.path("run/journal.jsonl"), bytes.substr(0, 100));
        QVERIFY(reader.readFrom(0, 1).error().code == ErrorCode::Corrupt);
    }

    void pauseAndResumeManyTimes()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        const std::string path = folder.path("run");
        {
            GH_VALUE(auto writer, Writer::create(path, {RunId("r"), "draft"}, clock));
            GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        }
        for (int i = 2; i < 40; ++i) {
            GH_VALUE(auto writer, Writer::open(path, clock));
            GH_VALUE(const json payload, writer->payload(std::string(static_cast<std::size_t>(i), '\xFE')));
            GH_VERIFY(writer->append(test::event(EventType::ToolResult, {{"text", payload}})));
            if (i % 3 != 0)
                GH_VERIFY(writer->seal());
            if (i % 7 == 0) {
                GH_VERIFY(writer->append(test::event(EventType::RunPaused)));
                GH_VERIFY(writer->seal());
                GH_VERIFY(writer->seal());
            }
            QCOMPARE(test::verdict(path), std::string("ok"));
        }
        GH_VALUE(const Verification verification, verify(path));
        QVERIFY(verification.findings.empty());
    }

    void oneWriterAtATime()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        const std::string path = folder.path("run");
        QVERIFY(!isWriterAlive(path));
        GH_VALUE(auto writer, Writer::create(path, {RunId("r"), "draft"}, clock));
        GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        QVERIFY(isWriterAlive(path));
        const auto second = Writer::open(path, clock);
        QVERIFY(second.error().code == ErrorCode::Busy);
        QCOMPARE(second.error().why.format(), "The run is in use by process " + std::to_string(::getpid()));
        QVERIFY(writerPid(path) == ::getpid());
        writer.reset();
        QVERIFY(!isWriterAlive(path));
        QVERIFY(!writerPid(path));
        GH_VERIFY(Writer::open(path, clock));
        QVERIFY(QFile::remove(QString::fromStdString(path + "/run.lock"))); // a copy without it opens too
        GH_VERIFY(Writer::open(path, clock));
    }

    // Eight processes want the same run, many times: in each moment one has it, and the journal shows their epochs in one chain.
    void processesRaceForTheLock()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        const std::string path = folder.path("run");
        {
            GH_VALUE(auto writer, Writer::create(path, {RunId("r"), "draft"}, clock));
            GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        }
        std::vector<pid_t> children;
        for (int i = 0; i < 8; ++i) {
            const pid_t child = ::fork();
            if (child == 0) {
                int opened = 0;
                for (int attempt = 0; attempt < 30; ++attempt) {
                    auto writer = Writer::open(path, clock);
                    if (!writer && writer.error().code != ErrorCode::Busy)
                        ::_exit(200);
                    if (!writer)
                        continue;
                    ++opened;
                    if (!(*writer)->appendDurable(test::event(EventType::OutputChunk, {{"pid", ::getpid()}})))
                        ::_exit(201);
                    if (attempt % 2 == 0 && !(*writer)->seal())
                        ::_exit(202);
                }
                ::_exit(opened);
            }
            children.push_back(child);
        }
        int opened = 0;
        for (const pid_t child : children) {
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) < 200);
            opened += WEXITSTATUS(status);
        }
        QVERIFY(opened > 0);
        QCOMPARE(test::verdict(path), std::string("ok"));
        GH_VALUE(const Verification verification, verify(path));
        QCOMPARE(verification.records, static_cast<std::uint64_t>(2 + 2 * opened));
    }

    void verifyingALivingRunRaisesNoFalseAlarm()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        const std::string path = folder.path("run");
        GH_VALUE(auto writer, Writer::create(path, {RunId("r"), "draft"}, clock));
        GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        const pid_t child = ::fork();
        if (child == 0) {
            for (int i = 0; i < 150; ++i) {
                if (test::verdict(path) != "ok")
                    ::_exit(1);
            }
            ::_exit(0);
        }
        int status = 0;
        while (::waitpid(child, &status, WNOHANG) == 0) {
            GH_VALUE(const json payload, writer->payload("\xFF\xFE"));
            GH_VERIFY(writer->append(test::event(EventType::OutputChunk, {{"bytes", payload}})));
            if (writer->size() % 10 == 0)
                GH_VERIFY(writer->seal());
            // Else a slow reader would never come to the end of a journal that grows faster than it reads.
            if (writer->size() > 3000)
                ::usleep(20000);
        }
        QCOMPARE(WEXITSTATUS(status), 0);
    }

    void costPerAppendIsSmallAndConstant()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        GH_VALUE(auto writer, Writer::create(folder.path("run"), {RunId("r"), "draft"}, clock));
        GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        const Event small = test::event(EventType::OutputChunk, {{"call", "c1"}, {"stream", "output"}, {"bytes", {{"text", "hello"}}}});
        std::vector<double> batches;
        for (int batch = 0; batch < 20; ++batch) {
            QElapsedTimer timer;
            timer.start();
            for (int i = 0; i < 1000; ++i)
                GH_VERIFY(writer->append(small));
            batches.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        }
        std::vector<double> early(batches.begin(), batches.begin() + 10);
        std::vector<double> late(batches.begin() + 10, batches.end());
        const double first = *std::ranges::min_element(early);
        const double last = *std::ranges::min_element(late);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(test::verdict(folder.path("run")), std::string("ok"));
        qInfo("append %.1f us, after 10,000 records %.1f us; verify 20,000 records %lld ms", first, last,
              static_cast<long long>(timer.elapsed()));
        QVERIFY2(last < 3 * first + 5, "the cost of an append grows with the history");
    }
};

GATEHOUSE_TEST_MAIN(TestJournal)
#include "tst_journal.moc"
