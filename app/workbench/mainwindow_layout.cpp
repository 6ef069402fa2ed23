// The part of MainWindow that puts it together: tool bar, rail, docks, centre.
#include "app/workbench/mainwindow.h"

#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QLocale>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWhatsThis>

#include "app/workbench/statusline.h"
#include "core/workflow/templates.h"
#include "widgets/controls/keybutton.h"
#include "widgets/controls/surface.h"
#include "widgets/project/samplechooser.h"
#include "widgets/style/fonts.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/timeline/eventtable.h"

namespace gatehouse::workbench {

using namespace widgets;

void MainWindow::addToolBar()
{
    auto* bar = QMainWindow::addToolBar(tr("Main tool bar"));
    bar->setObjectName(QStringLiteral("main"));
    bar->setMovable(false);
    bar->setFixedHeight(px(44));
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    auto* margin = new QWidget;
    margin->setFixedWidth(px(0));
    bar->addWidget(margin);
    const auto put = [&](const char* id, Look look, TokenRole role, Glyph glyph) {
        QAction* action = m_actions.action(QLatin1StringView(id));
        bar->addAction(action);
        auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(action));
        setLook(button, look);
        button->setFocusPolicy(Qt::TabFocus);
        if (glyph != Glyph::None)
            action->setIcon(icon(glyph, role));
    };
    put("run.start", Look::Plain, TokenRole::Accent, Glyph::Play);
    put("run.stop", Look::Danger, TokenRole::Deny, Glyph::Stop);
    put("run.resume", Look::Plain, TokenRole::Second, Glyph::Refresh);
    bar->addSeparator();
    put("run.new", Look::Quiet, TokenRole::Second, Glyph::Plus);
    put("approvals.next", Look::Quiet, TokenRole::Ask, Glyph::Diamond);
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    QAction* palette = m_actions.action(QStringLiteral("tools.palette"));
    auto* search = new KeyButton(tr("Search or run a command"), palette->shortcut().toString(QKeySequence::NativeText));
    setLook(search, Look::Field);
    search->setFocusPolicy(Qt::TabFocus);
    search->setAutoDefault(false);
    search->setFixedHeight(px(28));
    search->setToolTip(palette->whatsThis());
    connect(search, &QPushButton::clicked, palette, &QAction::trigger);
    bar->addWidget(search);
    auto* end = new QWidget;
    end->setFixedWidth(px(6));
    bar->addWidget(end);
    // Shown by Qt when the window is too narrow.
    if (auto* extension = bar->findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button")))
        extension->setAccessibleName(tr("More commands"));
}

void MainWindow::addCentre()
{
    auto* centre = new Surface(SurfaceKind::PanelSecond);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* strip = new Surface(SurfaceKind::PanelSecond);
    strip->setRules(Qt::BottomEdge);
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(0, 0, 0, 0);
    m_tabs = new QTabBar;
    m_tabs->setObjectName(QStringLiteral("pages"));
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setElideMode(Qt::ElideNone);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setTabsClosable(true);
    m_tabs->setAccessibleName(tr("Open pages"));
    m_tabs->setContextMenuPolicy(Qt::NoContextMenu);
    row->addWidget(m_tabs);
    row->addStretch(1);
    m_pages = new QStackedWidget;
    m_start = new StartPage;
    column->addWidget(strip);
    column->addWidget(m_pages, 1);
    setCentralWidget(centre);
    addPage(m_start, icon(Glyph::Workflow));
    m_tabs->setTabButton(0, QTabBar::RightSide, nullptr); // the start page stays
    connect(m_tabs, &QTabBar::tabBarClicked, this, [this](int index) {
        if (index >= 0)
            showPage(index);
    });
    connect(m_tabs, &QTabBar::tabCloseRequested, this, &MainWindow::closePage);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index >= 0 && index < m_pages->count() && m_pages->currentIndex() != index)
            showPage(index);
    });
    connect(m_start, &StartPage::runRequested, this, &MainWindow::startRun);
    connect(m_start, &StartPage::openRequested, this, &MainWindow::chooseProject);
    connect(m_start, &StartPage::projectChosen, this, [this](const QString& directory) { openProject(directory.toStdString()); });
    std::vector<Sample> samples;
    for (const std::string& name : workflow::templateNames())
        if (const auto found = workflow::findTemplate(name))
            samples.push_back({QString::fromStdString(found->name), QString::fromStdString(found->description)});
    m_start->samples().setSamples(samples);
    connect(&m_start->samples(), &SampleChooser::makeRequested, this, &MainWindow::makeSample);
    connect(m_start, &StartPage::stateChanged, this, &MainWindow::refreshActions);
}

QDockWidget* MainWindow::makeDock(const QString& name, const QString& title, QWidget* contents)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setFeatures(QDockWidget::DockWidgetClosable);
    dock->setTitleBarWidget(new QWidget); // the contents say what they are
    dock->setWidget(contents);
    m_docks.push_back(dock);
    return dock;
}

QDockWidget* MainWindow::makePaneDock(const QString& name, const QString& title, DockPane* pane)
{
    QDockWidget* dock = makeDock(name, title, pane);
    connect(pane, &DockPane::closeRequested, dock, &QDockWidget::close);
    return dock;
}

QWidget* MainWindow::makeProjectPane()
{
    auto* project = new Surface(SurfaceKind::PanelSecond);
    auto* column = new QVBoxLayout(project);
    column->setContentsMargins(0, px(14), 0, 0);
    column->setSpacing(px(6));
    m_projectCaption = makeSection(tr("Project"));
    m_projectCaption->setContentsMargins(px(14), 0, px(14), 0);
    m_projectCaption->setEliding(Eliding::Right);
    m_tree = new ProjectTree(m_projectModel);
    column->addWidget(m_projectCaption);
    column->addWidget(m_tree, 1);
    connect(m_tree, &ProjectTree::workflowChosen, this, &MainWindow::chooseWorkflow);
    connect(m_tree, &ProjectTree::documentChosen, this, &MainWindow::openDocument);
    connect(m_tree, &ProjectTree::runChosen, this, [this](const QString& directory) { openRun(directory.toStdString()); });
    return project;
}

QWidget* MainWindow::makeApprovalsPane()
{
    auto* pane = new Surface(SurfaceKind::Panel);
    auto* column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_approvals = new ApprovalQueue([this](const std::string& directory) { return listedTitle(directory); });
    m_runFacts = new RunFacts;
    column->addWidget(m_approvals, 1);
    m_approvals->setBelow(m_runFacts);
    connect(m_approvals, &ApprovalQueue::reviewRequested, this,
            [this](const QString& directory, const QString& id) { openApproval(directory.toStdString(), id.toStdString(), Focus::Take); });
    return pane;
}

void MainWindow::addDocks()
{
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    m_workspaces = new Workspaces(*this);
    const auto pane = [](const QString& title, const QString& empty) { return new DockPane(title, empty); };
    m_outlinePane = pane(tr("Outline"), tr("The agents of a workflow and what they use. Open a workflow to see them."));
    m_inspectorPane = pane(tr("Inspector"), tr("What is selected in a workflow can be edited here. Open a workflow and choose a node."));
    m_sourcePane = pane(tr("Source"), tr("The text of the workflow that is shown. Open a workflow to see it."));
    m_problemsPane = pane(tr("Problems"), {});
    m_outputPane = pane(tr("Output"), tr("What a run writes and says, all of it as it comes. Open a run to see it."));
    m_problems = new ProblemsView(m_problemModel);
    m_problemsPane->show(m_problems);
    DockPane* evidence = pane(tr("Evidence"), {});
    m_evidence = new EvidencePane;
    evidence->show(m_evidence);
    using W = Workspace;
    const auto left = Qt::LeftDockWidgetArea;
    const auto right = Qt::RightDockWidgetArea;
    const auto bottom = Qt::BottomDockWidgetArea;
    m_workspaces->add(
        {makeDock(QStringLiteral("project"), tr("Project"), makeProjectPane()), left, {W::Author, W::Run, W::Evidence}, px(236)});
    m_workspaces->add({makePaneDock(QStringLiteral("outline"), tr("Outline"), m_outlinePane), left, {W::Author}, px(236)});
    m_workspaces->add({makePaneDock(QStringLiteral("inspector"), tr("Inspector"), m_inspectorPane), right, {W::Author}, px(320)});
    // Beside a run; where requests are what it is about, they are the list that one works down.
    m_workspaces->add({makeDock(QStringLiteral("approvals"), tr("Approvals"), makeApprovalsPane()),
                       right,
                       {W::Run, W::Approve},
                       px(288),
                       1,
                       {{W::Approve, left}}});
    m_workspaces->add({makePaneDock(QStringLiteral("evidence"), tr("Evidence"), evidence), right, {W::Evidence}, px(288)});
    m_workspaces->add({makePaneDock(QStringLiteral("source"), tr("Source"), m_sourcePane), bottom, {W::Author}, px(280), 5});
    m_workspaces->add({makePaneDock(QStringLiteral("problems"), tr("Problems"), m_problemsPane), bottom, {W::Author}, px(280), 3});
    m_workspaces->add({makePaneDock(QStringLiteral("output"), tr("Output"), m_outputPane), bottom, {}, px(220), 5});
    connect(&m_problemModel, &ProblemModel::countChanged, this, [this](int errors, int warnings) {
        const int count = errors + warnings;
        m_problemsPane->setRemark(count > 0 ? QLocale().toString(count) : QString(), errors > 0 ? TokenRole::Deny : TokenRole::Ask);
    });
    connect(m_problems, &ProblemsView::placeChosen, this, [this](const QString& file) {
        if (file.endsWith(QStringLiteral(".workflow.json")))
            openWorkflow(file);
        else
            openDocument(file);
    });
    connect(m_problems, &ProblemsView::refused, this, [this](const QString& reason) { m_status->showMessage(reason, 10'000); });
    connect(m_evidence, &EvidencePane::verifyRequested, this, &MainWindow::verifyRun);
    connect(m_workspaces, &Workspaces::changed, this, [this](Workspace workspace) {
        m_rail->setWorkspace(workspace);
        m_actions.action(QStringLiteral("view.workspace.") + workspaceId(workspace))->setChecked(true);
    });
}

void MainWindow::addRail()
{
    m_rail = new WorkspaceRail;
    auto* bar = new QToolBar(tr("Workspaces"));
    bar->setObjectName(QStringLiteral("rail"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->setFixedWidth(m_rail->width());
    bar->addWidget(m_rail);
    QMainWindow::addToolBar(layoutDirection() == Qt::RightToLeft ? Qt::RightToolBarArea : Qt::LeftToolBarArea, bar);
    bar->layout()->setContentsMargins(0, 0, 0, 0);
    connect(m_rail, &WorkspaceRail::chosen, this, &MainWindow::setWorkspace);
}

void MainWindow::setWorkspace(Workspace workspace)
{
    m_workspaces->choose(workspace);
}

} // namespace gatehouse::workbench
