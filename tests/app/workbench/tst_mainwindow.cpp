#include "tests/app/workbench/windowfixture.h"
#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/widgets/readwhole.h"
#include "widgets/actions/commandpalette.h"
#include "widgets/approval/approvalcard.h"
#include "widgets/controls/keybutton.h"
#include "widgets/diff/diffview.h"
#include "widgets/inspector/detailpane.h"
#include "widgets/timeline/eventtable.h"

#include <QAccessible>
#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTabBar>

using namespace gatehouse;
using namespace gatehouse::widgets;
using test::Fixture;
using workbench::MainWindow;

class TestMainWindow : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        applyLook(Theme::Light);
    }

    void aFinishedRunIsReadAndItsRowsSelected()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProjectWithRuns(project);
        Fixture f;
        QVERIFY(f.open(project));
        QTRY_COMPARE(f.window.runs().rowCount(), 3);
        QVERIFY(f.window.runs().entry(2)->info.progress == RunProgress::Finished);
        RunPage* page = f.window.openRun(f.window.runs().entry(2)->info.directory);
        QTRY_VERIFY(page->info().over && page->model().rowCount() > 8);
        QVERIFY(!f.window.actions().action(QStringLiteral("run.stop"))->isEnabled());
        QVERIFY(!f.window.actions().action(QStringLiteral("run.resume"))->isEnabled());
        int patched = -1;
        for (int row = 0; row < page->model().rowCount(); ++row)
            if (page->model().row(row)->filesChanged > 0)
                patched = row;
        QVERIFY(patched >= 0);
        page->selectRow(patched);
        DetailPane& detail = page->detail();
        QTRY_VERIFY(detail.tab() == DetailPane::Diff && detail.diff().view().rowCount() > 8);
        QTRY_VERIFY(!detail.codeView(DetailPane::Record).lines().empty());
        page->table().setFocus();
        QTest::keyClick(&page->table(), Qt::Key_Home, Qt::ControlModifier);
        QTest::keyClick(&page->table(), Qt::Key_Down);
        QTRY_VERIFY(detail.row() && detail.row()->kind == RowKind::Decision);
        QVERIFY(f.window.windowTitle().contains(QStringLiteral("Run #1")));
    }

    void aRequestIsReviewedByKeyboardAndTheVoteCarriesItsBinding()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        const std::string id = run.askForPatch();
        Fixture f;
        QVERIFY(f.open(project));
        QTRY_COMPARE(f.window.approvals().openCount(), 1);
        QVERIFY(f.window.windowTitle().contains(QStringLiteral("1")));
        QTest::keyClick(&f.window, Qt::Key_F8);
        QTRY_VERIFY(f.window.currentApproval());
        ApprovalView* view = f.window.currentApproval();
        // The window of the test before may be going away only now.
        f.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&f.window));
        QTRY_VERIFY(f.window.focusWidget() && view->isAncestorOf(f.window.focusWidget()));
        QVERIFY(test::readWhole(*view));
        QTRY_VERIFY(view->gate().canApprove());
        QTRY_COMPARE(int(f.controller->presented.size()), 1);
        QTest::qWait(int(ApprovalGate::deadMilliseconds) + 50); // the card's own promise, on the real clock
        QTest::keyClick(f.window.focusWidget(), Qt::Key_A);
        QVERIFY(view->gate().isArmed());
        QTest::keyClick(f.window.focusWidget(), Qt::Key_Return);
        QCOMPARE(int(f.controller->votes.size()), 1);
        QCOMPARE(f.controller->votes[0].id.text(), id);
        QCOMPARE(f.controller->votes[0].binding, view->item()->status.request.binding);
        // Nothing is decided until the journal says so; then, whoever voted, the card is a receipt within a second.
        QVERIFY(view->item()->status.open());
        run.resolve(id, approval::VoteDecision::Approve, "bob");
        QTRY_VERIFY_WITH_TIMEOUT(!view->item()->status.open(), 1000);
        // Its tab says which run's, and what became of it; the card leaves the panes their room on a small screen.
        const auto* tabs = f.window.findChild<QTabBar*>(QStringLiteral("pages"));
        QVERIFY(tabs);
        QCOMPARE(tabs->accessibleTabName(tabs->currentIndex()), QStringLiteral("Request: apply_patch · #1, approved"));
        QVERIFY2(view->minimumSizeHint().width() <= 700, qPrintable(QString::number(view->minimumSizeHint().width())));
        QTRY_COMPARE_WITH_TIMEOUT(f.window.approvals().openCount(), 0, 1000);
        QTest::keyClick(view, Qt::Key_Escape);
    }

    // From a run to its own request, whichever waits longer; both the card and the queue say whose it is.
    void nextRequestIsTheOneOfTheRunInView()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun older(project, "older", 60);
        older.open();
        const std::string first = older.askForPatch();
        test::SampleRun newer(project, "newer");
        newer.open();
        const std::string second = newer.askForPatch();
        Fixture f;
        QVERIFY(f.open(project));
        QTRY_COMPARE(f.window.approvals().openCount(), 2);
        QAction& next = *f.window.actions().action(QStringLiteral("approvals.next"));
        const RunPage* page = f.window.openRun(newer.directory());
        QTRY_VERIFY(!page->approvals().empty());
        next.trigger();
        QTRY_VERIFY(f.window.currentApproval());
        QCOMPARE(f.window.currentApproval()->item()->status.request.id.text(), second);
        QTRY_VERIFY(test::says(*f.window.currentApproval(), QStringLiteral("run #2 newer")));
        QTRY_VERIFY(test::says(f.window.approvals(), QStringLiteral("#1 older")));
        next.trigger();
        QTRY_VERIFY(f.window.currentApproval() && f.window.currentApproval()->item()->status.request.id.text() == first);
        next.trigger();
        QTRY_COMPARE(f.window.currentApproval()->item()->status.request.id.text(), second);
    }

    // Nobody goes on with a paused run by itself: the receipt and the run's head say what does.
    void aDecidedRunThatIsPausedOffersToGoOn()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        const std::string id = run.askForPatch();
        run.pause();
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(!page->approvals().empty());
        const auto* resume = page->findChild<QPushButton*>();
        QVERIFY(resume && !resume->isVisible()); // a request waits: it is decided first
        f.window.openApproval(run.directory(), id, MainWindow::Focus::Take);
        run.resolve(id, approval::VoteDecision::Approve);
        run.close();
        QTRY_VERIFY(test::says(*f.window.currentApproval(), QStringLiteral("Resume (Ctrl+F5) goes on with it")));
        QVERIFY(f.window.actions().action(QStringLiteral("run.resume"))->isEnabled());
        // Also when the run's own tab was closed meanwhile; and a second press while the first is not answered is none.
        (void)f.window.openRun(run.directory());
        f.window.actions().action(QStringLiteral("file.closeTab"))->trigger();
        f.window.openApproval(run.directory(), id, MainWindow::Focus::Take);
        QVERIFY(f.window.currentApproval());
        f.window.actions().action(QStringLiteral("run.resume"))->trigger();
        QVERIFY(f.window.currentRun());
        QCOMPARE(f.window.currentRun()->runDirectory(), run.directory());
        QVERIFY(resume->isVisible());
        f.window.actions().action(QStringLiteral("run.resume"))->trigger();
        QCOMPARE(f.controller->resumed, std::vector<std::string>{run.directory()});
        // Once it is answered, it can be asked again.
        Q_EMIT f.controller->failed(f.controller->token, Error{ErrorCode::Setup, {}, "There is no sandbox"});
        QVERIFY(test::says(*f.window.currentRun(), QStringLiteral("There is no sandbox")));
        f.window.actions().action(QStringLiteral("run.resume"))->trigger();
        QCOMPARE(int(f.controller->resumed.size()), 2);
    }

    // Commands, runs, documents and requests, by some letters of their names.
    void thePaletteFindsWhatThereIs()
    {
        QSettings().remove(QStringLiteral("palette"));
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProjectWithRuns(project);
        Fixture f;
        QVERIFY(f.open(project));
        QTRY_COMPARE(f.window.runs().rowCount(), 3);
        QTRY_COMPARE(f.window.approvals().openCount(), 1);
        const auto search = [&f](const QString& letters) {
            f.window.actions().action(QStringLiteral("tools.palette"))->trigger();
            auto* palette = f.window.findChild<CommandPalette*>();
            palette->line().setText(letters);
            return palette;
        };
        CommandPalette* palette = search(QStringLiteral("keyboard"));
        QCOMPARE(palette->model().entry(0)->id, QStringLiteral("help.shortcuts"));
        palette = search(QStringLiteral("#1"));
        QVERIFY(palette->model().rowCount() >= 1);
        const std::string first = f.window.runs().entry(2)->info.directory;
        QCOMPARE(palette->model().entry(0)->id, QStringLiteral("run:") + QString::fromStdString(first));
        QTest::keyClick(&palette->line(), Qt::Key_Return);
        QVERIFY(f.window.currentRun());
        QCOMPARE(f.window.currentRun()->runDirectory(), first);
        palette = search(QStringLiteral("review"));
        QCOMPARE(palette->model().entry(0)->kind, QStringLiteral("Request"));
        QTest::keyClick(&palette->line(), Qt::Key_Return);
        QTRY_VERIFY(f.window.currentApproval());
        // What was used last comes first, and what can't be done now last.
        palette = search({});
        QVERIFY(palette->model().entry(0)->id.startsWith(u"request:"));
        QVERIFY(palette->model().entry(1)->id.startsWith(u"run:"));
        QVERIFY(!palette->model().entry(palette->model().rowCount() - 1)->enabled);
        palette->leave();
        QSettings().remove(QStringLiteral("palette"));
    }

    // A tip of a menu takes the place of the run's facts and is not written over them, whatever arrives meanwhile.
    void aStatusTipHidesTheRunsFacts()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(page->info().records > 0);
        QTRY_VERIFY(test::says(*f.window.statusBar(), QStringLiteral("Policy ")));
        f.window.statusBar()->showMessage(QStringLiteral("Opens a project."));
        const std::uint64_t before = page->info().records;
        run.modelTurn("more");
        QTRY_VERIFY(page->info().records > before);
        QVERIFY(!test::says(*f.window.statusBar(), QStringLiteral("Policy ")));
        f.window.statusBar()->clearMessage();
        QVERIFY(test::says(*f.window.statusBar(), QStringLiteral("Policy ")));
    }

    void aRunIsStartedWithTheTask()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        Fixture f;
        QVERIFY(f.open(project));
        auto* task = f.window.startPage().findChild<QPlainTextEdit*>();
        QVERIFY(!task->toPlainText().isEmpty());
        task->setPlainText(QStringLiteral("Mend it."));
        f.window.actions().action(QStringLiteral("run.start"))->trigger();
        QCOMPARE(int(f.controller->started.size()), 1);
        QVERIFY(f.controller->started[0].ends_with("Mend it."));
        QVERIFY(!f.window.startPage().canRun()); // it is starting
        Q_EMIT f.controller->failed(f.controller->token,
                                    Error{ErrorCode::Setup, "profile", "There is no sandbox", "run “gatehouse sandbox doctor”"});
        QVERIFY(f.window.startPage().canRun());
    }

    // The start page can't be closed; a run and a document can by the crosses of their tabs, shown or not.
    void tabsAreShortAndCanBeClosed()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProjectWithRuns(project);
        Fixture f;
        QVERIFY(f.open(project));
        QTRY_COMPARE(f.window.runs().rowCount(), 3);
        RunPage* page = f.window.openRun(f.window.runs().entry(2)->info.directory);
        QTRY_VERIFY(page->info().over);
        auto* tabs = f.window.findChild<QTabBar*>(QStringLiteral("pages"));
        QCOMPARE(tabs->count(), 2);
        QVERIFY(!tabs->tabButton(0, QTabBar::RightSide));
        QVERIFY(tabs->tabText(1).startsWith(QStringLiteral("#1 ")));
        QVERIFY(tabs->tabToolTip(1).contains(QStringLiteral("Run #1")));
        f.window.openDocument(QString::fromStdString(project + "/gatehouse.json"));
        QCOMPARE(tabs->count(), 3);
        const auto cross = [&](int index) { return qobject_cast<QAbstractButton*>(tabs->tabButton(index, QTabBar::RightSide)); };
        QVERIFY(cross(1) && cross(2));
        cross(1)->click(); // in the background: the shown page stays the shown one
        QCOMPARE(tabs->count(), 2);
        QCOMPARE(tabs->currentIndex(), 1);
        QVERIFY(tabs->tabText(1).contains(QStringLiteral("gatehouse")));
        cross(1)->click();
        QCOMPARE(tabs->count(), 1);
        QCOMPARE(tabs->currentIndex(), 0);
    }

    // The head of a run that was denied says by whom and why.
    void aDeniedRunSaysWhy()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        const std::string id = run.askForPatch();
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(!page->approvals().empty());
        QTRY_VERIFY(test::says(*page, QStringLiteral("apply_patch waits for a person")));
        run.resolve(id, approval::VoteDecision::Deny, "ann");
        run.finishDenied();
        QTRY_VERIFY(test::says(*page, QStringLiteral("Denied by ann")));
        QVERIFY(page->info().progress == RunProgress::Denied);
    }

    // What was decided and not acted on yet is said while the run is paused, and no longer.
    void aPausedRunSaysWhatGoesOn()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        const std::string id = run.askForPatch();
        run.resolve(id, approval::VoteDecision::Approve, "ann");
        run.pause();
        run.close();
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(test::says(*page, QStringLiteral("ann approved apply_patch; Resume goes on with it")));
    }

    void aPausedRunSaysNothingOfWhatWasUsed()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        const std::string id = run.askForPatch();
        run.resolve(id, approval::VoteDecision::Approve, "ann");
        run.applyPatch(id);
        run.pause("the window was closed");
        run.close();
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(!page->approvals().empty() && page->info().progress == RunProgress::Paused);
        QTRY_VERIFY(f.window.actions().action(QStringLiteral("run.resume"))->isEnabled()); // before that nothing is said anyway
        QVERIFY(!test::says(*page, QStringLiteral("Resume goes on with it")));
    }

    void everyActionHasItsWordsAndItsOwnKey()
    {
        Fixture f;
        QSet<QString> ids;
        QSet<QKeySequence> keys;
        QVERIFY(f.window.actions().actions().size() > 15);
        for (const QAction* action : f.window.actions().actions()) {
            QVERIFY2(!action->text().isEmpty() && !action->whatsThis().isEmpty(), qPrintable(action->objectName()));
            QVERIFY2(!ids.contains(action->objectName()), qPrintable(action->objectName()));
            ids.insert(action->objectName());
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!keys.contains(key), qPrintable(key.toString()));
                keys.insert(key);
            }
        }
        // And stands in a menu.
        QSet<const QAction*> shown;
        const std::function<void(const QList<QAction*>&)> collect = [&](const QList<QAction*>& actions) {
            for (const QAction* action : actions) {
                shown.insert(action);
                if (action->menu())
                    collect(action->menu()->actions());
            }
        };
        collect(f.window.menuBar()->actions());
        for (const QAction* action : f.window.actions().actions())
            QVERIFY2(shown.contains(action), qPrintable(action->objectName()));
    }

    // On every page and in every dialog; labels are plain text everywhere.
    void everythingFocusableHasAName()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProjectWithRuns(project);
        Fixture f;
        QStringList nameless;
        const auto check = [&nameless](const QWidget& root, const char* page) {
            for (const QWidget* widget : root.findChildren<QWidget*>()) {
                if (!widget->isVisible())
                    continue;
                if (const auto* label = qobject_cast<const QLabel*>(widget);
                    label && label->textFormat() != Qt::PlainText && !label->text().isEmpty())
                    nameless << QStringLiteral("%1: not plain: %2").arg(QLatin1StringView(page), label->text());
                if (widget->focusPolicy() == Qt::NoFocus)
                    continue;
                QAccessibleInterface* face = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
                if (!face || face->text(QAccessible::Name).isEmpty())
                    nameless << QStringLiteral("%1: %2 %3")
                                    .arg(QLatin1StringView(page), QString::fromLatin1(widget->metaObject()->className()),
                                         widget->objectName());
            }
        };
        check(f.window, "welcome");
        QVERIFY(f.open(project));
        QTRY_COMPARE(f.window.runs().rowCount(), 3);
        check(f.window, "new run");
        RunPage* page = f.window.openRun(f.window.runs().entry(0)->info.directory);
        QTRY_VERIFY(!page->approvals().empty());
        for (int tab = 0; tab < DetailPane::TabCount; ++tab) {
            page->detail().setTab(DetailPane::Tab(tab));
            check(f.window, "run");
        }
        const ApprovalPtr item = page->approvals().front();
        f.window.openApproval(item->runDirectory, item->status.request.id.text(), MainWindow::Focus::Take);
        QVERIFY(f.window.currentApproval());
        check(f.window, "request");
        f.window.openDocument(QString::fromStdString(project + "/gatehouse.json"));
        check(f.window, "document");
        for (QDialog* dialog : {f.window.makeAbout(), f.window.makeShortcutSheet()}) {
            dialog->show();
            check(*dialog, "dialog");
            dialog->close();
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    }

    void lightToDarkToLightIsTheSamePicture()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        Fixture f;
        QVERIFY(f.open(project));
        f.themer.setChoice(ThemeChoice::Light);
        f.window.setFocus();
        const QImage before = f.window.grab().toImage();
        f.themer.setChoice(ThemeChoice::Dark);
        QVERIFY(f.window.grab().toImage() != before);
        f.themer.setChoice(ThemeChoice::Light);
        QVERIFY(f.window.grab().toImage() == before);
    }

    // Tab goes the way one reads: what it changes, what will run, the reason, Deny, Approve.
    void theCardsTabOrder()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        const std::string id = run.askForPatch();
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(!page->approvals().empty());
        f.window.openApproval(run.directory(), id, MainWindow::Focus::Take);
        ApprovalView* view = f.window.currentApproval();
        f.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&f.window));
        QTRY_VERIFY(f.window.focusWidget() && view->isAncestorOf(f.window.focusWidget()));
        QVERIFY(test::readWhole(*view)); // Approve is a stop once all has been on screen
        QTRY_VERIFY(view->gate().canApprove());
        auto* changes = view->findChild<DiffView*>();
        QVERIFY(changes);
        changes->setFocus(Qt::TabFocusReason);
        QStringList names;
        for (int i = 0; i < 5 && view->isAncestorOf(QApplication::focusWidget()); ++i) {
            names << QApplication::focusWidget()->accessibleName();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        QVERIFY2(names.size() == 5, qPrintable(names.join(u'|')));
        QCOMPARE(names[0], QStringLiteral("What it changes"));
        QCOMPARE(names[1], QStringLiteral("What will run, whole"));
        QVERIFY2(names[2].startsWith(QStringLiteral("Reason")), qPrintable(names[2]));
        QVERIFY2(names[3].startsWith(QStringLiteral("Deny")), qPrintable(names[3]));
        QVERIFY2(names[4].startsWith(QStringLiteral("Approve")), qPrintable(names[4]));
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestMainWindow)
#include "tst_mainwindow.moc"
