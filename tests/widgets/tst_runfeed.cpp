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

    RunRecordModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    RunInfo info;
    std::vector<ApprovalPtr> approvals;
    RowDetailPtr detail;
    int batches = 0;
    RunFeed feed;
};

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
        QTRY_COMPARE(followed.model.rowCount(), 5);
        const auto ticket = followed.feed.requestDetail(followed.model.row(3));
        QTRY_VERIFY(followed.detail && followed.detail->ticket == ticket);
        QCOMPARE(followed.detail->output.size(), std::size_t(40'000));
        QVERIFY(followed.detail->arguments.find("cat big") != std::string::npos);
        QVERIFY(!followed.detail->records.empty());
        QVERIFY(!followed.detail->lines.output.empty()); // made where it was read
        QVERIFY(!followed.detail->lines.arguments.empty() && !followed.detail->lines.records.empty());
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
        followed.feed.requestDetail(lastRow(followed.model));
        QTRY_VERIFY(followed.detail);
        QCOMPARE(followed.detail->error, std::string("cc: no input files\n"));
        QVERIFY(followed.detail->problems.empty());
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
