#include "app/workbench/mainwindow.h"
#include "core/approval/request.h"
#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/approval/approvalcard.h"
#include "widgets/controls/keybutton.h"
#include "widgets/inspector/detailpane.h"
#include "widgets/timeline/eventtable.h"

#include <QAccessible>
#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTimer>

using namespace gatehouse;
using namespace gatehouse::widgets;
using workbench::MainWindow;

namespace {

// Writes down what the window wants; answers when the test says so.
class FakeController final : public RunController {
public:
    quint64 startRun(const std::string& workflowPath, const std::string& task, const RunOptions&) override
    {
        started.push_back(workflowPath + '\n' + task);
        return ++token;
    }
    quint64 resumeRun(const std::string& runDirectory) override
    {
        resumed.push_back(runDirectory);
        return ++token;
    }
    void stopRun(const std::string& runDirectory) override { stopped.push_back(runDirectory); }
    void vote(const std::string&, const approval::Vote& given) override { votes.push_back(given); }
    void notePresented(const std::string&, const std::string& id, const std::string&) override { presented.push_back(id); }
    bool hasLiveRuns() const override { return false; }
    std::string principal() const override { return "ann"; }

    std::vector<std::string> started;
    std::vector<std::string> resumed;
    std::vector<std::string> stopped;
    std::vector<approval::Vote> votes;
    std::vector<std::string> presented;
    quint64 token = 0;
};

struct Fixture {
    Fixture()
        : window(journals, themer, [this](const std::string&) {
              auto made = std::make_unique<FakeController>();
              controller = made.get();
              return made;
          })
    {
        window.resize(1280, 820);
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            qFatal("the window was not activated");
    }
    bool open(const std::string& project)
    {
        QSignalSpy loaded(&window, &MainWindow::projectLoaded);
        window.openProject(project);
        return loaded.wait(20'000);
    }
    JournalThread journals;
    Themer themer;
    FakeController* controller = nullptr;
    MainWindow window;
};

} // namespace

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
        int patched = -1;
        for (int row = 0; row < page->model().rowCount(); ++row)
            if (page->model().row(row)->filesChanged > 0)
                patched = row;
        QVERIFY(patched >= 0);
        page->selectRow(patched);
        DetailPane& detail = page->detail();
        QTRY_VERIFY(detail.tab() == DetailPane::Diff && detail.diff().lines().size() > 8);
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
        QTest::keyClick(f.window.focusWidget(), Qt::Key_End); // to the last byte of what will run
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
        QTRY_COMPARE_WITH_TIMEOUT(f.window.approvals().openCount(), 0, 1000);
        QTest::keyClick(view, Qt::Key_Escape);
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

    void everythingFocusableHasAName()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProjectWithRuns(project);
        Fixture f;
        QVERIFY(f.open(project));
        QTRY_COMPARE(f.window.runs().rowCount(), 3);
        RunPage* page = f.window.openRun(f.window.runs().entry(0)->info.directory);
        QTRY_VERIFY(!page->approvals().empty());
        QStringList nameless;
        for (const QWidget* widget : f.window.findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible())
                continue;
            QAccessibleInterface* face = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
            if (!face || face->text(QAccessible::Name).isEmpty())
                nameless << QStringLiteral("%1 %2").arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName());
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
        for (const QLabel* label : f.window.findChildren<QLabel*>())
            QVERIFY2(label->textFormat() == Qt::PlainText || label->text().isEmpty(), qPrintable(label->text()));
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

    void aFolderThatIsNoProjectChangesNothing()
    {
        test::TemporaryFolder folder;
        Fixture f;
        QTimer::singleShot(0, &f.window, [] {
            for (QWidget* top : QApplication::topLevelWidgets())
                if (auto* box = qobject_cast<QDialog*>(top); box && box->isVisible())
                    box->reject();
        });
        f.window.openProject(folder.path());
        QVERIFY(!f.controller);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestMainWindow)
#include "tst_mainwindow.moc"
