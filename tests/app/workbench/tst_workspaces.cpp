// The window's frame: workspaces keep their panes, a session comes back, a workflow is edited and never lost.
#include "app/workbench/workflowpage.h"
#include "core/authoring/edits.h"
#include "tests/app/workbench/windowfixture.h"
#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/project/samplechooser.h"

#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>

using namespace gatehouse;
using namespace gatehouse::widgets;
using test::Fixture;
using test::says;
using workbench::WorkflowPage;

class TestWorkspaces : public test::TestCase {
    Q_OBJECT

    static QDockWidget& dock(const Fixture& f, const char* name) { return *f.window.findChild<QDockWidget*>(QLatin1StringView(name)); }

    // The docks that are shown, in one line.
    static QString shownDocks(const Fixture& f)
    {
        QStringList names;
        for (const QDockWidget* each : f.window.findChildren<QDockWidget*>())
            if (!each->isHidden())
                names << each->objectName();
        names.sort();
        return names.join(u' ');
    }

    static void trigger(Fixture& f, const char* id) { f.window.actions().action(QLatin1StringView(id))->trigger(); }

    static WorkflowPage* openSample(Fixture& f, const std::string& project)
    {
        test::writeSampleProject(project);
        if (!f.open(project))
            return nullptr;
        WorkflowPage* page = f.window.openWorkflow(f.window.startPage().workflowPath());
        return QTest::qWaitFor([&] { return page->document().canEdit(); }) ? page : nullptr;
    }

    static void addAgent(WorkflowPage& page)
    {
        QVERIFY(page.document().edit(QStringLiteral("Add"), [](authoring::Editor& editor) -> Result<void> {
            GH_TRY(authoring::addNode(editor, authoring::NodeKind::Agent, "second", {8, 8}));
            return {};
        }));
    }

    static QString onlyDraft()
    {
        const QFileInfoList drafts = QDir(DraftKeeper::defaultFolder()).entryInfoList({QStringLiteral("*.draft")}, QDir::Files);
        return drafts.size() == 1 ? drafts.front().filePath() : QString();
    }

    static QPushButton* buttonOf(const QWidget& page, const QString& text)
    {
        for (auto* button : page.findChildren<QPushButton*>())
            if (button->text() == text)
                return button;
        return nullptr;
    }

    static QMessageBox* question(const Fixture& f)
    {
        for (auto* box : f.window.findChildren<QMessageBox*>())
            if (box->isVisible())
                return box;
        return nullptr;
    }

    static void answer(const Fixture& f, QMessageBox::ButtonRole role)
    {
        QMessageBox* box = question(f);
        QVERIFY(box);
        for (QAbstractButton* button : box->buttons())
            if (box->buttonRole(button) == role)
                return button->click();
        QFAIL("no such button");
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_workspaces"));
        applyLook(Theme::Light);
        QDir(DraftKeeper::defaultFolder()).removeRecursively();
    }
    void init() { QSettings().clear(); }
    void cleanupTestCase() { QSettings().clear(); }

    void eachKeepsItsPanes()
    {
        Fixture f;
        QCOMPARE(shownDocks(f), QStringLiteral("approvals project"));
        QTest::keyClick(&f.window, Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(shownDocks(f), QStringLiteral("inspector outline problems project source"));
        dock(f, "inspector").close();
        QTest::keyClick(&f.window, Qt::Key_4, Qt::ControlModifier);
        QCOMPARE(shownDocks(f), QStringLiteral("evidence project"));
        QTest::keyClick(&f.window, Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(shownDocks(f), QStringLiteral("outline problems project source"));
        trigger(f, "view.resetLayout");
        QCOMPARE(shownDocks(f), QStringLiteral("inspector outline problems project source"));
    }

    // Beside a run, and the list to work down where requests are what it is about.
    void requestsStandWhereTheyAreNeeded()
    {
        for (const Qt::LayoutDirection direction : {Qt::LeftToRight, Qt::RightToLeft}) {
            QSettings().clear();
            QGuiApplication::setLayoutDirection(direction);
            const auto near = direction == Qt::LeftToRight ? Qt::LeftDockWidgetArea : Qt::RightDockWidgetArea;
            const auto far = direction == Qt::LeftToRight ? Qt::RightDockWidgetArea : Qt::LeftDockWidgetArea;
            Fixture f;
            QCOMPARE(f.window.dockWidgetArea(&dock(f, "approvals")), far);
            f.window.setWorkspace(Workspace::Approve);
            QCOMPARE(shownDocks(f), QStringLiteral("approvals"));
            QCOMPARE(f.window.dockWidgetArea(&dock(f, "approvals")), near);
            f.window.setWorkspace(Workspace::Run);
            QCOMPARE(shownDocks(f), QStringLiteral("approvals project"));
            QCOMPARE(f.window.dockWidgetArea(&dock(f, "approvals")), far);
        }
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    }

    void theRailSaysWhereOneIs()
    {
        test::TemporaryFolder folder;
        test::writeSampleProjectWithRuns(folder.path("project"));
        Fixture f;
        auto* rail = f.window.findChild<WorkspaceRail*>();
        QVERIFY(f.open(folder.path("project")));
        QVERIFY(rail->button(Workspace::Run).isChecked());
        QTRY_VERIFY(rail->button(Workspace::Approve).badge() > 0);
        QCOMPARE(rail->button(Workspace::Approve).badge(), f.window.approvals().openCount());
        QTest::mouseClick(&rail->button(Workspace::Evidence), Qt::LeftButton);
        QCOMPARE(f.window.workspace(), Workspace::Evidence);
        QVERIFY(f.window.actions().action(QStringLiteral("view.workspace.evidence"))->isChecked());
        QTest::mouseClick(&rail->button(Workspace::Evidence), Qt::LeftButton); // once more: it stays
        QVERIFY(rail->button(Workspace::Evidence).isChecked());
    }

    void aSessionComesBack()
    {
        test::TemporaryFolder folder;
        {
            Fixture f;
            WorkflowPage* page = openSample(f, folder.path("project"));
            QVERIFY(page);
            f.window.setWorkspace(Workspace::Author);
            dock(f, "outline").close();
            f.window.close();
            QTRY_VERIFY(!f.window.isVisible());
        }
        {
            Fixture f;
            QCOMPARE(shownDocks(f), QStringLiteral("inspector problems project source"));
            f.window.restoreSession();
            QTRY_VERIFY(f.window.currentWorkflow());
            QVERIFY(f.window.currentWorkflow()->path().endsWith(QStringLiteral("credit-note.workflow.json")));
        }
        QSettings().setValue(QStringLiteral("session/reopen"), false);
        // Another project opened after it is the only one that is read.
        Fixture f;
        test::writeSampleProject(folder.path("other"));
        QSignalSpy loaded(&f.window, &workbench::MainWindow::projectLoaded);
        f.window.restoreSession();
        QVERIFY(f.open(folder.path("other")));
        QCOMPARE(loaded.size(), 1);
        QVERIFY(!f.window.currentWorkflow());
    }

    // What was kept there by another version, or by somebody else, breaks nothing.
    void brokenSettingsAreAsDesigned()
    {
        QSettings().setValue(QStringLiteral("workspaces/run"), QByteArray("nonsense"));
        QSettings().setValue(QStringLiteral("workspaces/current"), QStringLiteral("elsewhere"));
        test::TemporaryFolder folder;
        test::writeSampleProject(folder.path("project"));
        QSettings().setValue(QStringLiteral("session/project"), QString::fromStdString(folder.path("project")));
        QSettings().setValue(QStringLiteral("session/pages"), QStringList{QStringLiteral("run:/nowhere"), QStringLiteral("?")});
        Fixture f;
        QCOMPARE(shownDocks(f), QStringLiteral("approvals project"));
        QSignalSpy loaded(&f.window, &workbench::MainWindow::projectLoaded);
        f.window.restoreSession();
        QVERIFY(loaded.wait(20'000));
        QVERIFY(!f.window.currentRun() && f.window.startPage().canRun());
    }

    void theViewsOfTheShownWorkflowStandInThePanes()
    {
        test::TemporaryFolder folder;
        Fixture f;
        WorkflowPage* page = openSample(f, folder.path("project"));
        QVERIFY(page);
        f.window.setWorkspace(Workspace::Author);
        QVERIFY(page->outline().isVisible() && page->inspector().isVisible() && page->source().isVisible());
        f.window.showStart();
        QVERIFY(!page->outline().isVisible());
        QVERIFY(says(dock(f, "outline"), QStringLiteral("Open a workflow")));
    }

    void theOutputOfTheShownRunStandsInItsPane()
    {
        test::TemporaryFolder folder;
        test::writeSampleProjectWithRuns(folder.path("project"));
        Fixture f;
        QVERIFY(f.open(folder.path("project")));
        QTRY_VERIFY(f.window.runs().rowCount() > 0);
        dock(f, "output").show();
        QVERIFY(says(dock(f, "output"), QStringLiteral("Open a run")));
        const RunPage* page = f.window.openRun(f.window.runs().entry(0)->info.directory);
        QTRY_VERIFY(page->output().isVisible() && !page->output().pane().view().store().isEmpty());
        f.window.showStart();
        QVERIFY(!page->output().isVisible());
        f.window.openRun(page->runDirectory());
        QVERIFY(page->output().isVisible());
        trigger(f, "file.closeTab");
        QTRY_VERIFY(says(dock(f, "output"), QStringLiteral("Open a run")));
    }

    void editingUndoingAndSaving()
    {
        test::TemporaryFolder folder;
        Fixture f;
        WorkflowPage* page = openSample(f, folder.path("project"));
        QVERIFY(page);
        const std::string before = page->document().text();
        const auto* tabs = f.window.findChild<QTabBar*>(QStringLiteral("pages"));
        QVERIFY(!f.window.actions().action(QStringLiteral("file.save"))->isEnabled());
        addAgent(*page);
        QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("credit-note •"));
        QVERIFY(f.window.isActiveWindow()); // no part of the page was a window of its own for a moment
        QVERIFY(f.window.actions().action(QStringLiteral("edit.undo"))->isEnabled());
        trigger(f, "edit.undo");
        QCOMPARE(page->document().text(), before);
        trigger(f, "edit.redo");
        QTest::keyClick(&f.window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(page->document().text(), before);
        QTest::keyClick(&f.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(&f.window, Qt::Key_S, Qt::ControlModifier);
        QTRY_VERIFY(page->document().isClean());
        QCOMPARE(test::readFile(page->path().toStdString()), page->document().text());
        QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("credit-note"));
    }

    // What a program that just ended had not saved is offered, and given back.
    void aDraftOfBeforeIsOffered()
    {
        test::TemporaryFolder folder;
        Fixture f;
        WorkflowPage* page = openSample(f, folder.path("project"));
        QVERIFY(page);
        const QString path = page->path();
        addAgent(*page);
        const std::string text = page->document().text();
        QString draft;
        QTRY_VERIFY(!(draft = onlyDraft()).isEmpty());
        const QString kept = QString::fromStdString(folder.path("kept"));
        QVERIFY(QFile::copy(draft, kept));
        const QPointer<WorkflowPage> closed = page;
        trigger(f, "file.closeTab");
        answer(f, QMessageBox::DestructiveRole);
        QTRY_VERIFY(!closed);               // and its draft with it
        QTRY_VERIFY(onlyDraft().isEmpty()); // also one that was being written
        QVERIFY(QFile::copy(kept, draft));
        page = f.window.openWorkflow(path);
        QPushButton* restore = nullptr;
        QTRY_VERIFY((restore = buttonOf(*page, QStringLiteral("Restore"))) && restore->isVisible());
        QVERIFY(says(*page, QStringLiteral("were not saved")));
        restore->click();
        QCOMPARE(page->document().text(), text);
        QVERIFY(!restore->isVisible());
        trigger(f, "file.closeTab");
        answer(f, QMessageBox::DestructiveRole);
        QTRY_VERIFY(onlyDraft().isEmpty());
    }

    void nothingUnsavedIsLeftUnasked()
    {
        test::TemporaryFolder folder;
        Fixture f;
        WorkflowPage* page = openSample(f, folder.path("project"));
        QVERIFY(page);
        const QString path = page->path();
        const std::string before = test::readFile(path.toStdString());
        addAgent(*page);
        trigger(f, "file.closeTab");
        answer(f, QMessageBox::RejectRole);
        QCOMPARE(f.window.currentWorkflow(), page);
        f.window.close();
        QVERIFY(f.window.isVisible());
        answer(f, QMessageBox::RejectRole);
        QTRY_VERIFY(!question(f));
        trigger(f, "file.closeProject");
        answer(f, QMessageBox::RejectRole);
        trigger(f, "file.closeTab");
        answer(f, QMessageBox::DestructiveRole);
        QTRY_VERIFY(!f.window.currentWorkflow());
        QCOMPARE(test::readFile(path.toStdString()), before);
        page = f.window.openWorkflow(path);
        QTRY_VERIFY(page->document().canEdit());
        addAgent(*page);
        const std::string after = page->document().text();
        trigger(f, "file.closeTab");
        answer(f, QMessageBox::AcceptRole);
        QTRY_VERIFY(!f.window.currentWorkflow());
        QCOMPARE(test::readFile(path.toStdString()), after);
    }

    // A save that is refused ends what waited for it; a later one closes nothing.
    void aRefusedSaveLetsNothingGoOn()
    {
        test::TemporaryFolder folder;
        Fixture f;
        WorkflowPage* page = openSample(f, folder.path("project"));
        QVERIFY(page);
        addAgent(*page);
        test::writeFile(page->path().toStdString(), "{}\n");
        trigger(f, "file.closeTab");
        answer(f, QMessageBox::AcceptRole);
        QTRY_VERIFY(page->document().hasConflict());
        QCOMPARE(f.window.currentWorkflow(), page);
        page->document().keepMine();
        trigger(f, "file.save");
        QTRY_VERIFY(page->document().isClean());
        QCoreApplication::processEvents();
        QCOMPARE(f.window.currentWorkflow(), page);
        QCOMPARE(test::readFile(page->path().toStdString()), page->document().text());
    }

    // What is typed during a save is saved as well before the page goes.
    void whatIsTypedDuringASaveIsNotLost()
    {
        test::TemporaryFolder folder;
        Fixture f;
        WorkflowPage* page = openSample(f, folder.path("project"));
        QVERIFY(page);
        const std::string path = page->path().toStdString();
        addAgent(*page);
        trigger(f, "file.save");
        page->document().type({{1, 1}, " "});
        const std::string last = page->document().text();
        trigger(f, "file.closeTab");
        answer(f, QMessageBox::AcceptRole);
        QTRY_VERIFY(!f.window.currentWorkflow());
        QCOMPARE(test::readFile(path), last);
    }

    void aSampleIsMadeAndOpened()
    {
        test::TemporaryFolder folder;
        Fixture f;
        SampleChooser& samples = f.window.startPage().samples();
        QPushButton* first = samples.findChild<QPushButton*>();
        QVERIFY(!samples.folder().isVisible());
        QSignalSpy loaded(&f.window, &workbench::MainWindow::projectLoaded);
        for (QPushButton* button : samples.findChildren<QPushButton*>())
            if (button->text() == u"credit-note")
                button->click();
        QVERIFY(first && samples.folder().isVisible());
        samples.folder().setText(QString::fromStdString(folder.path("made")));
        QTest::keyClick(&samples.folder(), Qt::Key_Return);
        QVERIFY(loaded.wait(20'000));
        QVERIFY(f.window.startPage().canRun());
        // A folder with something in it is refused in words, and stays as it is.
        trigger(f, "file.closeProject");
        QTRY_VERIFY(samples.isVisible());
        Q_EMIT samples.makeRequested(QStringLiteral("credit-note"), QString::fromStdString(folder.path("made")));
        QTRY_VERIFY(says(f.window.startPage(), QStringLiteral("made")));
        QVERIFY(!f.window.startPage().canRun());
    }

    void evidenceIsOnlyClaimedAfterReading()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProjectWithRuns(project);
        Fixture f;
        QVERIFY(f.open(project));
        QTRY_VERIFY(f.window.runs().rowCount() > 0);
        f.window.setWorkspace(Workspace::Evidence);
        const std::string run = f.window.runs().entry(f.window.runs().rowCount() - 1)->info.directory;
        RunPage* page = f.window.openRun(run);
        QTRY_VERIFY(page->info().records > 0);
        auto* pane = f.window.findChild<EvidencePane*>();
        QTRY_VERIFY(says(*pane, QStringLiteral("not verified")));
        pane->verify();
        QTRY_VERIFY(pane->isVerified());
        QVERIFY(says(*pane, QStringLiteral("the record holds")));
        std::string bytes = test::readFile(run + "/journal.jsonl");
        bytes[bytes.size() / 2] ^= 1;
        test::writeFile(run + "/journal.jsonl", bytes);
        pane->verify();
        QTRY_VERIFY(says(*pane, QStringLiteral("the record was altered")));
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestWorkspaces)
#include "tst_workspaces.moc"
