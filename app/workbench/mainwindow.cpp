#include "app/workbench/mainwindow.h"

#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMessageBox> // m_question
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>

#include "app/workbench/documentpage.h"
#include "app/workbench/statusline.h"
#include "app/workbench/workflowpage.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <utility>

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
    setAnimated(false); // panes stand where they belong at once
    setWindowIcon(icon(Glyph::Shield, TokenRole::Accent));
    // With room for a frame and a title, which are not known before the window is shown.
    const QSize room = QGuiApplication::primaryScreen()->availableGeometry().size() - QSize(16, 48);
    resize(QSize(1280, 820).boundedTo(room));
    addActions();
    addCentre();
    addToolBar();
    addRail();
    addDocks();
    addMenus();
    m_status = new StatusLine;
    setStatusBar(m_status);
    m_workspaces->restore();
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
    // Opened, not run: runs go on being read, and requests go on being shown, while somebody looks for a folder.
    auto* dialog = new QFileDialog(this, tr("Open a project"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& directory) { openProject(directory.toStdString()); });
    dialog->open();
}

int MainWindow::addPage(QWidget* page, const QIcon& pageIcon)
{
    m_pages->addWidget(page);
    return m_tabs->addTab(pageIcon, withoutMnemonics(titleOf(page)));
}

QString MainWindow::titleOf(const QWidget* page) const
{
    if (const auto* run = qobject_cast<const RunPage*>(page))
        return runTitleOf(run->runDirectory());
    if (const auto* view = qobject_cast<const ApprovalView*>(page))
        return tr("Request: %1").arg(requestTitle(*view));
    if (const auto* document = qobject_cast<const DocumentPage*>(page))
        return document->title();
    if (const auto* workflow = qobject_cast<const WorkflowPage*>(page))
        return workflow->title();
    return m_project.empty() ? tr("Welcome") : tr("New run");
}

static constexpr int widestTitle = 200;

// Short: its icon says how the run or the request stands, its tool tip what it is. Names come from documents: no tab is wider than fits.
QString MainWindow::tabTitleOf(const QWidget* page) const
{
    QString title = titleOf(page);
    if (const auto* run = qobject_cast<const RunPage*>(page); run && !listedTitle(run->runDirectory()).isEmpty())
        title = listedTitle(run->runDirectory());
    if (const auto* view = qobject_cast<const ApprovalView*>(page))
        title = requestTitle(*view);
    return withoutMnemonics(m_tabs->fontMetrics().elidedText(title, Qt::ElideRight, px(widestTitle)));
}

QString MainWindow::requestTitle(const ApprovalView& view) const
{
    return tr("%1 · %2").arg(shown(view.item()->status.request.tool), listedTitle(view.item()->runDirectory).section(u' ', 0, 0));
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
    else if (const WorkflowPage* workflow = currentWorkflow())
        m_tree->selectPath(workflow->path());
    showPanes();
    refreshApprovals();
    refreshTitles();
    refreshActions();
}

void MainWindow::closePage(int index)
{
    if (index <= 0 || index >= m_pages->count())
        return; // the start page stays
    auto* workflow = qobject_cast<WorkflowPage*>(m_pages->widget(index));
    if (!workflow)
        return removePage(index);
    whenSaved({workflow}, [this, page = QPointer<QWidget>(workflow)] {
        if (const int at = page ? pageOf(page) : -1; at > 0)
            removePage(at);
    });
}

void MainWindow::removePage(int index)
{
    QWidget* page = m_pages->widget(index);
    QWidget* shownPage = m_pages->currentWidget();
    // A request closes back to its run.
    const auto* request = qobject_cast<const ApprovalView*>(page);
    QWidget* after = request ? static_cast<QWidget*>(pageOfRun(request->item()->runDirectory)) : nullptr;
    m_pages->removeWidget(page);
    m_tabs->removeTab(index);
    page->hide();
    letGo(page);
    if (shownPage != page)
        return showPage(pageOf(shownPage)); // one in the background was closed
    const int back = after ? pageOf(after) : -1;
    showPage(back >= 0 ? back : std::min(index, m_tabs->count() - 1));
}

// A run's page outlives its tab while a request of the run is open: that it was decided elsewhere comes through it.
void MainWindow::letGo(QWidget* page)
{
    const std::vector<ApprovalView*> requests = approvalPages();
    const auto needed = [&](const RunPage* run) {
        return std::any_of(requests.begin(), requests.end(),
                           [&](const ApprovalView* view) { return view->item()->runDirectory == run->runDirectory(); });
    };
    if (auto* run = qobject_cast<RunPage*>(page); run && needed(run))
        m_followed.push_back(run);
    else
        page->deleteLater();
    std::erase_if(m_followed, [&](RunPage* run) {
        if (needed(run))
            return false;
        run->deleteLater();
        return true;
    });
}

std::vector<RunPage*> MainWindow::runPages() const
{
    std::vector<RunPage*> pages = m_followed;
    for (int i = 0; i < m_pages->count(); ++i)
        if (auto* page = qobject_cast<RunPage*>(m_pages->widget(i)))
            pages.push_back(page);
    return pages;
}

std::vector<ApprovalView*> MainWindow::approvalPages() const
{
    std::vector<ApprovalView*> pages;
    for (int i = 0; i < m_pages->count(); ++i)
        if (auto* page = qobject_cast<ApprovalView*>(m_pages->widget(i)))
            pages.push_back(page);
    return pages;
}

RunPage* MainWindow::pageOfRun(const std::string& directory) const
{
    for (RunPage* page : runPages())
        if (page->runDirectory() == directory)
            return page;
    return nullptr;
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
    showPage(addPage(new DocumentPage(path, m_documents), icon(Glyph::File)));
}

RunPage* MainWindow::openRun(const std::string& runDirectory)
{
    RunPage* page = pageOfRun(runDirectory);
    if (page && pageOf(page) >= 0) {
        showPage(pageOf(page));
        return page;
    }
    if (page) {
        std::erase(m_followed, page);
    } else {
        page = new RunPage(runDirectory, m_journals);
        connect(page, &RunPage::infoChanged, this, [this] {
            refreshWriters();
            refreshTitles();
            refreshActions();
        });
        connect(page, &RunPage::approvalsChanged, this, [this, page] { pageApprovalsChanged(page); });
        connect(page, &RunPage::resumeRequested, this, &MainWindow::resumeRun);
        connect(page, &RunPage::reviewRequested, this,
                [this, runDirectory](const QString& id) { openApproval(runDirectory, id.toStdString(), Focus::Take); });
    }
    showPage(addPage(page, icon(Glyph::Run)));
    return page;
}

void MainWindow::refreshWriters()
{
    for (RunPage* page : runPages())
        page->setWriter(m_controller && m_controller->isWriting(page->runDirectory()) ? RunPage::Writer::Ours : RunPage::Writer::Another);
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
    const QString title = listedTitle(directory);
    return title.isEmpty() ? tr("Run") : tr("Run %1").arg(title);
}

QString MainWindow::listedTitle(const std::string& directory) const
{
    const RunEntry* entry = m_runs.entry(m_runs.rowOf(directory));
    return entry ? runTitle(*entry) : QString();
}

// The run of the page that is shown, whether it is the run's own or that of one of its requests.
RunPage* MainWindow::runInView() const
{
    const ApprovalView* view = currentApproval();
    return view ? pageOfRun(view->item()->runDirectory) : currentRun();
}

// Nobody writes it, and it can go on.
bool MainWindow::canResume(const RunPage& page)
{
    const RunInfo& info = page.info();
    return !info.over && !info.writerAlive && info.records > 0 && info.progress != RunProgress::Damaged;
}

void MainWindow::controllerFailed(quint64 token, const Error& error)
{
    const QString why = shown(error.toString());
    if (token != 0 && token == m_startToken) {
        m_start->setStarting(false);
        m_start->showProblem(why);
        return showPage(0);
    }
    if (token != 0 && token == m_resumeToken) {
        m_resumeToken = 0;
        if (RunPage* page = pageOfRun(m_resuming))
            return page->showNotice(why);
    }
    m_status->showMessage(why, 10'000);
}

void MainWindow::startRun()
{
    if (m_afterRuns)
        return m_status->showMessage(tr("The runs of this window are ending: none starts until then."), 10'000);
    if (!m_controller || !m_start->canRun()) {
        showStart();
        return;
    }
    m_start->showProblem({});
    m_start->setStarting(true);
    m_startToken = m_controller->startRun(m_start->workflowPath().toStdString(), m_start->task().toStdString(), runOptions());
}

void MainWindow::stopRun()
{
    if (RunPage* page = runInView(); page && m_controller)
        m_controller->stopRun(page->runDirectory());
}

void MainWindow::resumeRun()
{
    const RunPage* run = runInView();
    const bool asked = m_resumeToken != 0 && run && m_resuming == run->runDirectory(); // and not answered yet
    if (!run || !m_controller || m_afterRuns || asked)
        return;
    RunPage* page = openRun(run->runDirectory()); // its tab may have been closed
    page->showNotice({});
    m_resuming = page->runDirectory();
    m_resumeToken = m_controller->resumeRun(m_resuming);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_mayClose && (m_controller || !workflowPages().empty())) {
        event->ignore();
        return whenSaved(workflowPages(), [this] {
            whenRunsMayEnd(Leaving::Window, [this] {
                whenSaved(workflowPages(), [this] { // what was edited while the runs ended
                    m_mayClose = true;
                    close();
                });
            });
        });
    }
    saveSession();
    QMainWindow::closeEvent(event);
}

} // namespace gatehouse::workbench
