#include "tests/support/testmain.h"
#include "widgets/diff/diffview.h"
#include "widgets/style/themer.h"
#include "widgets/text/codeview.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>

using namespace gatehouse::widgets;

static std::vector<CodeLine> numbered(int count)
{
    std::vector<CodeLine> lines;
    for (int i = 0; i < count; ++i) {
        CodeLine line;
        line.text = markedText("line " + std::to_string(i));
        line.label = QString::number(i + 1);
        lines.push_back(std::move(line));
    }
    return lines;
}

static DiffText diffOf(std::string patch)
{
    return diffText(parsePatch(std::move(patch)));
}

class TestCodeView : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    // A jump to the end shows the end: what lies between was not on screen.
    void eachRowCountsOnceItWasDrawn()
    {
        CodeView view;
        view.resize(400, 200);
        view.demandReading();
        view.setLines(numbered(500));
        QCOMPARE(view.unseenRows(), 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        const int page = view.verticalScrollBar()->pageStep();
        QTRY_COMPARE(view.unseenRows(), 500 - page);
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        QTRY_COMPARE(view.unseenRows(), 500 - 2 * page);
        QVERIFY(!view.wholeTextSeen());
        // Back over what was seen: nothing counts twice.
        view.verticalScrollBar()->setValue(0);
        QTest::qWait(20); // nothing is to happen, and there is no signal for that: time for a repaint to be wrong in
        QCOMPARE(view.unseenRows(), 500 - 2 * page);
        QSignalSpy changed(&view, &CodeView::readingChanged);
        int steps = 0;
        for (; !view.wholeTextSeen() && steps < 500; ++steps) {
            const int before = view.unseenRows();
            QVERIFY(!view.showFirstUnseen().isNull());
            QTRY_VERIFY(view.unseenRows() < before);
        }
        QVERIFY(steps >= 500 / page - 2);
        QTRY_COMPARE(changed.count(), steps);
        QVERIFY(view.showFirstUnseen().isNull());
        view.setLines(numbered(500));
        QVERIFY(!view.wholeTextSeen());
    }

    // A line that is wrapped anew stays seen if all of it was; one that was seen in part does not.
    void wrappingAnewForgetsNoLineAndAddsNone()
    {
        CodeView view;
        view.resize(600, 200);
        view.setWrapping(Wrapping::On);
        view.demandReading();
        std::vector<CodeLine> lines = numbered(2);
        lines[1].text = markedText(std::string(3000, 'x'));
        view.setLines(lines);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        const int page = view.verticalScrollBar()->pageStep();
        const int wide = view.rowCount();
        QTRY_COMPARE(view.unseenRows(), wide - page);
        view.hide();
        view.resize(400, 200);
        view.show();
        view.hide(); // laid out, not drawn
        QVERIFY(view.rowCount() > wide);
        QCOMPARE(view.unseenRows(), view.rowCount() - 1);
        view.show();
        while (!view.wholeTextSeen()) {
            const int before = view.unseenRows();
            (void)view.showFirstUnseen();
            QTRY_VERIFY(view.unseenRows() < before);
        }
        view.resize(300, 200);
        QTest::qWait(20); // time to be laid out and drawn; longer, and all of it was read
        QVERIFY(view.wholeTextSeen());
    }

    // What another area hides was not on screen.
    void whatIsCutOffIsNotSeen()
    {
        QScrollArea area;
        area.resize(400, 100);
        auto* view = new CodeView;
        view->setFixedSize(360, 400);
        view->demandReading();
        view->setLines(numbered(20));
        area.setWidget(view);
        area.show();
        QVERIFY(QTest::qWaitForWindowExposed(&area));
        QTRY_VERIFY(view->unseenRows() < 20);
        QVERIFY(view->unseenRows() > 12);
        area.verticalScrollBar()->setValue(area.verticalScrollBar()->maximum());
        QTest::qWait(20); // time for a repaint: nothing more may be counted than what was drawn
        QVERIFY(!view->wholeTextSeen());
    }

    void aHiddenViewSeesNothing()
    {
        CodeView view;
        view.resize(400, 400);
        view.demandReading();
        view.setLines(numbered(3));
        (void)view.grab(); // paints, but on no screen
        QVERIFY(!view.wholeTextSeen());
    }

    // Every character of a wrapped line stands in exactly one row: nothing can hide beside the view.
    void wrappingLosesNothing()
    {
        CodeView view;
        view.resize(300, 200);
        view.setWrapping(Wrapping::On);
        CodeLine line;
        for (int i = 0; i < 5000; ++i)
            line.text.text += i % 7 == 0 ? QStringLiteral("\U0001F512") : QStringLiteral("x");
        const auto length = line.text.text.size();
        view.setLines({line});
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QVERIFY(view.rowCount() > 100);
        QCOMPARE(view.lineText(0).size(), length);
        QCOMPARE(view.horizontalScrollBar()->maximum(), 0);
    }

    void keysMoveAndCopy()
    {
        CodeView view;
        view.resize(400, 200);
        view.setLines(numbered(50));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QTest::keyClick(&view, Qt::Key_Home);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(view.currentLine(), 2);
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("line 1\nline 2"));
        QTest::keyClick(&view, Qt::Key_End);
        QCOMPARE(view.currentLine(), 49);
        QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
    }

    void aLongLineAndManyLinesPaintInAFrame()
    {
        CodeView view;
        view.resize(800, 600);
        auto lines = numbered(200'000);
        lines[3].text.text = QString(1'000'000, u'x');
        view.setLines(std::move(lines));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QElapsedTimer timer;
        timer.start();
        (void)view.viewport()->grab();
        QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
    }

    void rowsOfADiff()
    {
        DiffView view;
        view.resize(500, 300);
        view.setDiff(diffOf("diff --git a/a.sh b/a.sh\n--- a/a.sh\n+++ b/a.sh\n@@ -1,2 +1,2 @@\n-for n in x; do :; done\n+for m in x; "
                            "do :; done\n same\n"));
        const auto& lines = view.lines();
        QCOMPARE(int(lines.size()), 5);
        QVERIFY(lines[0].tone == LineTone::Heading);
        QVERIFY(lines[0].text.text.contains(QStringLiteral("+1")));
        QVERIFY(lines[2].tone == LineTone::Removed);
        QCOMPARE(lines[2].label, QStringLiteral("1"));
        QCOMPARE(lines[2].label2, QString());
        QVERIFY(lines[3].tone == LineTone::Added);
        QCOMPARE(lines[3].sign, QChar(u'+'));
        const std::vector<TextRange> word = {{4, 1}};
        QVERIFY(lines[3].words == word);
        if (syntaxEngineName().isEmpty())
            return;
        QTRY_VERIFY(view.hasColours());
        QVERIFY(!view.lines()[3].syntax.empty());
        QVERIFY(view.lines()[3].syntax.front().kind == SyntaxKind::Keyword);
    }

    // A colour answer for a patch that is no longer shown must not reach the next one.
    void staleColoursAreDropped()
    {
        DiffView view;
        QSignalSpy arrived(&view, &DiffView::coloursArrived);
        view.setDiff(diffOf("diff --git a/a.sh b/a.sh\n--- a/a.sh\n+++ b/a.sh\n@@ -1,1 +1,1 @@\n-for\n+while\n"));
        view.setDiff(diffOf("diff --git a/a.sh b/a.sh\n--- a/a.sh\n+++ b/a.sh\n@@ -1,1 +1,1 @@\n-if\n+then\n"));
        QVERIFY(arrived.wait());
        QTest::qWait(0);
        QCOMPARE(arrived.count(), 1);
    }

    // A screen reader finds every line, and hears what the colours say.
    void everyLineIsAccessible()
    {
        DiffView view;
        view.resize(400, 200);
        view.setDiff(diffOf("diff --git a/a.sh b/a.sh\n--- a/a.sh\n+++ b/a.sh\n@@ -1,1 +1,1 @@\n-for\n+while\n"));
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&view);
        QVERIFY(face);
        QCOMPARE(face->role(), QAccessible::List);
        QCOMPARE(face->childCount(), int(view.lines().size()));
        QStringList spoken;
        for (int i = 0; i < face->childCount(); ++i) {
            QVERIFY(face->child(i)->isValid());
            QCOMPARE(face->indexOfChild(face->child(i)), i);
            spoken << face->child(i)->text(QAccessible::Name);
        }
        QVERIFY2(spoken.contains(QStringLiteral("removed 1 for")), qPrintable(spoken.join(u'|')));
        QVERIFY2(spoken.contains(QStringLiteral("added while")), qPrintable(spoken.join(u'|')));
        QAccessibleInterface* last = face->child(face->childCount() - 1);
        view.setLines({});
        QVERIFY(!last->isValid());
        QCOMPARE(face->childCount(), 0);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestCodeView)
#include "tst_codeview.moc"
