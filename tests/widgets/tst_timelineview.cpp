#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/widgets/lanerows.h"
#include "widgets/controls/tailpill.h"
#include "widgets/style/themer.h"
#include "widgets/timeline/eventtable.h"
#include "widgets/timeline/runpage.h"
#include "widgets/timeline/timelineview.h"

#include <QAccessible>
#include <QApplication>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QSplitter>
#include <QWheelEvent>

using namespace gatehouse;
using namespace gatehouse::widgets;
using gatehouse::test::laneBatch;
using gatehouse::test::LaneRow;
using gatehouse::test::laneRow;
using gatehouse::test::laneStart;

namespace {

// A view with the model of its rows.
struct Shown {
    explicit Shown(QSize size = {900, 260})
    {
        view.resize(size);
        view.show();
        (void)QTest::qWaitForWindowExposed(&view);
    }

    void add(const RunBatch& batch)
    {
        model.apply(batch);
        view.apply(batch);
    }
    void key(int key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(&view, Qt::Key(key), modifiers); }
    void wheel(QPoint at, int by, Qt::KeyboardModifiers modifiers = {})
    {
        QWheelEvent event(at, view.viewport()->mapToGlobal(at), {}, {0, by}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view.viewport(), &event);
    }
    void drag(QPoint from, QPoint to)
    {
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, from);
        for (const QPoint at : {(from + to) / 2, to}) {
            QMouseEvent move(QEvent::MouseMove, at, view.viewport()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
            QApplication::sendEvent(view.viewport(), &move);
        }
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, to);
    }
    void click(int row) { QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.rowRect(row).center()); }
    [[nodiscard]] TailPill* pill() { return view.findChild<TailPill*>(); }

    RunRecordModel model;
    TimelineView view{model};
};

// Model turns of a second with a call of two behind each; the fourth call is denied, the last one waits for a person.
RunBatch story()
{
    std::vector<LaneRow> rows = {{0, 0, RowState::Note, RowKind::Task, "ann"}};
    for (int i = 0; i < 8; ++i) {
        rows.push_back({i * 4000, i * 4000 + 1000, RowState::Done, RowKind::Model});
        rows.push_back({i * 4000 + 1000, i * 4000 + 3000, i == 3 ? RowState::Denied : RowState::Done});
    }
    rows.push_back({33'000, -1, RowState::Asks});
    return laneBatch(rows);
}

// Still written: what is not over goes on.
RunBatch live(RunBatch batch)
{
    batch.info.over = false;
    batch.info.writerAlive = true;
    return batch;
}

// A thousand seconds, a call in each.
RunBatch longStory(int count = 1000)
{
    std::vector<LaneRow> rows;
    for (int i = 0; i < count; ++i)
        rows.push_back({i * 1000LL, i * 1000LL + 600});
    return laneBatch(rows);
}

bool hasColour(const QImage& picture, const QRect& where, const QColor& colour)
{
    for (int y = where.top(); y <= where.bottom(); ++y)
        for (int x = where.left(); x <= where.right(); ++x)
            if (picture.rect().contains(x, y) && picture.pixelColor(x, y) == colour)
                return true;
    return false;
}

QStringList namesOf(QAccessibleInterface* face)
{
    QStringList names;
    for (int i = 0; i < face->childCount(); ++i)
        names << face->child(i)->text(QAccessible::Name);
    return names;
}

} // namespace

class TestTimelineView : public test::TestCase {
    Q_OBJECT
    test::TemporaryFolder m_settings;

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, QString::fromStdString(m_settings.path()));
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        applyLook(Theme::Light);
        qApp->setEffectEnabled(Qt::UI_AnimateTooltip, false);
    }
    void cleanup() { applyLook(Theme::Light); }

    void emptyItSaysSo()
    {
        Shown shown;
        QCOMPARE(shown.view.rowAt(QPoint(400, 100)), -1);
        for (const int key :
             {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down, Qt::Key_Home, Qt::Key_End, Qt::Key_Plus, Qt::Key_Minus})
            shown.key(key);
        QCOMPARE(shown.view.currentRow(), -1);
        QVERIFY(!shown.view.grab().isNull());
    }

    void aClickChoosesTheBar()
    {
        Shown shown;
        shown.add(story());
        QSignalSpy chosen(&shown.view, &TimelineView::rowChosen);
        for (const int row : {1, 2, 8, 16, 17}) {
            QVERIFY(!shown.view.rowRect(row).isEmpty());
            shown.click(row);
            QCOMPARE(shown.view.currentRow(), row);
            QCOMPARE(chosen.takeFirst().at(0).toInt(), row);
        }
        QTest::mouseClick(shown.view.viewport(), Qt::LeftButton, {}, QPoint(8, 60)); // a label
        QVERIFY(chosen.isEmpty());
    }

    void keysWalkLanesAndEvents()
    {
        Shown shown;
        shown.add(story());
        shown.view.setCurrentRow(2, TimelineView::Reveal::No);
        shown.key(Qt::Key_Right);
        QCOMPARE(shown.view.currentRow(), 4); // the next call, not the next row
        shown.key(Qt::Key_Left);
        QCOMPARE(shown.view.currentRow(), 2);
        shown.key(Qt::Key_Left); // the first of its lane
        QCOMPARE(shown.view.currentRow(), 2);
        shown.key(Qt::Key_Up);
        QCOMPARE(shown.view.currentRow(), 1); // the model turn before it
        shown.key(Qt::Key_End);
        QCOMPARE(shown.view.currentRow(), 15);
        shown.key(Qt::Key_Down);
        QCOMPARE(shown.view.currentRow(), 14); // the call of the time before
        shown.key(Qt::Key_Home);
        QCOMPARE(shown.view.currentRow(), 2);
        shown.key(Qt::Key_Up);
        shown.key(Qt::Key_Up);
        QCOMPARE(shown.view.currentRow(), 0);
        shown.key(Qt::Key_Up);
        QCOMPARE(shown.view.currentRow(), 0);
    }

    void zoomKeepsWhatIsUnderTheCursor()
    {
        Shown shown;
        shown.add(longStory());
        const QPoint at(500, 45);
        const double whole = shown.view.timeWindow().perPixel;
        const int row = shown.view.rowAt(at);
        QVERIFY(row >= 0);
        for (int i = 0; i < 12; ++i)
            shown.wheel(at, 120, Qt::ControlModifier);
        QVERIFY(shown.view.timeWindow().perPixel < whole / 8);
        QVERIFY(std::abs(shown.view.rowAt(at) - row) <= 3 || std::abs(shown.view.rowRect(row).center().x() - at.x()) < 40);
        shown.key(Qt::Key_Minus);
        QVERIFY(shown.view.timeWindow().perPixel > whole / 20);
        shown.key(Qt::Key_Exclam, Qt::ShiftModifier);
        QCOMPARE(shown.view.timeWindow().perPixel, whole);
        QCOMPARE(shown.view.timeWindow().left, 0.0);
        for (int i = 0; i < 80; ++i) // there is an end to it in both directions
            shown.key(Qt::Key_Plus);
        QVERIFY(shown.view.timeWindow().perPixel >= 1.0 / 64);
        for (int i = 0; i < 80; ++i)
            shown.wheel(at, -120, Qt::ControlModifier);
        QCOMPARE(shown.view.timeWindow().perPixel, whole);
    }

    void dragAndKeysPan()
    {
        Shown shown;
        shown.add(longStory());
        shown.key(Qt::Key_Plus);
        shown.key(Qt::Key_Plus);
        const double left = shown.view.timeWindow().left;
        shown.drag({400, 60}, {300, 60});
        QVERIFY(std::abs(shown.view.timeWindow().left - left - 100 * shown.view.timeWindow().perPixel) <
                2 * shown.view.timeWindow().perPixel);
        QCOMPARE(shown.view.currentRow(), -1); // a drag chooses nothing
        shown.key(Qt::Key_Left, Qt::ShiftModifier);
        shown.wheel({400, 60}, 120, Qt::ShiftModifier);
        QVERIFY(shown.view.timeWindow().left < left);
        shown.drag({300, 60}, {899, 60});
        shown.drag({300, 60}, {899, 60});
        shown.drag({300, 60}, {899, 60});
        QCOMPARE(shown.view.timeWindow().left, 0.0); // nothing is before the beginning
        shown.view.horizontalScrollBar()->setValue(shown.view.horizontalScrollBar()->maximum());
        QVERIFY(shown.view.isFollowing());
    }

    // While the run is written the newest is in sight, until the person moves away; then it is offered.
    void followingLetsGoAndIsOffered()
    {
        Shown shown;
        shown.add(live(longStory()));
        QVERIFY(shown.view.isFollowing());
        QVERIFY(shown.pill()->isHidden());
        shown.wheel({300, 60}, 120, Qt::ControlModifier);
        shown.wheel({300, 60}, 120, Qt::ControlModifier);
        QVERIFY(!shown.view.isFollowing());
        QVERIFY(shown.pill()->isVisible());
        const double left = shown.view.timeWindow().left;
        RunBatch more = live(laneBatch({{1'000'000, 1'000'600}, {1'001'000, 1'001'600}}));
        shown.add(more);
        QCOMPARE(shown.view.timeWindow().left, left);
        QVERIFY2(shown.pill()->text().contains(u'2'), qPrintable(shown.pill()->text()));
        QVERIFY(shown.view.rowRect(1001).isEmpty());
        QSignalSpy followed(&shown.view, &TimelineView::followed);
        QTest::mouseClick(shown.pill(), Qt::LeftButton);
        QVERIFY(shown.view.isFollowing());
        QCOMPARE(followed.count(), 1);
        QVERIFY(shown.pill()->isHidden());
        // And stays with it: what comes later is in sight.
        RunBatch latest = live(laneBatch({{1'090'000, 1'090'600}}));
        shown.add(latest);
        shown.view.advanceTo(laneStart + 1'091'000);
        QVERIFY(shown.view.isFollowing());
        QVERIFY(!shown.view.rowRect(1002).isEmpty());
        shown.key(Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(!shown.view.isFollowing());
        shown.key(Qt::Key_End);
        QVERIFY(shown.view.isFollowing());
        QCOMPARE(shown.view.currentRow(), 1002);
    }

    // What is not over grows with the clock; of what was cut off nothing does.
    void onlyWhatGoesOnGrows()
    {
        Shown shown;
        RunBatch batch = live(laneBatch({{0, 1000}, {2000, -1, RowState::Running}}));
        batch.info.idle = false;
        shown.add(batch);
        shown.view.advanceTo(laneStart + 4000);
        const double early = double(shown.view.rowRect(1).width()) / shown.view.rowRect(0).width();
        shown.view.advanceTo(laneStart + 12'000);
        const double late = double(shown.view.rowRect(1).width()) / shown.view.rowRect(0).width();
        QVERIFY2(early > 1.7 && early < 2.3 && late > 9 && late < 11, qPrintable(QStringLiteral("%1 %2").arg(early).arg(late)));
        Shown past;
        past.add(laneBatch({{0, 1000}, {2000, -1, RowState::Running}, {9000, 10'000}}));
        QVERIFY(past.view.rowRect(1).right() <= past.view.rowRect(2).right());
    }

    void aChosenRowComesIntoSight()
    {
        Shown shown({500, 140});
        RunBatch batch = longStory();
        shown.add(batch);
        for (int i = 0; i < 6; ++i)
            shown.key(Qt::Key_Plus);
        for (const int row : {0, 999, 500, 20}) {
            shown.view.setCurrentRow(row, TimelineView::Reveal::Yes);
            QVERIFY(!shown.view.rowRect(row).isEmpty());
        }
        const double left = shown.view.timeWindow().left;
        shown.view.setCurrentRow(800, TimelineView::Reveal::No);
        QCOMPARE(shown.view.timeWindow().left, left);
    }

    // Bars of a paint: as many as pixels at most, and of a small part only what is there.
    void aPaintDrawsWhatIsInSight()
    {
        Shown shown;
        shown.add(longStory(50'000));
        shown.view.grab();
        QVERIFY2(shown.view.paintedBars() <= 310, qPrintable(QString::number(shown.view.paintedBars())));
        for (int i = 0; i < 12; ++i)
            shown.wheel({500, 60}, 240, Qt::ControlModifier);
        shown.view.viewport()->grab();
        const int all = shown.view.paintedBars();
        QVERIFY(all > 20 && all <= 310);
        shown.view.viewport()->grab(QRect(300, 0, 60, 200));
        QVERIFY2(shown.view.paintedBars() < all / 4, qPrintable(QString::number(shown.view.paintedBars())));
    }

    void oneDenialIsSeenAtEveryZoom()
    {
        Shown shown;
        std::vector<LaneRow> rows;
        for (int i = 0; i < 100'000; ++i)
            rows.push_back({i * 50LL, i * 50LL + 40, i == 61'803 ? RowState::Denied : RowState::Done});
        shown.add(laneBatch(rows));
        shown.view.setCurrentRow(61'803, TimelineView::Reveal::Yes);
        for (int i = 0; i < 18; ++i) {
            const QRect bar = shown.view.rowRect(61'803);
            QVERIFY(!bar.isEmpty());
            const QImage picture = shown.view.viewport()->grab().toImage();
            QVERIFY2(hasColour(picture, bar.adjusted(-3, -1, 3, 1), tokens().deny), qPrintable(QString::number(i)));
            QCOMPARE(shown.view.rowAt(bar.center()), 61'803);
            shown.key(Qt::Key_Plus);
        }
    }

    void namesForScreenReaders()
    {
        Shown shown;
        RunBatch batch = laneBatch({{0, 0, RowState::Note, RowKind::Task, "ann"}, {1000, 4200}});
        auto asks = *laneRow({5000, -1, RowState::Asks});
        asks.title = "apply_patch";
        asks.durationMs = 3200;
        batch.appended.push_back(std::make_shared<const RunRow>(asks));
        batch.info.lastMs = laneStart + 6000;
        shown.add(batch);
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&shown.view);
        QVERIFY(face && face->role() == QAccessible::List);
        QCOMPARE(face->text(QAccessible::Name), QStringLiteral("Timeline of the run"));
        QCOMPARE(namesOf(face), QStringList({QStringLiteral("run, journal, 1 events"), QStringLiteral("planner, tool calls, 2 events")}));
        QAccessibleInterface* calls = face->child(1);
        QCOMPARE(calls->childCount(), 2);
        const QString time = shownTime("2026-11-26T12:01:00.000Z");
        QCOMPARE(calls->child(0)->text(QAccessible::Name), QStringLiteral("exec_command, planner, done, %1, 3.2 s").arg(time));
        QCOMPARE(calls->child(1)->text(QAccessible::Name), QStringLiteral("apply_patch, planner, waits for a person, %1, 3.2 s").arg(time));
        QCOMPARE(face->indexOfChild(calls), 1);
        QCOMPARE(calls->indexOfChild(calls->child(1)), 1);
        QCOMPARE(calls->child(1)->parent(), calls);
        QCOMPARE(calls->parent(), face);
        shown.click(2);
        QVERIFY(calls->child(1)->state().selected);
        QCOMPARE(face->focusChild(), calls->child(1));
        const QPoint there = shown.view.viewport()->mapToGlobal(shown.view.rowRect(2).center());
        QCOMPARE(calls->childAt(there.x(), there.y()), calls->child(1));
        QVERIFY(!calls->child(1)->rect().isEmpty());
    }

    // Walking over all events never keeps all of them.
    void facesAreMadeOnDemand()
    {
        Shown shown;
        shown.add(longStory(5000));
        QAccessibleInterface* lane = QAccessible::queryAccessibleInterface(&shown.view)->child(0);
        QAccessible::Id first = QAccessible::uniqueId(lane->child(0));
        QVERIFY(QAccessible::accessibleInterface(first));
        for (int i = 1; i < lane->childCount(); ++i)
            QVERIFY(lane->child(i)->isValid());
        QVERIFY(!QAccessible::accessibleInterface(first)); // let go
        QVERIFY(lane->child(0)->isValid());
    }

    void timeGoesToTheRightInEveryLanguage()
    {
        Shown shown;
        shown.view.setLayoutDirection(Qt::RightToLeft);
        shown.add(story());
        QVERIFY(shown.view.rowRect(2).left() < shown.view.rowRect(16).left());
        QVERIFY(shown.view.rowRect(1).left() < 20); // the labels stand on the right
        shown.view.setCurrentRow(2, TimelineView::Reveal::No);
        shown.key(Qt::Key_Right);
        QCOMPARE(shown.view.currentRow(), 4);
        QVERIFY(!shown.view.grab().isNull());
    }

    void contrastNeedsNoColour()
    {
        for (const Theme theme : {Theme::Dark, Theme::HighContrast, Theme::HighContrastDark}) {
            applyLook(theme);
            Shown shown;
            shown.add(story());
            const QImage picture = shown.view.viewport()->grab().toImage();
            // The glyph above the bar; above one that went well there is at most a line of the grid.
            const auto inked = [&](int row) {
                const QRect bar = shown.view.rowRect(row);
                int count = 0;
                for (int y = bar.top() - 8; y < bar.top(); ++y)
                    for (int x = bar.left(); x < bar.left() + 24; ++x)
                        count += picture.pixelColor(x, y) != tokens().panel;
                return count;
            };
            QVERIFY2(inked(8) > inked(6) + 10, qPrintable(QStringLiteral("%1 %2").arg(inked(8)).arg(inked(6))));
        }
    }

    // Of a real run through a real feed: chosen in one view, chosen in the other.
    void onePageOneSelection()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "page");
        run.open();
        run.modelTurn("I look.");
        run.command("false", 1, "no\n");
        run.deniedCommand("curl x");
        run.command("true", 0, "yes\n");
        JournalThread thread;
        RunPage page(run.directory(), thread);
        page.resize(1100, 700);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QTRY_COMPARE(page.model().rowCount(), 7);
        TimelineView& timeline = page.timeline();
        QCOMPARE(timeline.lanes().rowCount(), 7);
        QTRY_COMPARE(timeline.currentRow(), 6);
        page.table().setCurrentIndex(page.model().index(4, 0));
        QCOMPARE(timeline.currentRow(), 4);
        QTest::mouseClick(timeline.viewport(), Qt::LeftButton, {}, timeline.rowRect(5).center());
        QCOMPARE(page.table().currentIndex().row(), 5);
        page.selectNextProblem(-1);
        QCOMPARE(timeline.currentRow(), 4);
        QCOMPARE(page.table().currentIndex().row(), 4);
        // The bar of a call is as long as its records say.
        const RunRow& call = *page.model().row(4);
        QVERIFY(call.endMs - call.startMs >= 210 && call.endMs - call.startMs < 300);
        QVERIFY(page.model().row(5)->endMs >= page.model().row(5)->startMs);
        // A wait of two hours is squeezed, and the wait itself is known.
        const std::string id = run.askForPatch();
        run.clock().advance(7'200'000);
        run.resolve(id, approval::VoteDecision::Approve);
        run.applyPatch(id);
        run.finish();
        run.close();
        QTRY_VERIFY(page.info().over);
        const RunRow& patch = *page.model().row(7);
        QVERIFY(patch.askedMs > 0 && patch.answeredMs - patch.askedMs >= 7'200'000 && patch.endMs > patch.answeredMs);
        QCOMPARE(int(timeline.lanes().scale().breaks().size()), 1);
        QVERIFY(timeline.lanes().scale().squeezedAway() > 7'000'000);
        QVERIFY(timeline.rowRect(4).width() >= 3);
    }

    void theHeightIsRemembered()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "height");
        run.open();
        JournalThread thread;
        const auto bodyOf = [](RunPage& page) { return qobject_cast<QSplitter*>(page.timeline().parentWidget()); };
        {
            RunPage page(run.directory(), thread);
            page.resize(900, 700);
            page.show();
            QVERIFY(QTest::qWaitForWindowExposed(&page));
            bodyOf(page)->setSizes({0, 600}); // collapsed
            Q_EMIT bodyOf(page)->splitterMoved(0, 1);
        }
        RunPage page(run.directory(), thread);
        page.resize(900, 700);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QCOMPARE(bodyOf(page)->sizes().at(0), 0);
        QVERIFY(bodyOf(page)->sizes().at(1) > 0);
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestTimelineView)
#include "tst_timelineview.moc"
