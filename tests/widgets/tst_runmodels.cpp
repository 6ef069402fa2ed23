#include "tests/support/testmain.h"
#include "widgets/models/projecttreemodel.h"
#include "widgets/models/runlistmodel.h"
#include "widgets/models/runrecordmodel.h"

#include <QAbstractItemModelTester>
#include <QGuiApplication>
#include <QRandomGenerator>

using namespace gatehouse::widgets;

namespace {

RowPtr row(std::uint64_t seq, RowState state = RowState::Done)
{
    RunRow made;
    made.kind = RowKind::Call;
    made.state = state;
    made.firstSeq = seq;
    made.title = "exec_command";
    made.summary = "true";
    made.wall = "2026-11-21T12:00:00.000Z";
    return std::make_shared<const RunRow>(std::move(made));
}

RunEntries entries(int count)
{
    auto made = std::make_shared<std::vector<RunEntry>>();
    for (int i = count; i > 0; --i) {
        RunEntry entry;
        entry.number = i;
        entry.info.directory = "/runs/" + std::to_string(i);
        entry.info.name = "run";
        made->push_back(entry);
    }
    return made;
}

} // namespace

class TestRunModels : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void rowsComeAndChange()
    {
        RunRecordModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        RunBatch batch;
        batch.appended = {row(1, RowState::Running), row(2)};
        model.apply(batch);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, RunRecordModel::State).data(Qt::AccessibleTextRole).toString(), QStringLiteral("running"));
        QVERIFY(model.index(0, RunRecordModel::Duration).data().toString().isEmpty());
        QCOMPARE(model.index(0, RunRecordModel::Duration).data(Qt::AccessibleTextRole).toString(), QStringLiteral("no duration"));
        RunBatch change;
        change.changed = {{0, row(1, RowState::Denied)}};
        change.appended = {row(3)};
        model.apply(change);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, RunRecordModel::State).data().toString(), QStringLiteral("denied"));
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    // A batch that is not of this model's rows changes nothing.
    void aChangeOfARowThatIsNotThereIsDropped()
    {
        RunRecordModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        RunBatch batch;
        batch.changed = {{5, row(1)}, {-1, row(2)}};
        model.apply(batch);
        QCOMPARE(model.rowCount(), 0);
    }

    void hundredThousandRows()
    {
        RunRecordModel model;
        for (int i = 0; i < 50; ++i) {
            RunBatch batch;
            for (int k = 0; k < 2000; ++k)
                batch.appended.push_back(row(std::uint64_t(i * 2000 + k)));
            if (i > 0)
                batch.changed = {{i, row(std::uint64_t(i), RowState::Failed)}};
            model.apply(batch);
        }
        QCOMPARE(model.rowCount(), 100'000);
        QVERIFY(model.row(49)->state == RowState::Failed);
    }

    void timesCountFromTheBeginning()
    {
        RunRecordModel model;
        RunBatch batch;
        for (const std::int64_t past : {0, 213, 61'005, 3'600'000 + 2 * 60'000 + 3'000}) {
            RunRow made = *row(std::uint64_t(past));
            made.startMs = 1'795'000'000'000 + past;
            batch.appended.push_back(std::make_shared<const RunRow>(std::move(made)));
        }
        model.apply(batch);
        const auto time = [&](int index) { return model.index(index, RunRecordModel::Time).data().toString(); };
        QCOMPARE(time(0), QStringLiteral("0:00.000"));
        QCOMPARE(time(1), QStringLiteral("0:00.213"));
        QCOMPARE(time(2), QStringLiteral("1:01.005"));
        QCOMPARE(time(3), QStringLiteral("1:02:03"));
        QVERIFY(model.index(1, RunRecordModel::Time).data(Qt::ToolTipRole).toString().contains(QStringLiteral("2026-11-21")));
    }

    void textFromOutsideIsEscaped()
    {
        RunRow hostile;
        hostile.kind = RowKind::Call;
        hostile.title = "a\xE2\x80\xAE"
                        "b";
        hostile.summary = "one\rtwo";
        RunRecordModel model;
        RunBatch batch;
        batch.appended = {std::make_shared<const RunRow>(hostile)};
        model.apply(batch);
        for (int column = 0; column < RunRecordModel::ColumnCount; ++column) {
            const QString text = model.index(0, column).data().toString();
            QVERIFY(!text.contains(QChar(0x202E)) && !text.contains(u'\r'));
        }
        QVERIFY(model.index(0, RunRecordModel::What).data().toString().contains(QStringLiteral("U+202E")));
    }

    void runsInTheTree()
    {
        RunListModel runs;
        ProjectTreeModel tree(runs);
        QAbstractItemModelTester runsTester(&runs, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QAbstractItemModelTester treeTester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
        auto listing = std::make_shared<ProjectListing>();
        listing->workflows.push_back({{"credit-note", "/p/workflows/credit-note.workflow.json", "", ""}, "", "", "", "", {}, {}});
        listing->policies.push_back({"strict", "/p/policies/strict.policy.json", "5 rules", ""});
        tree.setListing(listing);
        const QModelIndex section = tree.sectionIndex(ProjectTreeModel::Section::Runs);
        runs.setEntries(entries(2));
        QCOMPARE(tree.rowCount(section), 2);
        const QPersistentModelIndex second = tree.index(1, 0, section);
        runs.setEntries(entries(3)); // a new run on top: those that were there stay
        QCOMPARE(tree.rowCount(section), 3);
        QCOMPARE(second.row(), 2);
        QCOMPARE(tree.index(0, 0, section).data().toString(), QStringLiteral("#3 run"));
        runs.setEntries(entries(1)); // two were removed
        QCOMPARE(tree.rowCount(section), 1);
        tree.setListing(std::make_shared<ProjectListing>());
        QCOMPARE(tree.rowCount(tree.sectionIndex(ProjectTreeModel::Section::Policies)), 0);
    }

    void randomGrowthKeepsTheModelsInStep()
    {
        RunListModel runs;
        ProjectTreeModel tree(runs);
        QAbstractItemModelTester tester(&tree, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QRandomGenerator random(7);
        for (int i = 0; i < 500; ++i) {
            runs.setEntries(entries(random.bounded(12)));
            QCOMPARE(tree.rowCount(tree.sectionIndex(ProjectTreeModel::Section::Runs)), runs.rowCount());
        }
    }

    void durations()
    {
        QLocale::setDefault(QLocale::c());
        QCOMPARE(shownDuration(-1), QString());
        QCOMPARE(shownDuration(206), QStringLiteral("206 ms"));
        QCOMPARE(shownDuration(3200), QStringLiteral("3.2 s"));
        QCOMPARE(shownDuration(124'000), QStringLiteral("2 m 04 s"));
        QCOMPARE(shownDuration(7'500'000), QStringLiteral("2 h 05 m"));
    }
};

GATEHOUSE_TEST_MAIN_WITH(QGuiApplication, TestRunModels)
#include "tst_runmodels.moc"
