#include "app/workbench/mainwindow.h"

#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>

#include "app/workbench/documentpage.h"
#include "app/workbench/projectscanner.h"
#include "app/workbench/statusline.h"
#include "core/workflow/project.h"
#include "widgets/approval/presentationtext.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::workbench {

using namespace widgets;

static constexpr const char* recentKey = "recentProjects";
static constexpr int mostRecent = 8;

MainWindow::MainWindow(JournalThread& journals, Themer& themer, ControllerFactory makeController, QWidget* parent)
    : QMainWindow(parent),
      m_journals(journals),
      m_themer(themer),
      m_makeController(std::move(makeController)),
      m_actions(this),
      m_projectModel(m_runs),
      m_entries(std::make_shared<const std::vector<RunEntry>>())
{
    setObjectName(QStringLiteral("workbench"));
    setWindowIcon(icon(Glyph::Shield, TokenRole::Accent));
    resize(1280, 820);
    addActions();
    addCentre();
    addDocks();
    addToolBar();
    addMenus();
    m_status = new StatusLine;
    setStatusBar(m_status);
    m_start->setRecentProjects(QSettings().value(QLatin1StringView(recentKey)).toStringList());
    connect(&m_themer, &Themer::changed, this, [this] { refreshTitles(); });
    showPage(0);
    refreshTitles();
    refreshActions();
}

MainWindow::~MainWindow()
{
    // Pages hold feeds of the journal thread and views of the models: they go first.
    delete takeCentralWidget();
}

void MainWindow::openProject(const std::string& directory)
{
    auto found = workflow::findProject(directory);
    if (!found) {
        QMessageBox box(QMessageBox::Warning, tr("Open a project"), QString::fromStdString(found.error().toString()), QMessageBox::Ok,
                        this);
        box.setTextFormat(Qt::PlainText);
        box.exec();
        return;
    }
    closeProject();
    m_project = *found;
    m_controller = m_makeController(m_project);
    connect(m_controller.get(), &RunController::runStarted, this, [this](quint64 token, const QString& runDirectory) {
        if (token == m_startToken)
            m_start->setStarting(false);
        m_lister->poll();
        openRun(runDirectory.toStdString());
    });
    connect(m_controller.get(), &RunController::failed, this, &MainWindow::controllerFailed);
    m_status->setPrincipal(QString::fromStdString(m_controller->principal()));
    m_scanner = std::make_unique<ProjectScanner>(m_project);
    connect(m_scanner.get(), &ProjectScanner::listingReady, this, [this](const ProjectListingPtr& listing) {
        m_listing = listing;
        m_projectModel.setListing(listing);
        m_start->setListing(listing);
        m_projectCaption->setText(tr("Project · %1").arg(shown(listing->name)));
        if (!listing->problems.empty())
            m_start->showProblem(shown(listing->problems.front()));
        refreshTitles();
        refreshActions();
        Q_EMIT projectLoaded();
    });
    m_lister = std::make_unique<RunLister>(m_project, m_journals);
    connect(m_lister.get(), &RunLister::entriesChanged, this, &MainWindow::runsChanged);
    m_scanner->start();
    m_lister->start();
    rememberProject(m_project);
    refreshTitles();
}

void MainWindow::closeProject()
{
    while (m_tabs->count() > 1)
        closePage(1);
    m_scanner.reset();
    m_lister.reset();
    m_controller.reset();
    m_listing.reset();
    m_project.clear();
    m_entries = std::make_shared<const std::vector<RunEntry>>();
    m_runs.setEntries(m_entries);
    m_projectModel.setListing(std::make_shared<const ProjectListing>());
    m_start->setListing(nullptr);
    m_projectCaption->setText(tr("Project"));
    m_approvals->setItems({}, {});
    m_status->setPrincipal({});
    refreshTitles();
    refreshActions();
}

void MainWindow::rememberProject(const std::string& directory)
{
    QSettings settings;
    QStringList recent = settings.value(QLatin1StringView(recentKey)).toStringList();
    const QString path = QString::fromStdString(directory);
    recent.removeAll(path);
    recent.prepend(path);
    settings.setValue(QLatin1StringView(recentKey), QStringList(recent.mid(0, mostRecent)));
    m_start->setRecentProjects(recent.mid(0, mostRecent));
}

void MainWindow::chooseProject()
{
    const QString directory = QFileDialog::getExistingDirectory(this, tr("Open a project"), QDir::homePath());
    if (!directory.isEmpty())
        openProject(directory.toStdString());
}

int MainWindow::addPage(QWidget* page, const QString& title, const QIcon& pageIcon)
{
    m_pages->addWidget(page);
    const int index = m_tabs->addTab(pageIcon, title);
    return index;
}

int MainWindow::pageOf(const QWidget* page) const
{
    return m_pages->indexOf(const_cast<QWidget*>(page));
}

void MainWindow::showPage(int index)
{
    m_tabs->setCurrentIndex(index);
    m_pages->setCurrentIndex(index);
    if (currentRun())
        m_tree->selectPath(QString::fromStdString(currentRun()->runDirectory()));
    refreshApprovals();
    refreshTitles();
    refreshActions();
}

void MainWindow::closePage(int index)
{
    if (index <= 0 || index >= m_pages->count())
        return; // the start page stays
    QWidget* page = m_pages->widget(index);
    m_pages->removeWidget(page);
    m_tabs->removeTab(index);
    page->deleteLater();
    showPage(std::min(index, m_tabs->count() - 1));
}

void MainWindow::showStart()
{
    showPage(0);
    m_start->setFocus();
}

void MainWindow::openDocument(const QString& path)
{
    for (int i = 0; i < m_pages->count(); ++i)
        if (auto* page = qobject_cast<DocumentPage*>(m_pages->widget(i)); page && page->path() == path)
            return showPage(i);
    showPage(addPage(new DocumentPage(path), QFileInfo(path).fileName(), icon(Glyph::File)));
}

RunPage* MainWindow::openRun(const std::string& runDirectory)
{
    for (int i = 0; i < m_pages->count(); ++i) {
        auto* page = qobject_cast<RunPage*>(m_pages->widget(i));
        if (page && page->runDirectory() == runDirectory) {
            showPage(i);
            return page;
        }
    }
    auto* page = new RunPage(runDirectory, m_journals);
    connect(page, &RunPage::infoChanged, this, [this] {
        refreshTitles();
        refreshActions();
    });
    connect(page, &RunPage::approvalsChanged, this, [this, page] { pageApprovalsChanged(page); });
    showPage(addPage(page, runTitleOf(runDirectory), icon(Glyph::Run)));
    return page;
}

RunPage* MainWindow::currentRun() const
{
    return qobject_cast<RunPage*>(m_pages->currentWidget());
}

ApprovalView* MainWindow::currentApproval() const
{
    return qobject_cast<ApprovalView*>(m_pages->currentWidget());
}

QString MainWindow::runTitleOf(const std::string& directory) const
{
    const RunEntry* entry = m_runs.entry(m_runs.rowOf(directory));
    return entry ? tr("Run %1").arg(runTitle(*entry)) : tr("Run");
}

void MainWindow::openApproval(const std::string& runDirectory, const std::string& approvalId, Focus focus)
{
    for (int i = 0; i < m_pages->count(); ++i) {
        auto* view = qobject_cast<ApprovalView*>(m_pages->widget(i));
        if (!view || view->item()->status.request.id.text() != approvalId)
            continue;
        showPage(i);
        if (focus == Focus::Take)
            view->attend();
        return;
    }
    RunPage* page = openRun(runDirectory);
    page->selectApproval(approvalId);
    for (const ApprovalPtr& item : page->approvals()) {
        if (item->status.request.id.text() != approvalId || !m_controller)
            continue;
        auto* view = new ApprovalView(item, m_controller->principal());
        connect(view, &ApprovalView::voted, this, [this, view](const approval::Vote& given) { vote(given, view); });
        connect(view, &ApprovalView::closeRequested, this, [this, view] { closePage(pageOf(view)); });
        connect(view, &ApprovalView::presented, this, [this, runDirectory](const QString& id, const QString& digest) {
            m_controller->notePresented(runDirectory, id.toStdString(), digest.toStdString());
        });
        showPage(addPage(view, tr("Request: %1").arg(shown(item->status.request.tool)), icon(Glyph::Diamond, TokenRole::Ask)));
        if (focus == Focus::Take)
            view->attend();
        return;
    }
    // Its run is still being read: the page opens the request once it knows it.
    connect(
        page, &RunPage::approvalsChanged, this, [this, runDirectory, approvalId, focus] { openApproval(runDirectory, approvalId, focus); },
        Qt::SingleShotConnection);
}

void MainWindow::vote(const approval::Vote& given, ApprovalView* view)
{
    m_voting = view;
    const std::string directory = view->item()->runDirectory;
    m_controller->vote(directory, given);
    for (int i = 0; i < m_pages->count(); ++i)
        if (auto* page = qobject_cast<RunPage*>(m_pages->widget(i)); page && page->runDirectory() == directory)
            page->feed().poll();
}

void MainWindow::controllerFailed(quint64 token, const Error& error)
{
    const QString why = shown(error.toString());
    if (token != 0 && token == m_startToken) {
        m_start->setStarting(false);
        m_start->showProblem(why);
        showPage(0);
    } else if (m_voting) {
        m_voting->voteFailed(why);
    } else {
        m_status->showMessage(why, 10'000);
    }
}

void MainWindow::startRun()
{
    if (!m_controller || !m_start->canRun()) {
        showStart();
        return;
    }
    m_start->showProblem({});
    m_start->setStarting(true);
    m_startToken = m_controller->startRun(m_start->workflowPath().toStdString(), m_start->task().toStdString(), {});
}

void MainWindow::stopRun()
{
    if (RunPage* page = currentRun(); page && m_controller)
        m_controller->stopRun(page->runDirectory());
}

void MainWindow::resumeRun()
{
    if (RunPage* page = currentRun(); page && m_controller)
        m_startToken = m_controller->resumeRun(page->runDirectory());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_controller && m_controller->hasLiveRuns()) {
        QMessageBox box(QMessageBox::Question, tr("A run goes on"),
                        tr("A run of this window has not ended. Closing pauses it; “gatehouse resume” goes on with it."),
                        QMessageBox::Close | QMessageBox::Cancel, this);
        box.setDefaultButton(QMessageBox::Cancel);
        if (box.exec() != QMessageBox::Close) {
            event->ignore();
            return;
        }
    }
    QSettings().setValue(QStringLiteral("window/geometry"), saveGeometry());
    QMainWindow::closeEvent(event);
}

} // namespace gatehouse::workbench
