#include "core/journal/lock.h"
#include "core/journal/reader.h"
#include "core/journal/record.h"
#include "core/journal/runstate.h"
#include "tests/core/journal/journalfixture.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QFile>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::journal;
using test::JournalFixture;
using test::RunEnd;

class TestRecovery : public test::TestCase {
    Q_OBJECT
private:
    static std::vector<Record> all(const std::string& path)
    {
        auto reader = Reader::openVerified(path);
        if (!reader)
            qFatal("%s", reader.error().toString().c_str());
        auto records = reader->readFrom(0, 100000);
        if (!records)
            qFatal("%s", records.error().toString().c_str());
        return *records;
    }

private Q_SLOTS:
    // Cut at every byte of the last two records: the complete ones stand, what was cut is told, and the next append verifies.
    void tornAtEveryByte_data()
    {
        QTest::addColumn<bool>("withLeaves");
        QTest::newRow("leaves written") << true;
        QTest::newRow("leaves behind") << false;
    }
    void tornAtEveryByte()
    {
        QFETCH(bool, withLeaves);
        JournalFixture run(RunEnd::Crashed);
        const std::string whole = run.bytes("journal.jsonl");
        const auto lines = test::linesOf(whole);
        const std::size_t from = whole.size() - lines.back().size() - lines[lines.size() - 2].size();
        for (std::size_t size = from; size < whole.size(); ++size) {
            run.restore();
            const std::string cut = whole.substr(0, size);
            run.setBytes("journal.jsonl", cut);
            const auto complete = static_cast<std::size_t>(std::ranges::count(cut, '\n'));
            if (!withLeaves)
                run.setBytes("leaves", run.bytes("leaves").substr(0, complete * 32 - size % 40));
            const std::string tail = cut.substr(cut.rfind('\n') + 1);
            const bool whollyThere = tail.size() + 1 == lines[complete].size();
            QCOMPARE(test::verdict(run.path()), std::string("ok"));
            {
                GH_VALUE(const auto writer, Writer::open(run.path(), run.clock));
                GH_VERIFY(writer->append(test::event(EventType::RunResumed)));
                GH_VERIFY(writer->seal());
            }
            GH_VALUE(const Verification verification, verify(run.path()));
            QVERIFY2(verification.ok && verification.sealed && verification.findings.empty(), std::to_string(size).c_str());
            const auto records = all(run.path());
            const std::size_t kept = complete + (whollyThere ? 1 : 0);
            for (std::size_t i = 0; i < kept; ++i)
                QCOMPARE(records[i].line + '\n', lines[i]);
            const bool told = !tail.empty() || withLeaves || size % 40 != 0;
            QCOMPARE(records.size(), kept + (told ? 3 : 2));
            if (told)
                QVERIFY(records[kept].type == EventType::JournalRecovered);
            if (!tail.empty()) {
                QCOMPARE(records[kept].data["bytes"].get<std::size_t>(), tail.size());
                QCOMPARE(records[kept].data["terminated"].get<bool>(), whollyThere);
                QCOMPARE(records[kept].data["sha256"].get<std::string>(), sha256Hex(tail));
            }
            if (!tail.empty() && !whollyThere)
                QCOMPARE(run.bytes("torn/" + std::to_string(complete) + ".bin"), tail);
            QVERIFY(records[kept + (told ? 1 : 0)].type == EventType::WriterOpened);
            QCOMPARE(records[kept + (told ? 1 : 0)].data["epoch"].get<int>(), 2);
        }
    }

    void leavesOfZerosAreLeavesThatWereNeverWritten()
    {
        JournalFixture run(RunEnd::Crashed);
        std::string leaves = run.bytes("leaves");
        std::fill(leaves.end() - 64, leaves.end(), '\0');
        run.setBytes("leaves", leaves);
        QCOMPARE(test::verdict(run.path()), std::string("ok"));
        GH_VERIFY(Writer::open(run.path(), run.clock));
        QVERIFY(all(run.path())[9].type == EventType::JournalRecovered);
        QCOMPARE(test::verdict(run.path()), std::string("ok"));
    }

    void aTornPayloadIsMovedAside()
    {
        JournalFixture run(RunEnd::Crashed);
        const std::string pack = run.bytes("blobs.pack");
        for (const std::size_t more : {std::size_t{1}, std::size_t{20}, std::size_t{79}, std::size_t{81}, std::size_t{100}}) {
            run.restore();
            std::string torn = pack.substr(0, std::min(more, std::size_t{119}));
            run.setBytes("blobs.pack", pack + torn);
            if (more > 79) {
                // A header whose commit is that of a record's payload: look at what a crash leaves, not at a copy.
                for (std::size_t i = 48; i < 80; ++i)
                    torn[i] = 'x';
                run.setBytes("blobs.pack", pack + torn);
            }
            QCOMPARE(test::verdict(run.path()), std::string("ok"));
            GH_VERIFY(Writer::open(run.path(), run.clock));
            QCOMPARE(run.bytes("blobs.pack"), pack);
            QCOMPARE(run.bytes("torn/blob-" + std::to_string(pack.size()) + ".bin"), torn);
            QCOMPARE(test::verdict(run.path()), std::string("ok"));
        }
    }

    void payloadsThatAPowerFailureTookAreDeclared()
    {
        JournalFixture run(RunEnd::Crashed);
        run.setBytes("blobs.pack", run.bytes("blobs.pack").substr(0, 120 + 30)); // the second is cut, its record is there
        QCOMPARE(test::verdict(run.path()), std::string("ok"));
        {
            GH_VALUE(const auto writer, Writer::open(run.path(), run.clock));
            GH_VERIFY(writer->seal());
        }
        const auto records = all(run.path());
        QCOMPARE(records[9].data["lostPayloads"].size(), std::size_t{1});
        GH_VALUE(auto reader, Reader::openVerified(run.path()));
        QVERIFY(reader.payload(records[run.secondBlobSeq].data["output"]).error().code == ErrorCode::NotFound);
    }

    void anAlteredTailIsNoTornTail()
    {
        JournalFixture run(RunEnd::Crashed);
        const std::string whole = run.bytes("journal.jsonl");
        run.setBytes("journal.jsonl", test::flipped(whole, whole.size() * 8 - 3)); // the last newline
        const auto before = run.everything();
        const auto writer = Writer::open(run.path(), run.clock);
        QVERIFY(!writer);
        QVERIFY2(writer.error().where.starts_with("record 8 "), writer.error().toString().c_str());
        QVERIFY(run.everything() == before);
    }

    // Killed between any two writes: what was durable is there, the chain holds, and nothing is written twice.
    void killedBetweenWrites()
    {
        test::TemporaryFolder folder;
        for (int round = 0; round < 12; ++round) {
            const std::string path = folder.path("run" + std::to_string(round));
            int pipe[2];
            QCOMPARE(::pipe(pipe), 0);
            const pid_t child = ::fork();
            if (child == 0) {
                test::FakeClock clock;
                auto writer = Writer::create(path, {RunId("r"), "draft"}, clock);
                auto first = test::event(EventType::RunOpened);
                if (!writer || !(*writer)->appendDurable(first))
                    ::_exit(1);
                for (int i = 0;; ++i) {
                    auto payload = (*writer)->payload(std::string(100, '\xFF'));
                    const auto seq = payload
                        ? (*writer)->appendDurable(test::event(EventType::OutputChunk, {{"bytes", *payload}, {"n", i}}))
                        : Result<std::uint64_t>(std::unexpected(payload.error()));
                    if (!seq || ::write(pipe[1], "x", 1) != 1)
                        ::_exit(2);
                    if (i % 5 == 4)
                        (void)(*writer)->seal();
                }
            }
            ::close(pipe[1]);
            char acknowledged[64];
            ssize_t count = 0;
            while (count <= round) {
                const ssize_t got = ::read(pipe[0], acknowledged, 1);
                QVERIFY(got == 1);
                count += got;
            }
            QCOMPARE(::kill(child, SIGKILL), 0);
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFSIGNALED(status));
            for (ssize_t got = 1; got > 0; count += got > 0 ? got : 0)
                got = ::read(pipe[0], acknowledged, sizeof acknowledged);
            ::close(pipe[0]);
            QVERIFY(!isWriterAlive(path));
            QCOMPARE(test::verdict(path), std::string("ok"));
            test::FakeClock clock;
            GH_VERIFY(Writer::open(path, clock));
            const std::string after = test::verdict(path);
            QVERIFY2(after == "ok", after.c_str());
            std::int64_t last = -1;
            for (const Record& record : all(path)) {
                if (record.type == EventType::OutputChunk)
                    QCOMPARE(record.data["n"].get<std::int64_t>(), ++last);
            }
            QVERIFY2(last + 1 >= count, "an acknowledged record is gone");
        }
    }

    // The disk is full in the middle of a record: an error, no half record, and no second chance for the same writer.
    void aFailedWriteSpendsTheWriter_data()
    {
        QTest::addColumn<int>("room");
        for (const int room : {0, 1, 100, 400, 600})
            QTest::addRow("%d bytes left", room) << room;
    }
    void aFailedWriteSpendsTheWriter()
    {
        QFETCH(int, room);
        test::TemporaryFolder folder;
        test::FakeClock clock;
        const std::string path = folder.path("run");
        GH_VALUE(auto writer, Writer::create(path, {RunId("r"), "draft"}, clock));
        GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        const std::string before = test::readFile(path + "/journal.jsonl");
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        struct rlimit old = {};
        ::getrlimit(RLIMIT_FSIZE, &old);
        struct rlimit small = {before.size() + static_cast<rlim_t>(room), old.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const std::vector<Event> events(3, test::event(EventType::OutputChunk, {{"text", std::string(200, 'x')}}));
        const auto failed = writer->appendDurable(events);
        ::setrlimit(RLIMIT_FSIZE, &old);
        std::signal(SIGXFSZ, handler);
        QVERIFY(!failed);
        QVERIFY2(failed.error().code == ErrorCode::Record, failed.error().toString().c_str());
        QCOMPARE(test::readFile(path + "/journal.jsonl"), before);
        QVERIFY(writer->append(test::event(EventType::RunPaused)).error().code == ErrorCode::Record);
        QVERIFY(writer->payload("x").error().code == ErrorCode::Record);
        QVERIFY(writer->sync().error().code == ErrorCode::Record);
        QVERIFY(writer->seal().error().code == ErrorCode::Record);
        writer.reset();
        QCOMPARE(test::verdict(path), std::string("ok"));
        GH_VERIFY(Writer::open(path, clock));
    }

    void aFailedPayloadToo()
    {
        test::TemporaryFolder folder;
        test::FakeClock clock;
        GH_VALUE(auto writer, Writer::create(folder.path("run"), {RunId("r"), "draft"}, clock));
        GH_VERIFY(writer->append(test::event(EventType::RunOpened)));
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        struct rlimit old = {};
        ::getrlimit(RLIMIT_FSIZE, &old);
        struct rlimit small = {3000, old.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto failed = writer->payload(std::string(5000, '\xFF'));
        ::setrlimit(RLIMIT_FSIZE, &old);
        std::signal(SIGXFSZ, handler);
        QVERIFY(failed.error().code == ErrorCode::Record);
        QVERIFY(!writer->append(test::event(EventType::RunPaused)));
        QCOMPARE(test::readFile(folder.path("run/blobs.pack")), std::string());
    }

    void stoppedInTheMiddleOfSealing()
    {
        JournalFixture run(RunEnd::Finished);
        run.setBytes("unsealed", "gatehouse unsealed from 0\n"); // the new checkpoint is there, the marker not yet gone
        GH_VALUE(const Verification verification, verify(run.path()));
        QVERIFY(verification.ok);
        QVERIFY(!verification.sealed);
        {
            GH_VALUE(const auto writer, Writer::open(run.path(), run.clock));
            GH_VERIFY(writer->seal());
        }
        QCOMPARE(test::verdict(run.path()), std::string("ok"));
        run.setBytes("unsealed", "gatehouse unsealed from 99\n");
        QVERIFY(test::verdict(run.path()).starts_with("unsealed"));
    }
};

GATEHOUSE_TEST_MAIN(TestRecovery)
#include "tst_recovery.moc"
