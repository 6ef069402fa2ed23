// The part of MainWindow that opens and leaves projects.
#include "app/workbench/mainwindow.h"

#include <QMessageBox>
#include <QPushButton>
#include <QTabBar>

#include "app/workbench/statusline.h"
#include "widgets/text/markedtext.h"

#include <utility>

namespace gatehouse::workbench {

using namespace widgets;

void MainWindow::openPath(const std::string& path)
{
    const quint64 ticket = ++m_opening;
    inBackground(
        m_documents, this, [path] { return findPlace(path); },
        [this, ticket](const Result<ProjectPlace>& place) {
            if (ticket != m_opening)
                return; // another one was asked for meanwhile
            if (!place) {
                m_wantedPages.clear();
                m_start->showProblem(shown(place.error().toString()));
                return showPage(0);
            }
            if (place->project == m_project)
                return showPlace(*place);
            // Asked again behind the runs: something may have been edited while they ended.
            whenSaved(workflowPages(), [this, found = *place] {
                whenRunsMayEnd(Leaving::Project, [this, found] { whenSaved(workflowPages(), [this, found] { openPlace(found); }); });
            });
        });
}

void MainWindow::openPlace(const ProjectPlace& place)
{
    dropProject();
    m_project = place.project;
    m_controller = m_makeController(m_project);
    followController();
    m_status->setPrincipal(shown(m_controller->principal()));
    m_scanner = std::make_unique<ProjectScanner>(m_project, m_documents);
    connect(m_scanner.get(), &ProjectScanner::listingReady, this, &MainWindow::takeListing);
    m_lister = std::make_unique<RunLister>(m_project, m_journals);
    connect(m_lister.get(), &RunLister::entriesChanged, this, &MainWindow::runsChanged);
    m_scanner->start();
    m_lister->start();
    rememberProject(m_project);
    showPlace(place);
    refreshTitles();
}

void MainWindow::showPlace(const ProjectPlace& place)
{
    if (!place.run.empty())
        openRun(place.run);
    m_wantedWorkflow = QString::fromStdString(place.workflow);
    if (m_listing)
        m_start->chooseWorkflow(m_wantedWorkflow);
}

void MainWindow::followController()
{
    connect(m_controller.get(), &RunController::runStarted, this, [this](quint64 token, const QString& runDirectory) {
        if (token == m_startToken)
            m_start->setStarting(false);
        if (token == m_resumeToken)
            m_resumeToken = 0;
        m_lister->poll();
        openRun(runDirectory.toStdString());
        refreshWriters();
    });
    connect(m_controller.get(), &RunController::failed, this, &MainWindow::controllerFailed);
    connect(m_controller.get(), &RunController::voteRefused, this, [this](const QString& id, const Error& error) {
        for (ApprovalView* view : approvalPages())
            if (view->item()->status.request.id.text() == id.toStdString())
                view->voteFailed(shown(error.toString()));
    });
    // Queued: what comes after may be the end of the controller.
    connect(
        m_controller.get(), &RunController::runsEnded, this,
        [this] {
            if (const auto then = std::exchange(m_afterRuns, {}))
                then();
        },
        Qt::QueuedConnection);
}

void MainWindow::takeListing(const ProjectListingPtr& listing)
{
    m_listing = listing;
    m_projectModel.setListing(listing);
    m_start->setListing(listing);
    if (!m_wantedWorkflow.isEmpty())
        m_start->chooseWorkflow(std::exchange(m_wantedWorkflow, {}));
    m_projectCaption->setText(tr("Project · %1").arg(shown(listing->name)));
    openPages(std::exchange(m_wantedPages, {}));
    refreshTitles();
    refreshActions();
    Q_EMIT projectLoaded();
}

void MainWindow::closeProject()
{
    whenSaved(workflowPages(),
              [this] { whenRunsMayEnd(Leaving::Project, [this] { whenSaved(workflowPages(), [this] { dropProject(); }); }); });
}

void MainWindow::dropProject()
{
    if (m_question)
        m_question->close(); // it was about this project's runs
    while (m_tabs->count() > 1)
        removePage(1);
    m_resumeToken = 0;
    m_scanner.reset();
    m_lister.reset();
    m_controller.reset();
    m_listing.reset();
    m_project.clear();
    m_entries = std::make_shared<const std::vector<RunEntry>>();
    m_runs.setEntries(m_entries);
    m_projectModel.setListing(std::make_shared<const ProjectListing>());
    m_start->setStarting(false);
    m_start->showProblem({});
    m_start->setListing(nullptr);
    m_projectCaption->setText(tr("Project"));
    m_approvals->setItems({}, {});
    m_status->setPrincipal({});
    refreshTitles();
    refreshActions();
}

void MainWindow::whenRunsMayEnd(Leaving leaving, std::function<void()> then)
{
    if (!m_controller)
        return then();
    if (m_afterRuns && m_leaving > leaving)
        return;
    if (m_controller->hasWorkingRuns())
        return askAboutRuns(leaving, std::move(then));
    endRuns(RunsEnd::Pause, leaving, std::move(then)); // what waits for a person stays as it is
}

void MainWindow::endRuns(RunsEnd how, Leaving leaving, std::function<void()> then)
{
    if (!m_controller || (m_afterRuns && m_leaving > leaving))
        return;
    m_afterRuns = std::move(then);
    m_leaving = leaving;
    refreshActions();
    if (m_controller->hasWorkingRuns())
        m_status->showMessage(how == RunsEnd::Pause ? tr("The run is paused as soon as its step has ended…") : tr("The run is stopped…"));
    m_controller->endRuns(how);
}

void MainWindow::askAboutRuns(Leaving leaving, std::function<void()> then)
{
    if (m_question)
        m_question->close(); // asked once more, for something else
    m_question = new QMessageBox(QMessageBox::Question, tr("A run is working"),
                                 tr("A run of this window is working. Pausing lets its step end first; “Resume” goes on with it later. "
                                    "Stopping ends it now and for good. Its record stays either way."),
                                 QMessageBox::NoButton, this);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    m_question->setTextFormat(Qt::PlainText);
    const QPushButton* pause = m_question->addButton(tr("Pause it"), QMessageBox::AcceptRole);
    const QPushButton* stop = m_question->addButton(tr("Stop it"), QMessageBox::DestructiveRole);
    QPushButton* stay = m_question->addButton(tr("Keep it working"), QMessageBox::RejectRole);
    m_question->setDefaultButton(stay);
    m_question->setEscapeButton(stay);
    connect(m_question, &QMessageBox::buttonClicked, this,
            [this, pause, stop, leaving, then = std::move(then)](const QAbstractButton* chosen) {
                if (chosen == pause || chosen == stop)
                    endRuns(chosen == pause ? RunsEnd::Pause : RunsEnd::Stop, leaving, then);
            });
    m_question->open();
}

} // namespace gatehouse::workbench
