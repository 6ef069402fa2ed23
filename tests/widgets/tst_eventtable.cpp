#include "tests/support/testmain.h"
#include "widgets/style/themer.h"
#include "widgets/timeline/eventtable.h"

#include <QApplication>
#include <QHeaderView>

using namespace gatehouse::widgets;

namespace {

struct Fixture {
    Fixture() : table(model)
    {
        RunBatch batch;
        for (int i = 0; i < 5; ++i) {
            RunRow row;
            row.kind = RowKind::Call;
            row.state = RowState::Done;
            row.firstSeq = std::uint64_t(i);
            row.title = "exec_command";
            row.summary = "sh tests/test_credit_note.sh";
            batch.appended.push_back(std::make_shared<const RunRow>(std::move(row)));
        }
        model.apply(batch);
        table.show();
    }

    [[nodiscard]] int summaryAt(int width)
    {
        table.resize(width, 300);
        QCoreApplication::processEvents();
        return table.columnWidth(RunRecordModel::Summary);
    }
    [[nodiscard]] std::vector<int> hidden() const
    {
        std::vector<int> columns;
        for (int column = 0; column < RunRecordModel::ColumnCount; ++column)
            if (table.isColumnHidden(column))
                columns.push_back(column);
        return columns;
    }

    RunRecordModel model;
    EventTable table;
};

} // namespace

class TestEventTable : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    // What happened is read at every width; how long it took, who did it and when give way to it, in this order.
    void whatHappenedHasRoom()
    {
        Fixture f;
        QVERIFY(f.summaryAt(900) >= 132);
        QVERIFY(f.hidden().empty());
        std::vector<std::vector<int>> seen;
        for (int width = 900; width >= 350; width -= 10) {
            QVERIFY2(f.summaryAt(width) >= 132, qPrintable(QString::number(width)));
            if (seen.empty() || seen.back() != f.hidden())
                seen.push_back(f.hidden());
        }
        const std::vector<std::vector<int>> inOrder = {{},
                                                       {RunRecordModel::Duration},
                                                       {RunRecordModel::Agent, RunRecordModel::Duration},
                                                       {RunRecordModel::Time, RunRecordModel::Agent, RunRecordModel::Duration}};
        QVERIFY(seen == inOrder);
        int widths = 0;
        for (int column = 0; column < RunRecordModel::ColumnCount; ++column)
            widths += f.table.isColumnHidden(column) ? 0 : f.table.columnWidth(column);
        QCOMPARE(widths, f.table.viewport()->width());
    }

    void keysWalkTheRowsAlsoWithoutTheTime()
    {
        Fixture f;
        (void)f.summaryAt(900);
        f.table.setCurrentIndex(f.model.index(0, RunRecordModel::Time));
        (void)f.summaryAt(340);
        QVERIFY(f.table.isColumnHidden(RunRecordModel::Time));
        QCOMPARE(f.table.currentIndex().row(), 0);
        QTest::keyClick(&f.table, Qt::Key_Down);
        QCOMPARE(f.table.currentIndex().row(), 1);
        QTest::keyClick(&f.table, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(f.table.currentIndex().row(), 4);
        QTest::keyClick(&f.table, Qt::Key_Home, Qt::ControlModifier);
        QCOMPARE(f.table.currentIndex().row(), 0);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestEventTable)
#include "tst_eventtable.moc"
