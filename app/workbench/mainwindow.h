// MainWindow: the workbench: a rail of workspaces, panes around, pages in the centre, facts below. GUI thread.
//
// It owns the pages and the project's followers; what runs belongs to the controller. Closing a page never touches its run.
#pragma once

#include <QMainWindow>
#include <QPointer>

#include "app/workbench/projectscanner.h"
#include "app/workbench/workspaces.h"
#include "widgets/actions/actionregistry.h"
#include "widgets/approval/approvalqueue.h"
#include "widgets/approval/approvalview.h"
#include "widgets/diff/patchview.h"
#include "widgets/evidence/evidencepane.h"
#include "widgets/inspector/runfacts.h"
#include "widgets/models/runfeed.h"
#include "widgets/models/runlister.h"
#include "widgets/problems/problemsview.h"
#include "widgets/project/projecttree.h"
#include "widgets/project/startpage.h"
#include "widgets/runcontroller.h"
#include "widgets/shell/dockpane.h"
#include "widgets/shell/workspacerail.h"
#include "widgets/style/themer.h"
#include "widgets/timeline/runpage.h"

#include <functional>

class QDockWidget;
class QMenu;
class QMessageBox;
class QStackedWidget;
class QTabBar;

namespace gatehouse::widgets {
class CommandPalette;
struct PaletteEntry;
} // namespace gatehouse::widgets

namespace gatehouse::workbench {

class StatusLine;
class WorkflowPage;

// Makes the controller of a project; main gives the engine's, tests their own.
using ControllerFactory = std::function<std::unique_ptr<widgets::RunController>(const std::string& projectDirectory)>;

class MainWindow final : public QMainWindow {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)
public:
    MainWindow(widgets::JournalThread& journals, widgets::Themer& themer, ControllerFactory makeController, QWidget* parent = nullptr);
    ~MainWindow() override;

    // A project's folder, a run's, or a workflow's file. What can't be opened is said on the start page and changes nothing.
    void openPath(const std::string& path);
    void openProject(const std::string& directory) { openPath(directory); }
    // Asks first when a run of this window works.
    void closeProject();
    // Opens or raises the page of a run.
    widgets::RunPage* openRun(const std::string& runDirectory);
    // Opens or raises a request's page; only a person's wish gives it the focus.
    enum class Focus { Leave, Take };
    void openApproval(const std::string& runDirectory, const std::string& approvalId, Focus focus);
    void showStart();
    void setWorkspace(widgets::Workspace workspace);
    [[nodiscard]] widgets::Workspace workspace() const { return m_workspaces->current(); }
    // Opens what was open when the window was last closed, if the person wants that.
    void restoreSession();
    // A policy or profile, to read.
    void openDocument(const QString& path);
    // Opens or raises the page of a workflow.
    WorkflowPage* openWorkflow(const QString& path);

    [[nodiscard]] widgets::ActionRegistry& actions() { return m_actions; }
    [[nodiscard]] widgets::RunPage* currentRun() const;
    [[nodiscard]] widgets::ApprovalView* currentApproval() const;
    [[nodiscard]] WorkflowPage* currentWorkflow() const;
    [[nodiscard]] widgets::ApprovalQueue& approvals() const { return *m_approvals; }
    [[nodiscard]] widgets::StartPage& startPage() const { return *m_start; }
    [[nodiscard]] widgets::ProjectTree& tree() const { return *m_tree; }
    [[nodiscard]] const widgets::RunListModel& runs() const { return m_runs; }
    [[nodiscard]] QDialog* makeAbout();
    [[nodiscard]] QDialog* makeShortcutSheet();
    [[nodiscard]] QDialog* makeSettings();

Q_SIGNALS:
    void projectLoaded();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void addActions();
    void addFileActions();
    void addEditActions();
    void addRunActions();
    void addDiffActions();
    void addViewActions();
    void addHelpActions();
    QAction* addAction(const char* id, const QString& text, widgets::Glyph glyph, QList<QKeySequence> keys, const QString& help,
                       std::function<void()> slot);
    using QMainWindow::addAction;
    void addMenus();
    void addViewMenu();
    void addToolBar();
    void addRail();
    void addDocks();
    void addCentre();
    [[nodiscard]] QDockWidget* makeDock(const QString& name, const QString& title, QWidget* contents);
    [[nodiscard]] QDockWidget* makePaneDock(const QString& name, const QString& title, widgets::DockPane* pane);
    [[nodiscard]] QWidget* makeProjectPane();
    [[nodiscard]] QWidget* makeApprovalsPane();

    void chooseProject();
    void openPlace(const ProjectPlace& place);
    void showPlace(const ProjectPlace& place);
    void dropProject();
    void followController();
    void takeListing(const widgets::ProjectListingPtr& listing);
    // Lets the runs of this process end, asking when that loses something; then goes on. Never blocks.
    // What was decided first holds unless the later wish leaves as much: leaving the window is not undone by leaving its project.
    enum class Leaving { Project, Window };
    void whenRunsMayEnd(Leaving leaving, std::function<void()> then);
    void askAboutRuns(Leaving leaving, std::function<void()> then);
    void endRuns(widgets::RunsEnd how, Leaving leaving, std::function<void()> then);
    void startRun();
    void stopRun();
    void resumeRun();
    void walkApprovals(int direction);
    void vote(const approval::Vote& vote, widgets::ApprovalView* view);
    void controllerFailed(quint64 token, const Error& error);

    int addPage(QWidget* page, const QIcon& icon);
    void addApprovalPage(const widgets::ApprovalPtr& item, Focus focus);
    [[nodiscard]] QString titleOf(const QWidget* page) const;
    [[nodiscard]] QString tabTitleOf(const QWidget* page) const;
    [[nodiscard]] QString requestTitle(const widgets::ApprovalView& view) const;
    [[nodiscard]] std::vector<widgets::RunPage*> runPages() const;
    [[nodiscard]] std::vector<widgets::ApprovalView*> approvalPages() const;
    [[nodiscard]] widgets::RunPage* pageOfRun(const std::string& directory) const;
    void letGo(QWidget* page);
    void refreshWriters();
    void closePage(int index);
    void showPage(int index);
    [[nodiscard]] int pageOf(const QWidget* page) const;
    void runsChanged(const widgets::RunEntries& entries);
    void pageApprovalsChanged(widgets::RunPage* page);
    void refreshApprovals();
    void refreshTitles();
    void setTabText(int index);
    void showTab(int index, const QString& title, const widgets::PillLook& look);
    void showWorkflowTab(int index, WorkflowPage& page);
    void refreshActions();
    [[nodiscard]] QString runTitleOf(const std::string& directory) const;
    [[nodiscard]] QString listedTitle(const std::string& directory) const;
    [[nodiscard]] widgets::RunPage* runInView() const;
    [[nodiscard]] static bool canResume(const widgets::RunPage& page);
    [[nodiscard]] std::vector<widgets::ApprovalPtr> openApprovals() const;
    void openPalette();
    [[nodiscard]] std::vector<widgets::PaletteEntry> requestEntries();
    [[nodiscard]] std::vector<widgets::PaletteEntry> runEntries();
    [[nodiscard]] std::vector<widgets::PaletteEntry> documentEntries();
    void chooseWorkflow(const QString& path);
    [[nodiscard]] std::vector<WorkflowPage*> workflowPages() const;
    void showDock(const QString& name);
    void showPanes();
    void saveWorkflow();
    void undo(widgets::Direction direction);
    void fillWorkflowMenu(QMenu* menu);
    void whenSaved(const std::vector<WorkflowPage*>& pages, std::function<void()> then);
    using Pages = std::vector<QPointer<WorkflowPage>>;
    void saveAll(const Pages& pages, const std::function<void()>& then);
    void removePage(int index);
    void rememberProject(const std::string& directory);
    void saveSession() const;
    void openPages(const QStringList& pages);
    [[nodiscard]] QStringList pageKeys() const;
    void makeSample(const QString& name, const QString& folder);
    void verifyRun(quint64 ticket, const QString& directory);
    [[nodiscard]] widgets::RunOptions runOptions() const;
    void setThemeChoice(widgets::ThemeChoice choice);

    widgets::BackgroundThread m_documents{QStringLiteral("documents")};
    widgets::BackgroundThread m_verifications{QStringLiteral("verifications")}; // reads every byte of a run: nothing waits behind it
    widgets::JournalThread& m_journals;
    widgets::Themer& m_themer;
    ControllerFactory m_makeController;
    widgets::ActionRegistry m_actions;
    widgets::RunListModel m_runs;
    widgets::ProjectTreeModel m_projectModel;
    widgets::ProjectListingPtr m_listing;
    std::string m_project;
    std::unique_ptr<ProjectScanner> m_scanner;
    std::unique_ptr<widgets::RunLister> m_lister;
    std::unique_ptr<widgets::RunController> m_controller;
    widgets::RunEntries m_entries;
    std::vector<widgets::RunPage*> m_followed; // closed, but a request of theirs is still open and lives by their news
    QString m_wantedWorkflow;                  // until its project is read
    quint64 m_opening = 0;
    quint64 m_startToken = 0;
    quint64 m_resumeToken = 0;
    std::string m_resuming;
    std::function<void()> m_afterRuns;    // set while the runs are ending: no other begins
    Leaving m_leaving = Leaving::Project; // what m_afterRuns does
    QPointer<QMessageBox> m_question;
    bool m_mayClose = false;

    QTabBar* m_tabs = nullptr;
    QStackedWidget* m_pages = nullptr;
    widgets::StartPage* m_start = nullptr;
    widgets::ProjectTree* m_tree = nullptr;
    widgets::ApprovalQueue* m_approvals = nullptr;
    widgets::Label* m_projectCaption = nullptr;
    QLabel* m_corner = nullptr;
    StatusLine* m_status = nullptr;
    widgets::CommandPalette* m_palette = nullptr; // made when it is first asked for
    widgets::WorkspaceRail* m_rail = nullptr;
    Workspaces* m_workspaces = nullptr;
    widgets::RunFacts* m_runFacts = nullptr;
    widgets::EvidencePane* m_evidence = nullptr;
    widgets::DockPane* m_outlinePane = nullptr;
    widgets::DockPane* m_inspectorPane = nullptr;
    widgets::DockPane* m_sourcePane = nullptr;
    widgets::DockPane* m_problemsPane = nullptr;
    widgets::DockPane* m_outputPane = nullptr;
    widgets::ProblemModel m_problemModel;
    widgets::ProblemsView* m_problems = nullptr;
    std::vector<QDockWidget*> m_docks; // in the order of the View menu
    QPointer<QObject> m_pendingSave;   // while pages are saved so that something can go on
    QString m_wantedProject;           // of the last session,
    QStringList m_wantedPages;         // of the last session, until its project is read
};

} // namespace gatehouse::workbench
