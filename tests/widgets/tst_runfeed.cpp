#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/models/runfeed.h"
#include "widgets/models/runlister.h"
#include "widgets/models/runrecordmodel.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QGuiApplication>
#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::widgets;

namespace {

// A feed with the model that it fills.
struct Followed {
    Followed(const std::string& directory, JournalThread& thread) : feed(directory, thread)
    {
        QObject::connect(&feed, &RunFeed::batchReady, &model, [this](const RunBatchPtr& batch) {
            model.apply(*batch);
            info = batch->info;
            approvals = batch->approvals;
            ++batches;
            feed.acknowledge();
        });
        QObject::connect(&feed, &RunFeed::detailReady, &model, [this](const RowDetailPtr& ready) { detail = ready; });
        feed.start();
    }

    // Follows a row's output; acknowledges each batch only when takesMore.
    void followOutput(int row)
    {
        ticket = feed.followOutput(model.row(row));
        QObject::connect(&feed, &RunFeed::outputReady, &model, [this](const OutputBatchPtr& batch) {
            if (batch->ticket != ticket)
                return;
            outputs.push_back(batch);
            for (const LogPiece& piece : batch->pieces)
                written[std::size_t(piece.stream)] += piece.bytes;
            if (takesMore)
                feed.acknowledgeOutput(ticket);
        });
    }
    [[nodiscard]] const std::string& text(LogStream stream) const { return written[std::size_t(stream)]; }

    std::uint64_t ticket = 0;
    std::vector<OutputBatchPtr> outputs;
    std::array<std::string, logStreams> written;
    bool takesMore = true;
    RunRecordModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    RunInfo info;
    std::vector<ApprovalPtr> approvals;
    RowDetailPtr detail;
    int batches = 0;
    RunFeed feed;
};

journal::Record record(std::uint64_t seq, nlohmann::json data, journal::EventType type = journal::EventType::OutputChunk)
{
    journal::Record made;
    made.seq = seq;
    made.wall = "2026-11-21T12:00:00.000Z";
    made.boot = "boot";
    made.monoNs = "1";
    made.type = type;
    made.data = std::move(data);
    return made;
}

RowPtr lastRow(const RunRecordModel& model)
{
    return model.row(model.rowCount() - 1);
}

} // namespace

class TestRunFeed : public test::TestCase {
    Q_OBJECT
    JournalThread m_thread;

private Q_SLOTS:
    void aLiveRunIsFollowed()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "live");
        run.open();
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE(followed.model.rowCount(), 3); // task, task decision, sandbox
        QTRY_VERIFY(followed.info.progress == RunProgress::Running);
        QVERIFY(followed.info.writerAlive);
        run.command("false", 1, "no\n");
        QTRY_COMPARE(followed.model.rowCount(), 4);
        QTRY_VERIFY(lastRow(followed.model)->state == RowState::Failed);
        QCOMPARE(lastRow(followed.model)->outcome, std::string("exit 1"));
        const std::string id = run.askForPatch();
        QTRY_VERIFY(lastRow(followed.model)->state == RowState::Asks);
        QTRY_COMPARE(int(followed.approvals.size()), 1);
        QVERIFY(followed.approvals[0]->status.open());
        QVERIFY2(followed.approvals[0]->presentation, followed.approvals[0]->problem.c_str());
        QVERIFY(followed.info.progress == RunProgress::Waiting);
        run.resolve(id, approval::VoteDecision::Approve, "bob");
        QTRY_VERIFY(!followed.approvals[0]->status.open());
        run.applyPatch(id);
        run.finish();
        run.close();
        QTRY_VERIFY(followed.info.progress == RunProgress::Finished);
        QVERIFY(followed.info.over);
        QVERIFY(lastRow(followed.model)->kind == RowKind::Outcome);
    }

    // The same records, read at once and record by record, give the same rows.
    void aPastRunIsTheSameAsALiveOne()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "twice");
        run.open();
        Followed live(run.directory(), m_thread);
        QTRY_VERIFY(live.batches > 0);
        run.modelTurn("I look.");
        run.command("true", 0, "fine\n");
        run.deniedCommand("curl x");
        QTRY_COMPARE(live.model.rowCount(), 6);
        run.finish();
        run.close();
        QTRY_VERIFY(live.info.over);
        Followed past(run.directory(), m_thread);
        QTRY_COMPARE(past.info.records, live.info.records);
        QCOMPARE(past.model.rowCount(), live.model.rowCount());
        for (int row = 0; row < past.model.rowCount(); ++row)
            for (int column = 0; column < RunRecordModel::ColumnCount; ++column)
                QCOMPARE(past.model.index(row, column).data().toString(), live.model.index(row, column).data().toString());
    }

    void detailsOfARow()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "detail");
        run.open();
        run.command("cat big", 0, std::string(40'000, 'x')); // too long for the record: in the pack
        const std::string id = run.askForPatch();
        run.resolve(id, approval::VoteDecision::Approve);
        run.applyPatch(id);
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE(followed.model.rowCount(), 6); // the last is the decision
        const auto ticket = followed.feed.requestDetail(followed.model.row(3));
        QTRY_VERIFY(followed.detail && followed.detail->ticket == ticket);
        QVERIFY(followed.detail->arguments.find("cat big") != std::string::npos);
        QVERIFY(!followed.detail->records.empty());
        QVERIFY(!followed.detail->lines.arguments.empty() && !followed.detail->lines.records.empty()); // made where it was read
        QCOMPARE(followed.detail->lines.records[0].tone, LineTone::Heading);
        QVERIFY(followed.detail->lines.records[0].syntax.empty());
        QVERIFY(!followed.detail->lines.records[2].syntax.empty()); // of the JSON's words, there too
        const auto second = followed.feed.requestDetail(followed.model.row(4));
        QTRY_VERIFY(followed.detail && followed.detail->ticket == second);
        QCOMPARE(followed.detail->patch, test::samplePatch());
        QVERIFY(followed.detail->lines.changes && followed.detail->lines.changes->inlineRows.size() > 5);
        QVERIFY(followed.detail->problems.empty());
    }

    // Under the name that the engine journals it by (core/engine/callrecords.cpp).
    void standardErrorIsShown()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "errors");
        run.open();
        run.command("cc", 1, "out\n", "cc: no input files\n");
        run.close();
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE(followed.model.rowCount(), 4);
        followed.followOutput(3);
        QTRY_COMPARE(followed.text(LogStream::Error), std::string("cc: no input files\n"));
        QCOMPARE(followed.text(LogStream::Output), std::string("out\n"));
    }

    void outputIsFollowedAsItComes()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "streaming");
        run.open();
        run.startCommand("make");
        run.output("one\n");
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE(followed.model.rowCount(), 4);
        followed.followOutput(3);
        QTRY_COMPARE(followed.text(LogStream::Output), std::string("one\n"));
        const RowPtr before = followed.model.row(3);
        run.output("t\xE4\xB8");
        run.output("careful\n", "error");
        QTRY_COMPARE(followed.text(LogStream::Error), std::string("careful\n"));
        QCOMPARE(followed.text(LogStream::Output), std::string("one\nt\xE4\xB8"));
        QVERIFY(followed.model.row(3) == before); // the row itself did not change
        run.endCommand(2, "\xAD\ndone\n", "and last\n");
        QTRY_COMPARE(followed.text(LogStream::Error), std::string("careful\nand last\n"));
        QCOMPARE(followed.text(LogStream::Output), std::string("one\nt\xE4\xB8\xAD\ndone\n")); // nothing twice
        QVERIFY(followed.text(LogStream::Note).empty());
        QVERIFY(followed.outputs.front()->first);
        for (std::size_t i = 1; i < followed.outputs.size(); ++i)
            QVERIFY(!followed.outputs[i]->first);
        run.close();
        Followed past(run.directory(), m_thread);
        QTRY_COMPARE(past.model.rowCount(), 4);
        past.followOutput(3);
        QTRY_VERIFY(!past.outputs.empty());
        QVERIFY(past.written == followed.written);
        past.feed.requestDetail(past.model.row(3));
        QTRY_VERIFY(past.detail);
        QCOMPARE(past.detail->outputRecords, std::uint64_t(3));
    }

    void whatAModelSaysIsOutput()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "says");
        run.open("The task.");
        run.modelTurn("I look at it.");
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE(followed.model.rowCount(), 4);
        followed.followOutput(3);
        QTRY_COMPARE(followed.text(LogStream::Says), std::string("I look at it."));
        followed.written = {};
        followed.ticket = followed.feed.followOutput(followed.model.row(0));
        QTRY_COMPARE(followed.text(LogStream::Says), std::string("The task."));
    }

    // A batch is bounded, the next one waits for the last, and of a row that is over only so much comes unasked.
    void muchOutputComesInParts()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "much");
        run.open();
        run.startCommand("cat big");
        std::string big;
        while (big.size() < 10'000'000)
            big += "line " + std::to_string(big.size()) + '\n';
        run.endCommand(0, big);
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE(followed.model.rowCount(), 4);
        followed.takesMore = false;
        followed.followOutput(3);
        QTRY_COMPARE(int(followed.outputs.size()), 1);
        QCOMPARE(followed.outputs[0]->pieces.at(0).bytes.size(), std::size_t(OutputFollower::batchBytes));
        // What comes by itself and what has to be asked for.
        QCOMPARE(followed.outputs[0]->behind, OutputFollower::allowance - OutputFollower::batchBytes);
        QCOMPARE(followed.outputs[0]->heldBack, big.size() - OutputFollower::allowance);
        followed.feed.poll();
        run.modelTurn("meanwhile");
        QTRY_COMPARE(followed.model.rowCount(), 5);
        QCOMPARE(int(followed.outputs.size()), 1); // not acknowledged
        followed.takesMore = true;
        followed.feed.acknowledgeOutput(followed.ticket);
        QTRY_COMPARE(followed.text(LogStream::Output).size(), std::size_t(OutputFollower::allowance));
        QTRY_COMPARE(followed.outputs.back()->heldBack, big.size() - OutputFollower::allowance);
        QCOMPARE(followed.outputs.back()->behind, std::uint64_t(0));
        followed.feed.moreOutput(followed.ticket);
        followed.feed.moreOutput(followed.ticket);
        QTRY_COMPARE(followed.text(LogStream::Output).size(), std::size_t(2 * OutputFollower::allowance));
        QTRY_COMPARE(followed.outputs.back()->behind, std::uint64_t(0));
        QCOMPARE(followed.outputs.back()->heldBack, big.size() - 2 * OutputFollower::allowance);
        followed.feed.moreOutput(followed.ticket);
        QTRY_COMPARE(followed.text(LogStream::Output).size(), big.size());
        QVERIFY(followed.text(LogStream::Output) == big);
    }

    void alteredOutputIsNotShown()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "altered output");
        run.open();
        run.command("cat big", 0, std::string(40'000, 'x'));
        run.close();
        QFile pack(QString::fromStdString(run.directory() + "/blobs.pack"));
        QVERIFY(pack.open(QIODevice::ReadWrite));
        // The effect's output stands before the same text for the model.
        const qsizetype output = pack.readAll().indexOf(QByteArray(1000, 'x'));
        QVERIFY(output > 0 && pack.seek(output + 500) && pack.write("y") == 1);
        pack.close();
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE(followed.model.rowCount(), 4);
        followed.followOutput(3);
        QTRY_VERIFY(!followed.outputs.empty());
        QVERIFY(followed.text(LogStream::Output).empty());
        QVERIFY2(followed.text(LogStream::Note).find("not what was stored") != std::string::npos, followed.text(LogStream::Note).c_str());
    }

    // What changes after it was read once is not shown either.
    void outputAlteredBetweenItsPartsIsNotShown()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "altered later");
        run.open();
        run.command("cat big", 0, std::string(1'000'000, 'x'));
        run.close();
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE(followed.model.rowCount(), 4);
        followed.takesMore = false;
        followed.followOutput(3);
        QTRY_COMPARE(int(followed.outputs.size()), 1);
        QFile pack(QString::fromStdString(run.directory() + "/blobs.pack"));
        QVERIFY(pack.open(QIODevice::ReadWrite));
        const qsizetype output = pack.readAll().indexOf(QByteArray(1000, 'x'));
        QVERIFY(output > 0 && pack.seek(output + 600'000) && pack.write("y") == 1);
        pack.close();
        followed.takesMore = true;
        followed.feed.acknowledgeOutput(followed.ticket);
        QTRY_VERIFY2(followed.text(LogStream::Note).find("not what was stored") != std::string::npos,
                     followed.text(LogStream::Note).c_str());
        QVERIFY(followed.text(LogStream::Output).find('y') == std::string::npos);
        QVERIFY(followed.text(LogStream::Output).size() <= 600'000);
    }

    // The end that the sandbox keeps of a long stream may stand in chunks too; what no record has is said where it is missing.
    void chunksAndTheRestFitTogether()
    {
        struct Expected {
            std::uint64_t size;
            std::uint64_t skip;
            std::uint64_t missing;
            bool operator==(const Expected&) const = default;
        };
        struct Case {
            const char* rest;
            int total;
            int tail; // −1: the record does not say it
            std::vector<Expected> pieces;
        };
        const nlohmann::json chunk = {{"stream", "output"}, {"bytes", {{"text", "0123456789"}}}};
        for (const Case& one : std::vector<Case>{
                 {"", 10, 0, {}},
                 {"abcd", 14, 0, {{4, 0, 0}}},
                 {"abcd", 14, -1, {{4, 0, 0}}},
                 {"abcd", 12, 4, {{2, 2, 0}}},               // the end stands in the chunk too, in part
                 {"abcd", 20, 4, {{4, 0, 6}}},               // the chunk went on past what is kept of the beginning
                 {"abcd", 20, -1, {{4, 0, 6}}},              // of an older writer
                 {"abcdEND", 20, 3, {{4, 0, 0}, {3, 4, 3}}}, // the chunk ended before it
                 {"abcdEND", 16, 3, {{4, 0, 0}, {2, 5, 0}}},
                 {"abcd", 20, 1'000'000, {{4, 0, 6}}},
                 {"abcd", 5, 2, {{2, 0, 0}}}, // less than was streamed: no sense, no harm
             }) {
            OutputIndex index;
            index.addChunk(0, record(1, chunk));
            nlohmann::json data = {
                {"output", {{"text", one.rest}}}, {"outputBytes", one.total}, {"errorOutput", {{"text", ""}}}, {"errorBytes", 0}};
            if (one.tail >= 0)
                data["outputTail"] = one.tail;
            index.addRest(0, record(2, data));
            std::vector<Expected> found;
            for (std::size_t i = 1; i < index.pieces(0).size(); ++i)
                found.push_back({index.pieces(0)[i].size, index.pieces(0)[i].skip, index.pieces(0)[i].missing});
            QVERIFY2(found == one.pieces,
                     qPrintable(QStringLiteral("%1 of %2, %3").arg(QLatin1String(one.rest)).arg(one.total).arg(one.tail)));
        }
    }

    // After an effect of which nobody knows how it ended the same call may be executed again.
    void eachExecutionOfACallHasItsOwnOutput()
    {
        const auto call = [](nlohmann::json data) {
            data["call"] = "call_1";
            return data;
        };
        const auto chunk = [&call](const char* bytes) { return call({{"stream", "output"}, {"bytes", {{"text", bytes}}}}); };
        using journal::EventType;
        RunFold fold;
        std::uint64_t seq = 0;
        for (const auto& [type, data] : std::vector<std::pair<EventType, nlohmann::json>>{
                 {EventType::ToolRequested, call({{"tool", "exec_command"}})},
                 {EventType::EffectStarted, call({{"effect", "ef-1"}})},
                 {EventType::OutputChunk, chunk("first execution, cut off")},
                 {EventType::EffectUnknown, call({{"effect", "ef-1"}, {"why", "the writer died"}})},
                 {EventType::EffectStarted, call({{"effect", "ef-2"}})},
                 {EventType::OutputChunk, chunk("again: ")},
                 {EventType::EffectFinished,
                  call({{"effect", "ef-2"}, {"output", {{"text", "done"}}}, {"outputBytes", 11}, {"outputTail", 0}})}})
            (void)fold.apply(record(seq++, data, type));
        const std::vector<OutputPiece>& pieces = fold.output().pieces(0);
        QCOMPARE(int(pieces.size()), 4); // two chunks, why, and the rest
        QCOMPARE(pieces[3].size, std::uint64_t(4));
        QCOMPARE(pieces[3].skip, std::uint64_t(0));
        QCOMPARE(pieces[3].missing, std::uint64_t(0));
    }

    void whyAConnectionWasDeniedIsOutput()
    {
        RunFold fold;
        (void)fold.apply(record(0, {{"target", "example.org:443"}, {"why", "not on the list"}}, journal::EventType::EgressDenied));
        QCOMPARE(int(fold.output().pieces(0).size()), 1);
        QVERIFY(fold.output().pieces(0)[0].stream == LogStream::Says);
    }

    void anAlteredRunSaysSo()
    {
        test::TemporaryFolder folder;
        std::string directory;
        {
            test::SampleRun run(folder.path(), "altered");
            run.open();
            run.command("true", 0, "fine\n");
            directory = run.directory();
        }
        QFile journal(QString::fromStdString(directory + "/journal.jsonl"));
        QVERIFY(journal.open(QIODevice::ReadOnly));
        QByteArray bytes = journal.readAll();
        journal.close();
        bytes.replace("fine", "fain");
        QVERIFY(journal.open(QIODevice::WriteOnly));
        journal.write(bytes);
        journal.close();
        Followed followed(directory, m_thread);
        QTRY_VERIFY(followed.info.progress == RunProgress::Damaged);
        QVERIFY2(followed.info.problem.find("record") != std::string::npos, followed.info.problem.c_str());
    }

    void aFolderWithoutAJournalSaysSo()
    {
        test::TemporaryFolder folder;
        Followed followed(folder.path("nothing"), m_thread);
        QTRY_VERIFY(followed.info.progress == RunProgress::Damaged);
        QVERIFY(!followed.info.problem.empty());
    }

    void manyRowsComeInFewBatches()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "many");
        run.open();
        run.manyCalls(20'000);
        Followed followed(run.directory(), m_thread);
        QTRY_COMPARE_WITH_TIMEOUT(followed.model.rowCount(), 20'003, 30'000);
        QVERIFY2(followed.batches <= 20, qPrintable(QString::number(followed.batches)));
    }

    void theListOfRunsFollows()
    {
        test::TemporaryFolder folder;
        RunLister lister(folder.path(), m_thread);
        RunEntries entries;
        connect(&lister, &RunLister::entriesChanged, this, [&entries](const RunEntries& now) { entries = now; });
        lister.start();
        QTRY_VERIFY(entries && entries->empty());
        test::SampleRun first(folder.path(), "first");
        first.open();
        QTRY_COMPARE(int(entries->size()), 1);
        test::SampleRun second(folder.path(), "second");
        second.open();
        const std::string id = second.askForPatch();
        QTRY_VERIFY(entries->size() == 2 && entries->front().openApprovals.size() == 1);
        QCOMPARE(entries->front().info.name, std::string("second"));
        QCOMPARE(entries->front().number, 2);
        second.resolve(id, approval::VoteDecision::Deny);
        QTRY_VERIFY(entries->front().openApprovals.empty());
        first.finish();
        first.close();
        QTRY_VERIFY(entries->back().info.progress == RunProgress::Finished);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QGuiApplication, TestRunFeed)
#include "tst_runfeed.moc"
