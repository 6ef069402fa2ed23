#include "tests/support/testmain.h"
#include "widgets/style/fonts.h"
#include "widgets/style/themer.h"
#include "widgets/terminal/logpalette.h"
#include "widgets/terminal/logpane.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>

#include <functional>

using namespace gatehouse::widgets;

namespace {

std::string numbered(int from, int to)
{
    std::string text;
    for (int i = from; i < to; ++i)
        text += "line " + std::to_string(i) + '\n';
    return text;
}

bool show(QWidget& view, QSize size = {500, 300})
{
    view.resize(size);
    view.show();
    return QTest::qWaitForWindowExposed(&view);
}

// The rightmost: left of the first column is the gutter, where whole lines are selected.
QPoint pointOf(const LogView& view, std::uint64_t line, int column)
{
    for (int x = view.viewport()->width() - 1; x >= 0; --x) {
        const QPoint point(x, view.lineRect(line).center().y());
        if (view.placeAt(point) == LogView::Place{line, column})
            return point;
    }
    return {};
}

QPushButton* pillOf(const LogView& view)
{
    return view.findChild<QPushButton*>();
}

} // namespace

class TestLogView : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void theTailIsFollowedUntilThePersonScrollsUp()
    {
        LogView view;
        QVERIFY(show(view));
        view.append(LogStream::Output, numbered(0, 100));
        QVERIFY(view.isFollowing());
        QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
        view.append(LogStream::Output, numbered(100, 200));
        QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
        QVERIFY(!pillOf(view)->isVisible());
        view.verticalScrollBar()->setValue(10);
        QVERIFY(!view.isFollowing());
        view.append(LogStream::Output, numbered(200, 230));
        QCOMPARE(view.verticalScrollBar()->value(), 10);
        QCOMPARE(view.unseenLines(), std::uint64_t(30));
        QVERIFY(pillOf(view)->isVisible());
        QVERIFY(pillOf(view)->accessibleName().contains(QStringLiteral("30")));
        pillOf(view)->click();
        QVERIFY(view.isFollowing() && !pillOf(view)->isVisible());
        QCOMPARE(view.unseenLines(), std::uint64_t(0));
        QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
        QTest::keyClick(&view, Qt::Key_Home);
        QVERIFY(!view.isFollowing());
        QTest::keyClick(&view, Qt::Key_End);
        QVERIFY(view.isFollowing());
    }

    void whatIsReadStaysInPlaceWhileTheFirstLinesGo()
    {
        LogView view({.bytes = 1 << 20, .lines = 200});
        QVERIFY(show(view));
        view.append(LogStream::Output, numbered(0, 200));
        view.verticalScrollBar()->setValue(100);
        const std::uint64_t top = view.placeAt({200, 2}).line;
        view.append(LogStream::Output, numbered(200, 250));
        QCOMPARE(view.placeAt({200, 2}).line, top);
        view.append(LogStream::Output, numbered(250, 1000)); // it went
        QCOMPARE(view.verticalScrollBar()->value(), 0);
    }

    // Also where the rows that go are more than those that come.
    void whatIsReadStaysInPlaceWhileRowsGo()
    {
        LogView view({.bytes = 1 << 20, .lines = 200});
        QVERIFY(show(view));
        view.setWrapping(Wrapping::On);
        for (int i = 0; i < 150; ++i)
            view.append(LogStream::Output, std::string(400, 'x') + '\n');
        view.append(LogStream::Output, numbered(0, 50));
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() - 5);
        const LogView::Place top = view.placeAt({0, 2});
        QVERIFY(top.line > 150);
        view.append(LogStream::Output, numbered(50, 150));
        QCOMPARE(view.store().firstLine(), std::uint64_t(100));
        QVERIFY(view.placeAt({0, 2}) == top);
    }

    // By a splitter, by another font, by wrapping: what is at the top stays, to the column, and comes back.
    void whatIsReadStaysInPlaceWhileTheWidthChanges()
    {
        LogView view;
        QVERIFY(show(view, {600, 300}));
        view.setWrapping(Wrapping::On);
        for (int i = 0; i < 300; ++i)
            view.append(LogStream::Output, std::string(500, 'x') + '\n');
        view.verticalScrollBar()->setValue(view.rowCount() / 2 + 3);
        const LogView::Place top = view.placeAt({0, 2});
        QVERIFY(top.column > 0);
        // The row at the top is the one that holds it. Other rows may take some events to come.
        const auto holdsTop = [&] { return view.placeAt({0, 2}) <= top && view.placeAt({0, 2 + view.rowHeight()}) > top; };
        for (const int width : {300, 200, 411, 250, 600}) {
            view.resize(width, 300);
            QCOMPARE(view.placeAt({0, 2}).line, top.line);
            QTRY_VERIFY(holdsTop());
        }
        view.setWrapping(Wrapping::Off);
        QTRY_VERIFY((view.placeAt({0, 2}) == LogView::Place{top.line, 0}));
        view.setWrapping(Wrapping::On);
        QTRY_VERIFY(holdsTop());
    }

    // Much of it between other events, in the same order and to the same end.
    void takenInSlices()
    {
        std::string hostile;
        for (int i = 0; i < 200'000; ++i)
            hostile += "\xFF\x1b[9Cx\x1b[3" + std::to_string(i % 8) + "m\n";
        LogView whole;
        whole.append(LogStream::Output, hostile);
        LogView view;
        QVERIFY(show(view));
        QSignalSpy taken(&view, &LogView::taken);
        view.take({{LogStream::Output, "first\n"}});
        QCOMPARE(taken.count(), 1); // little is there at once
        view.clear();
        view.take({{LogStream::Output, hostile}, {LogStream::Error, "last\n"}});
        QCOMPARE(taken.count(), 1);
        QVERIFY(view.store().endLine() > 0 && view.store().endLine() < whole.store().endLine());
        QTRY_COMPARE_WITH_TIMEOUT(taken.count(), 2, 60'000);
        QCOMPARE(view.store().endLine(), whole.store().endLine() + 1);
        QCOMPARE(view.lineText(123'456), whole.lineText(123'456));
        QCOMPARE(view.lineText(200'000), QStringLiteral("last"));
        view.take({{LogStream::Output, hostile}});
        view.clear(); // what waits is dropped
        QCoreApplication::processEvents();
        QVERIFY(view.store().isEmpty());
        view.take({});
        QCOMPARE(taken.count(), 3);
    }

    void selectedByMouse()
    {
        LogView view;
        QVERIFY(show(view));
        view.append(LogStream::Output, "\x1b[31mfirst\x1b[0m line\nsecond \xE4\xB8\xAD line\nthird\n");
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, pointOf(view, 0, 6));
        QMouseEvent move(QEvent::MouseMove, pointOf(view, 1, 7), view.viewport()->mapToGlobal(pointOf(view, 1, 7)), Qt::NoButton,
                         Qt::LeftButton, {});
        QApplication::sendEvent(view.viewport(), &move);
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, pointOf(view, 1, 7));
        QCOMPARE(view.selectedText(), QStringLiteral("line\nsecond "));
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, pointOf(view, 2, 2));
        QCOMPARE(view.selectedText(), QStringLiteral("third"));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(4, view.lineRect(1).center().y())); // the gutter: whole lines
        QCOMPARE(view.selectedText(), QString::fromUtf8("second \xE4\xB8\xAD line"));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, pointOf(view, 0, 3));
        QVERIFY(!view.hasSelection());
    }

    void selectedAndCopiedByKeyboard()
    {
        LogView view;
        QVERIFY(show(view));
        view.append(LogStream::Output, "one\n\x1b[1mtwo\x1b[0m\r\nth\xE4\xB8\xADree\n");
        QTest::keyClick(&view, Qt::Key_Home);
        QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("ne\ntw"));
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(!view.hasSelection());
        view.select({2, 0}, {2, 0});
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(view.selectedText(), QString::fromUtf8("th\xE4\xB8\xAD")); // over the wide one in one step
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(view.selectedText(), QString::fromUtf8("one\ntwo\nth\xE4\xB8\xADree"));
    }

    void aHugeCopyIsCutAndSaysSo()
    {
        LogPane pane;
        QVERIFY(show(pane));
        for (int i = 0; i < 50; ++i)
            pane.view().append(LogStream::Output, std::string(100'000, 'x') + "\n" + numbered(0, 12'000));
        pane.view().select({0, 0}, {1'000'000, 0});
        pane.view().copy();
        QCOMPARE(QApplication::clipboard()->text().size(), LogView::longestCopy);
        QVERIFY2(pane.facts().contains(QStringLiteral("not all of it was copied")), qPrintable(pane.facts()));
    }

    // A line that was cut says so: to the eye, at the clipboard, to a screen reader.
    void aCutLineSaysSo()
    {
        LogView whole;
        LogView cut;
        QVERIFY(show(whole) && show(cut));
        whole.append(LogStream::Output, std::string(AnsiLineBuilder::mostColumns, 'x') + "\nnext\n");
        cut.append(LogStream::Output, std::string(AnsiLineBuilder::mostColumns + 5000, 'x') + "\nnext\n");
        const int notice = QFontMetrics(textFont(TextSize::Caption)).horizontalAdvance(QStringLiteral("… the line is longer"));
        QVERIFY(cut.horizontalScrollBar()->maximum() >= whole.horizontalScrollBar()->maximum() + notice);
        whole.setWrapping(Wrapping::On);
        cut.setWrapping(Wrapping::On);
        QCOMPARE(cut.rowCount(), whole.rowCount() + 1);
        QVERIFY(cut.spokenLine(0).endsWith(QStringLiteral("longer")) && !whole.spokenLine(0).endsWith(QStringLiteral("longer")));
        QSignalSpy copied(&cut, &LogView::copied);
        cut.select({0, 0}, {1, 2});
        cut.copy();
        QVERIFY(!copied.takeFirst().at(0).toBool());
        cut.select({0, 0}, {0, 10});
        cut.copy();
        QVERIFY(copied.takeFirst().at(0).toBool());
    }

    // What is selected does not run away.
    void selectingLetsGoOfTheTail()
    {
        LogView view;
        QVERIFY(show(view));
        view.append(LogStream::Output, numbered(0, 100));
        const std::uint64_t line = view.placeAt({100, 50}).line;
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, pointOf(view, line, 0));
        QMouseEvent move(QEvent::MouseMove, pointOf(view, line, 4), view.viewport()->mapToGlobal(pointOf(view, line, 4)), Qt::NoButton,
                         Qt::LeftButton, {});
        QApplication::sendEvent(view.viewport(), &move);
        view.append(LogStream::Output, numbered(100, 150));
        QCOMPARE(view.placeAt({100, 50}).line, line);
        QCOMPARE(view.selectedText(), QStringLiteral("line"));
        QCOMPARE(view.unseenLines(), std::uint64_t(50));
    }

    void everySelectionLetsGoOfTheTail()
    {
        const auto runsAway = [](const std::function<void(LogView&)>& select) {
            LogView view;
            (void)show(view);
            view.append(LogStream::Output, numbered(0, 100));
            const std::uint64_t top = view.placeAt({100, 2}).line;
            select(view);
            view.append(LogStream::Output, numbered(100, 150));
            return !view.hasSelection() || view.isFollowing() || view.placeAt({100, 2}).line != top;
        };
        QVERIFY(!runsAway([](LogView& view) {
            QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, pointOf(view, view.placeAt({100, 50}).line, 2));
        }));
        QVERIFY(!runsAway([](LogView& view) { QTest::keyClick(&view, Qt::Key_Left, Qt::ShiftModifier); }));
        QVERIFY(!runsAway([](LogView& view) { view.select({99, 0}, {99, 4}); }));
        QVERIFY(!runsAway([](LogView& view) {
            view.search().setNeedle(QStringLiteral("line 99"), Qt::CaseSensitive);
            QTRY_VERIFY(view.search().isDone());
            QVERIFY(view.goToHit(1));
        }));
    }

    // Keys begin at what is seen, and going back lets go of the tail.
    void keysBeginAtTheTail()
    {
        LogView view;
        QVERIFY(show(view));
        view.append(LogStream::Output, numbered(0, 100));
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.caret().line, std::uint64_t(98));
        QVERIFY(!view.isFollowing());
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.caret().line, std::uint64_t(99));
        QVERIFY(view.isFollowing());
    }

    // Up, down and by pages go by the rows that are seen, at one column.
    void keysMoveByRows()
    {
        LogView view;
        QVERIFY(show(view));
        view.setWrapping(Wrapping::On);
        view.append(LogStream::Output, std::string(3000, 'x') + "\nshort\n" + std::string(3000, 'y') + "\n");
        QTest::keyClick(&view, Qt::Key_Home);
        for (int i = 0; i < 7; ++i)
            QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.caret().line, std::uint64_t(0));
        const int columns = view.caret().column - 7;
        QVERIFY(columns > 16);
        QTest::keyClick(&view, Qt::Key_PageDown);
        QCOMPARE(view.caret().line, std::uint64_t(0));
        QCOMPARE(view.caret().column, 7 + columns * (1 + view.verticalScrollBar()->pageStep()));
        view.select({1, 4}, {1, 4});
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.caret().line, std::uint64_t(0));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.caret(), (LogView::Place{1, 4}));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.caret(), (LogView::Place{2, 4}));
        // Through a short line and on at the column where it began.
        view.select({2, 9}, {2, 9});
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.caret(), (LogView::Place{1, 5}));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.caret(), (LogView::Place{2, 9}));
    }

    void theCurrentHitStaysTheOneThatIsSelected()
    {
        LogView view({.bytes = 1 << 20, .lines = 200});
        QVERIFY(show(view));
        view.append(LogStream::Output, numbered(0, 200));
        view.search().setNeedle(QStringLiteral("7"), Qt::CaseSensitive);
        QTRY_VERIFY(view.search().isDone());
        view.select({150, 0}, {150, 0});
        QVERIFY(view.goToHit(1));
        QCOMPARE(view.caret().line, std::uint64_t(157));
        view.append(LogStream::Output, numbered(200, 300));
        QTRY_VERIFY(view.search().isDone());
        QVERIFY(view.currentHit() >= 0);
        QCOMPARE(view.search().hits().at(std::size_t(view.currentHit())).line, std::uint64_t(157));
        QVERIFY(view.goToHit(1));
        QCOMPARE(view.caret().line, std::uint64_t(167));
        view.append(LogStream::Output, numbered(300, 400)); // it went
        QCOMPARE(view.currentHit(), -1);
        view.select({250, 0}, {250, 0});
        QVERIFY(view.goToHit(-1)); // the one before the caret
        QCOMPARE(view.caret().line, std::uint64_t(247));
        view.select({250, 0}, {250, 3});
        QCOMPARE(view.currentHit(), -1);
    }

    void nothingIsFoundInWhatWasCleared()
    {
        LogView view;
        view.append(LogStream::Output, "needle");
        view.search().setNeedle(QStringLiteral("needle"), Qt::CaseSensitive);
        QTRY_COMPARE(view.search().hits().size(), std::size_t(1));
        view.clear();
        QVERIFY(view.search().hits().empty());
        view.append(LogStream::Output, "other\nneedle");
        QTRY_COMPARE(view.search().hits().size(), std::size_t(1));
        QCOMPARE(view.search().hits()[0].line, std::uint64_t(1));
    }

    // What comes long after nothing was found takes nobody there.
    void notFoundIsOver()
    {
        LogPane pane;
        QVERIFY(show(pane));
        pane.view().append(LogStream::Output, numbered(0, 500));
        pane.openFind();
        pane.findField().setText(QStringLiteral("nowhere"));
        QTRY_COMPARE(pane.findCount(), QStringLiteral("Not found"));
        pane.view().verticalScrollBar()->setValue(10);
        pane.view().append(LogStream::Output, "nowhere\n");
        QTRY_COMPARE(pane.findCount(), QStringLiteral("1"));
        QVERIFY(!pane.view().hasSelection());
        QCOMPARE(pane.view().verticalScrollBar()->value(), 10);
    }

    void theFirstHitIsFromTheCaret()
    {
        LogPane pane;
        QVERIFY(show(pane));
        pane.view().append(LogStream::Output, numbered(0, 200'000));
        pane.view().select({150'000, 0}, {150'000, 0});
        pane.openFind();
        pane.findField().setText(QStringLiteral("line 15"));
        QTRY_VERIFY(pane.view().hasSelection());
        QCOMPARE(pane.view().caret().line, std::uint64_t(150'000));
    }

    void found()
    {
        LogPane pane;
        QVERIFY(show(pane));
        pane.view().append(LogStream::Output, numbered(0, 500));
        pane.view().setFocus();
        QTest::keyClick(&pane.view(), Qt::Key_Home);
        QTest::keyClick(&pane.view(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(pane.isFindOpen());
        QVERIFY(pane.findField().hasFocus());
        QTest::keyClicks(&pane.findField(), QStringLiteral("LINE 49"));
        QTRY_COMPARE(pane.findCount(), QStringLiteral("1 of 11")); // 49, 490 … 499
        QCOMPARE(pane.view().selectedText(), QStringLiteral("line 49"));
        QVERIFY(!pane.view().lineRect(49).isEmpty());
        QTest::keyClick(&pane.findField(), Qt::Key_Return);
        QCOMPARE(pane.findCount(), QStringLiteral("2 of 11"));
        QVERIFY(!pane.view().lineRect(490).isEmpty());
        QTest::keyClick(&pane.findField(), Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClick(&pane.findField(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(pane.findCount(), QStringLiteral("11 of 11")); // around the ends
        pane.view().append(LogStream::Output, "\x1b[31mline 49\x1b[0m again\n");
        QTRY_COMPARE(pane.findCount(), QStringLiteral("11 of 12"));
        pane.findField().setText(QStringLiteral("nowhere"));
        QTRY_COMPARE(pane.findCount(), QStringLiteral("Not found"));
        QTest::keyClick(&pane.findField(), Qt::Key_Escape);
        QVERIFY(!pane.isFindOpen());
        QVERIFY(pane.view().hasFocus());
    }

    void wrapped()
    {
        LogView view;
        QVERIFY(show(view, {300, 300}));
        view.append(LogStream::Output, std::string(200, 'x') + "\nshort\n");
        QCOMPARE(view.rowCount(), 2);
        QVERIFY(view.horizontalScrollBar()->maximum() > 0);
        QTest::keyClick(&view, Qt::Key_Z, Qt::AltModifier);
        QVERIFY(view.wrapping() == Wrapping::On);
        QVERIFY(view.rowCount() > 5);
        QCOMPARE(view.horizontalScrollBar()->maximum(), 0);
        const int narrow = view.rowCount();
        view.resize(600, 300);
        QVERIFY(view.rowCount() < narrow);
        view.select({0, 100}, {0, 100});
        QTest::keyClick(&view, Qt::Key_Z, Qt::AltModifier);
        QCOMPARE(view.rowCount(), 2);
    }

    void factsSayWhatIsNotShown()
    {
        LogPane pane;
        QVERIFY(show(pane));
        pane.view().append(LogStream::Output, "a\x1b]0;title\x07\x1b[2J\n");
        QVERIFY2(pane.facts().contains(QStringLiteral("2 control sequence")), qPrintable(pane.facts()));
        pane.setBehind(3'000'000);
        QVERIFY(pane.facts().contains(QStringLiteral("behind by")));
        pane.setBehind(0);
        pane.setHeldBack(5'000'000);
        QVERIFY(pane.facts().contains(QStringLiteral("more not shown")));
        QSignalSpy more(&pane, &LogPane::moreRequested);
        for (QPushButton* button : pane.findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Show more"))
                button->click();
        QCOMPARE(more.count(), 1);
        pane.clear();
        QVERIFY(!pane.facts().contains(QStringLiteral("more")));
    }

    // Whatever a program asks for can be read, on every surface that lies under it.
    void everyColourIsReadable()
    {
        const Theme before = currentTheme();
        for (const Theme theme : {Theme::Light, Theme::Dark, Theme::HighContrast, Theme::HighContrastDark}) {
            setCurrentTheme(theme);
            for (int ink = -1; ink < 256; ink += 1) {
                for (const int ground : {-1, 0, 1, 3, 7, 15, 16, 46, 231, 244}) {
                    for (const int flags : {0, int(AnsiStyle::Faint), int(AnsiStyle::Inverse), int(AnsiStyle::Mark)}) {
                        AnsiStyle style;
                        style.ink = ink < 0 ? AnsiColour() : AnsiColour::indexed(std::uint8_t(ink));
                        style.ground = ground < 0 ? AnsiColour() : AnsiColour::indexed(std::uint8_t(ground));
                        style.flags = std::uint8_t(flags);
                        const Tokens& t = tokens();
                        for (const QColor& surface : {t.panel, t.panelSecond, t.askTint, t.accentTint, t.denyTint, t.accent, t.text}) {
                            const LogInk made = logInk(style, surface);
                            QVERIFY(contrast(made.ink, made.ground.isValid() ? made.ground : surface) >= 4.5);
                        }
                    }
                }
            }
        }
        setCurrentTheme(before);
    }

    void everyLineIsAccessible()
    {
        LogView view;
        QVERIFY(show(view));
        view.append(LogStream::Output, "\x1b[32mfine\x1b[0m\n");
        view.append(LogStream::Error, "broken\n");
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&view);
        QVERIFY(face);
        QCOMPARE(face->role(), QAccessible::List);
        QVERIFY(!face->text(QAccessible::Name).isEmpty());
        QCOMPARE(face->childCount(), 2);
        QCOMPARE(face->child(0)->text(QAccessible::Name), QStringLiteral("fine"));
        QCOMPARE(face->child(1)->text(QAccessible::Name), QStringLiteral("standard error: broken"));
        QCOMPARE(face->indexOfChild(face->child(1)), 1);
        QVERIFY(!face->child(0)->rect().isEmpty());
        QAccessibleInterface* last = face->child(1);
        view.clear();
        QVERIFY(!last->isValid());
        QCOMPARE(face->childCount(), 0);
        view.append(LogStream::Output, numbered(0, 10'000));
        for (int i = 0; i < 10'000; ++i)
            QVERIFY(face->child(i)->isValid());
    }

    // Hostile bytes are painted in every theme without a warning.
    void hostileBytesArePainted()
    {
        LogView view;
        QVERIFY(show(view));
        std::string bytes = "\x1b[5;1;38;2;0;0;0;48;2;1;1;1mdark on dark\x1b[m \xE2\x80\xAEreversed\n\xFF\xFE";
        bytes += '\0';
        bytes += '\n';
        for (int i = 0; i < 256; ++i)
            bytes += "\x1b[" + std::to_string(i) + "m" + char(i) + "\x1b[38;5;" + std::to_string(i) + "mx";
        bytes += "\n" + std::string(100'000, 'x') + "\n\x1b[16000Cfar\n";
        view.append(LogStream::Error, bytes);
        view.select({0, 0}, {3, 20});
        QVERIFY(view.lineText(1).contains(QStringLiteral("U+0000")));
        const Theme before = currentTheme();
        for (const Theme theme : {Theme::Light, Theme::Dark, Theme::HighContrast, Theme::HighContrastDark}) {
            setCurrentTheme(theme);
            for (const Wrapping wrapping : {Wrapping::On, Wrapping::Off}) {
                view.setWrapping(wrapping);
                for (const int place : {0, 5, 100, 5000}) {
                    view.horizontalScrollBar()->setValue(place * 10);
                    view.verticalScrollBar()->setValue(place);
                    QVERIFY(!view.grab().isNull());
                }
            }
        }
        setCurrentTheme(before);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestLogView)
#include "tst_logview.moc"
