// What the window says when there is nothing, when something is wrong, when it is left, and when others work on the project too.
#include "tests/app/workbench/windowfixture.h"
#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"

#include <QAbstractButton>
#include <QApplication>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStandardPaths>

using namespace gatehouse;
using namespace gatehouse::widgets;
using test::FakeController;
using test::Fixture;
using test::says;
using workbench::MainWindow;

class TestWindowStates : public test::TestCase {
    Q_OBJECT

    static void choosePause(const QMessageBox& question)
    {
        for (QAbstractButton* button : question.buttons())
            if (question.buttonRole(button) == QMessageBox::AcceptRole)
                return button->click();
        QFAIL("no button to pause");
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        applyLook(Theme::Light);
    }

    // Said in its place, without a dialog; what is open stays open.
    void aFolderThatIsNoProjectChangesNothing()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        Fixture f;
        const auto said = [&] { return says(f.window.startPage(), QStringLiteral("No folder here or above holds gatehouse.json")); };
        f.window.openProject(folder.path());
        QTRY_VERIFY(said());
        QVERIFY(!f.controller);
        QVERIFY(!QApplication::activeModalWidget());
        QVERIFY(f.open(project));
        FakeController* before = f.controller;
        QVERIFY(!said());
        f.window.openProject(folder.path());
        QTRY_VERIFY(said());
        QCOMPARE(f.controller, before);
        QVERIFY(f.window.startPage().canRun());
    }

    // Broken documents: the place of the error, where one would run it, and no run from half of a project.
    void aBrokenProjectSaysWhere()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        const std::string good = test::readFile(project + "/gatehouse.json");
        test::writeFile(project + "/gatehouse.json", "{ \"schema\": \"gatehouse:project/1\",\n  \"name\" \"x\" }");
        Fixture f;
        QVERIFY(f.open(project));
        const auto problem = [&] { return says(f.window.startPage(), QStringLiteral("gatehouse.json:2:")); };
        QVERIFY(problem());
        QVERIFY(!QApplication::activeModalWidget());
        f.window.startPage().findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("Mend it."));
        QVERIFY(!f.window.startPage().canRun());
        f.window.actions().action(QStringLiteral("run.start"))->trigger();
        QVERIFY(f.controller->started.empty());
        QVERIFY(problem());
        // Mended, it is read again by itself, and the task that was typed meanwhile is still there.
        test::writeFile(project + "/gatehouse.json", good);
        QTRY_VERIFY(f.window.startPage().canRun());
        QVERIFY(!problem());
        QCOMPARE(f.window.startPage().task(), QStringLiteral("Mend it."));
    }

    // Each empty place says what to do next.
    void emptyPlacesSayWhatIsNext()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        folder.write("project/gatehouse.json", "{ \"schema\": \"gatehouse:project/1\", \"name\": \"bare\" }");
        Fixture f;
        QVERIFY(says(f.window.startPage(), QStringLiteral("Try a sample")));
        QVERIFY(says(f.window.startPage(), QStringLiteral("An agent mends")));
        QVERIFY(f.open(project));
        QVERIFY(says(f.window.startPage(), QStringLiteral("no workflow yet")));
        QVERIFY(says(f.window.startPage(), QStringLiteral(".workflow.json")));
        QVERIFY(!f.window.startPage().canRun());
        QVERIFY(says(f.window.approvals(), QStringLiteral("Nothing waits for a person")));
        // A workflow that appears is found, and said to be wrong where it is.
        folder.write("project/workflows/first.workflow.json", "{");
        QTRY_VERIFY(says(f.window.startPage(), QStringLiteral("first.workflow.json:1:")));
    }

    void whatIsTypedStaysWhenDocumentsAreReadAgain()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        Fixture f;
        QVERIFY(f.open(project));
        auto* task = f.window.startPage().findChild<QPlainTextEdit*>();
        task->setPlainText(QStringLiteral("My own task"));
        QSignalSpy again(&f.window, &MainWindow::projectLoaded);
        test::writeFile(project + "/policies/another.policy.json", "{}");
        QVERIFY(again.wait(20'000));
        QCOMPARE(task->toPlainText(), QStringLiteral("My own task"));
    }

    // A run that works is asked about, without blocking; nothing closes until it has ended.
    void leavingAWorkingRunAsks()
    {
        test::TemporaryFolder folder;
        test::writeSampleProject(folder.path("one"));
        test::writeSampleProject(folder.path("two"));
        Fixture f;
        QVERIFY(f.open(folder.path("one")));
        FakeController* first = f.controller;
        first->working = true;
        first->endsAtOnce = false;
        const auto question = [&] { return f.window.findChild<QMessageBox*>(); };
        f.window.openProject(folder.path("two"));
        QTRY_VERIFY(question() && question()->isVisible());
        QCOMPARE(static_cast<QAbstractButton*>(question()->defaultButton()), question()->escapeButton());
        question()->reject();
        QTRY_VERIFY(!question());
        QVERIFY(first->ended.empty());
        QCOMPARE(f.controller, first);
        QVERIFY(!f.window.close());
        QTRY_VERIFY(question() && question()->isVisible());
        QAction* start = f.window.actions().action(QStringLiteral("run.start"));
        QVERIFY(start->isEnabled());
        choosePause(*question());
        QCOMPARE(int(first->ended.size()), 1);
        QVERIFY(first->ended[0] == RunsEnd::Pause);
        QVERIFY(f.window.isVisible());
        // Nothing begins while the runs end.
        QVERIFY(!start->isEnabled());
        Q_EMIT f.window.startPage().runRequested();
        QVERIFY(first->started.empty());
        first->working = false;
        // A later wish that leaves less does not undo it.
        f.window.closeProject();
        QCOMPARE(int(first->ended.size()), 1);
        Q_EMIT first->runsEnded();
        QTRY_VERIFY(!f.window.isVisible());
    }

    // The project goes while its question is open, and while a card is being drawn: both go with it.
    void whatIsOpenGoesWithItsProject()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        const std::string id = run.askForCommand("true");
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(!page->approvals().empty());
        f.window.openApproval(run.directory(), id, MainWindow::Focus::Leave);
        ApprovalView* view = f.window.currentApproval();
        QVERIFY(view);
        f.controller->working = true;
        f.window.closeProject();
        QVERIFY(f.window.findChild<QMessageBox*>());
        f.controller->working = false; // it ended by itself
        f.window.closeProject();
        QVERIFY(!view->payload().viewport()->grab().isNull()); // draws: news for the controller that is going
        QTRY_VERIFY(!f.window.currentApproval());
        QTRY_VERIFY(!f.window.findChild<QMessageBox*>());
        QVERIFY(!f.window.actions().action(QStringLiteral("file.closeProject"))->isEnabled());
    }

    void closingWithoutAWorkingRunDoesNotAsk()
    {
        test::TemporaryFolder folder;
        test::writeSampleProject(folder.path("one"));
        Fixture f;
        QVERIFY(f.open(folder.path("one")));
        f.window.close();
        QTRY_VERIFY(!f.window.isVisible());
        QVERIFY(!f.window.findChild<QMessageBox*>());
        QCOMPARE(int(f.controller->ended.size()), 1);
    }

    // The vote of one card that is refused is said on that card, whichever was decided last.
    void aRefusedVoteIsSaidOnItsOwnCard()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "two");
        run.open();
        const std::string first = run.askForCommand("true");
        const std::string second = run.askForCommand("false");
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_COMPARE(int(page->approvals().size()), 2);
        f.window.openApproval(run.directory(), first, MainWindow::Focus::Leave);
        ApprovalView* one = f.window.currentApproval();
        f.window.openApproval(run.directory(), second, MainWindow::Focus::Leave);
        ApprovalView* two = f.window.currentApproval();
        Q_EMIT f.controller->voteRefused(QString::fromStdString(first), Error{ErrorCode::Denied, first, "It came too late"});
        const QString words = QStringLiteral("It came too late");
        QVERIFY(!says(*two, words));
        f.window.openApproval(run.directory(), first, MainWindow::Focus::Leave);
        QVERIFY(says(*one, words));
    }

    void aResumeThatFailsIsSaidOnTheRunsPage()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "paused");
        run.open();
        run.pause("asked to pause");
        run.close();
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(f.window.actions().action(QStringLiteral("run.resume"))->isEnabled());
        f.window.actions().action(QStringLiteral("run.resume"))->trigger();
        QCOMPARE(int(f.controller->resumed.size()), 1);
        Q_EMIT f.controller->failed(f.controller->token, Error{ErrorCode::Busy, run.directory(), "Another process has it"});
        QCOMPARE(f.window.currentRun(), page);
        QVERIFY(says(*page, QStringLiteral("Another process has it")));
    }

    // A run of another process is followed live and says so.
    void aRunOfAnotherProcessSaysSo()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "elsewhere");
        run.open();
        Fixture f;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(says(*page, QStringLiteral("another process writes it")));
        run.command("true", 0, "fine\n");
        QTRY_COMPARE(page->model().rowCount(), 4);
        run.finish();
        run.close();
        QTRY_VERIFY(says(*page, QStringLiteral("read-only")));
        QVERIFY(!f.window.actions().action(QStringLiteral("run.stop"))->isEnabled());
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestWindowStates)
#include "tst_windowstates.moc"
