#include "tests/support/testmain.h"
#include "widgets/inspector/detailpane.h"
#include "widgets/style/themer.h"

#include <QApplication>
#include <QSignalSpy>

#include <algorithm>

using namespace gatehouse::widgets;

namespace {

// A call with arguments and a record, shown in the pane.
struct Shown {
    Shown()
    {
        pane.resize(700, 400);
        pane.show();
        ready = QTest::qWaitForWindowExposed(&pane);
        RunRow row;
        row.kind = RowKind::Call;
        row.state = RowState::Running;
        row.firstSeq = 3;
        pane.setRow(std::make_shared<const RunRow>(row));
        RowDetail detail;
        CodeLine line;
        line.text.text = QStringLiteral("text");
        detail.lines.arguments = {line};
        detail.lines.records = {line};
        pane.setDetail(detail);
    }
    void takeOutput()
    {
        OutputBatch batch;
        batch.first = true;
        batch.pieces = {{LogStream::Output, "written\n"}};
        pane.takeOutput(batch);
    }
    [[nodiscard]] QTabBar& tabs() const
    {
        const QList<QTabBar*> bars = pane.findChildren<QTabBar*>(); // the diff has one too
        return **std::ranges::find(bars, int(DetailPane::TabCount), &QTabBar::count);
    }
    DetailPane pane;
    bool ready = false;
};

} // namespace

class TestDetailPane : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void theFirstOutputIsShown()
    {
        Shown shown;
        QVERIFY(shown.ready);
        QCOMPARE(shown.pane.tab(), DetailPane::Arguments);
        shown.tabs().setFocus(); // a window of its own gives a page the focus, and nobody reads it
        QSignalSpy taken(&shown.pane, &DetailPane::outputTaken);
        shown.takeOutput();
        QCOMPARE(shown.pane.tab(), DetailPane::Output);
        QCOMPARE(taken.count(), 1);
        QCOMPARE(shown.pane.output().view().lineText(0), QStringLiteral("written"));
    }

    // What a person chose, by mouse or by keys, or reads stays.
    void theFirstOutputTakesNothingAway()
    {
        Shown byKeys;
        byKeys.tabs().setFocus();
        for (int i = 0; byKeys.pane.tab() != DetailPane::Record && i < DetailPane::TabCount; ++i)
            QTest::keyClick(&byKeys.tabs(), Qt::Key_Right);
        QCOMPARE(byKeys.pane.tab(), DetailPane::Record);
        byKeys.pane.codeView(DetailPane::Record).setFocus();
        byKeys.takeOutput();
        QCOMPARE(byKeys.pane.tab(), DetailPane::Record);
        Shown reading;
        QVERIFY(reading.ready);
        reading.pane.activateWindow();
        reading.pane.codeView(DetailPane::Arguments).setFocus();
        QTRY_VERIFY(reading.pane.codeView(DetailPane::Arguments).hasFocus());
        reading.takeOutput();
        QCOMPARE(reading.pane.tab(), DetailPane::Arguments);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestDetailPane)
#include "tst_detailpane.moc"
