// The half of MainWindow that puts it together: actions, menus, tool bar, docks, centre.
#include "app/workbench/mainwindow.h"

#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <QWhatsThis>

#include "widgets/controls/keybutton.h"
#include "widgets/controls/surface.h"
#include "widgets/style/fonts.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/timeline/eventtable.h"

namespace gatehouse::workbench {

using namespace widgets;

void MainWindow::addActions()
{
    const auto add = [this](const char* id, const QString& text, Glyph glyph, QList<QKeySequence> keys, const QString& help, auto&& slot) {
        QAction* action = m_actions.add({QString::fromLatin1(id), text, glyph, std::move(keys), help, TokenRole::Second});
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    using Key = QKeySequence;
    add("file.open", tr("&Open project…"), Glyph::FolderOpen, {Key(Key::Open)}, tr("Opens a project folder."), [this] { chooseProject(); });
    add("file.closeProject", tr("Close &project"), Glyph::None, {},
        tr("Closes the project. Runs of this window are paused; if one works, you are asked first. Runs of other processes go on."),
        [this] { closeProject(); });
    add("file.closeTab", tr("&Close tab"), Glyph::None, {Key(Qt::CTRL | Qt::Key_W), Key(Qt::CTRL | Qt::Key_F4)},
        tr("Closes the shown page. Its run is not touched."), [this] { closePage(m_tabs->currentIndex()); });
    add("file.quit", tr("&Quit"), Glyph::None, {Key(Qt::CTRL | Qt::Key_Q)}, tr("Closes the window."), [this] { close(); });
    add("run.start", tr("&Run"), Glyph::Play, {Key(Qt::Key_F5)},
        tr("Starts the chosen workflow with the task; from another page it shows them first."),
        [this] { m_pages->currentIndex() == 0 ? startRun() : showStart(); });
    add("run.stop", tr("&Stop"), Glyph::Stop, {Key(Qt::SHIFT | Qt::Key_F5)}, tr("Stops the shown run, whoever writes it."),
        [this] { stopRun(); });
    add("run.resume", tr("R&esume"), Glyph::Refresh, {Key(Qt::CTRL | Qt::Key_F5)}, tr("Goes on with a run that was paused or interrupted."),
        [this] { resumeRun(); });
    add("run.new", tr("&New run…"), Glyph::Plus, {Key(Key::New)}, tr("Shows the page where a workflow and a task are chosen."),
        [this] { showStart(); });
    add("run.nextProblem", tr("Next &problem"), Glyph::None, {Key(Qt::Key_F2)},
        tr("Selects the next event that asks, failed or was denied."), [this] {
            if (auto* page = currentRun())
                page->selectNextProblem(1);
        });
    add("run.previousProblem", tr("Previous pr&oblem"), Glyph::None, {Key(Qt::SHIFT | Qt::Key_F2)},
        tr("Selects the event before that asks, failed or was denied."), [this] {
            if (auto* page = currentRun())
                page->selectNextProblem(-1);
        });
    add("run.followTail", tr("&Follow the newest event"), Glyph::ArrowDown, {Key(Qt::CTRL | Qt::Key_End)},
        tr("Scrolls to the newest event and stays there."), [this] {
            if (auto* page = currentRun())
                page->table().followTail();
        });
    add("approvals.next", tr("&Next request"), Glyph::Diamond, {Key(Qt::Key_F8)}, tr("Opens the next request that waits for a person."),
        [this] { walkApprovals(1); });
    add("approvals.previous", tr("&Previous request"), Glyph::None, {Key(Qt::SHIFT | Qt::Key_F8)}, tr("Opens the request before."),
        [this] { walkApprovals(-1); });
    for (const auto& [choice, text] :
         {std::pair{ThemeChoice::System, tr("As the &desktop")}, std::pair{ThemeChoice::Light, tr("&Light")},
          std::pair{ThemeChoice::Dark, tr("D&ark")}, std::pair{ThemeChoice::HighContrast, tr("&High contrast")}}) {
        const QString id = QStringLiteral("view.theme.") + themeChoiceName(choice);
        QAction* action = m_actions.add({id, text, Glyph::None, {}, tr("Chooses the colours of the window."), TokenRole::Second});
        action->setCheckable(true);
        action->setChecked(m_themer.choice() == choice);
        connect(action, &QAction::triggered, this, [this, chosen = choice] { setThemeChoice(chosen); });
    }
    add("tools.palette", tr("&Command palette…"), Glyph::None, {Key(Qt::CTRL | Qt::SHIFT | Qt::Key_P)},
        tr("Finds a command, a run or a document by some letters of its name."), [this] { openPalette(); });
    add("help.whatsThis", tr("&What is this?"), Glyph::Info, {Key(Key::WhatsThis)}, tr("Then click anything to have it explained."),
        [] { QWhatsThis::enterWhatsThisMode(); });
    add("help.shortcuts", tr("&Keyboard shortcuts"), Glyph::None, {Key(Qt::CTRL | Qt::Key_Slash)}, tr("Lists every command with its key."),
        [this] { makeShortcutSheet()->open(); });
    add("help.about", tr("&About Gatehouse"), Glyph::Shield, {}, tr("Version, licence, and what this build has."),
        [this] { makeAbout()->open(); });
}

void MainWindow::setThemeChoice(ThemeChoice choice)
{
    QSettings().setValue(QStringLiteral("theme"), themeChoiceName(choice));
    m_themer.setChoice(choice);
    for (const ThemeChoice other : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::HighContrast})
        m_actions.action(QStringLiteral("view.theme.") + themeChoiceName(other))->setChecked(other == choice);
}

void MainWindow::addMenus()
{
    const auto act = [this](const char* id) { return m_actions.action(QLatin1StringView(id)); };
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({act("file.open"), act("file.closeProject")});
    file->addSeparator();
    file->addActions({act("file.closeTab"), act("file.quit")});
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (QDockWidget* dock : {m_projectDock, m_approvalDock}) {
        dock->toggleViewAction()->setObjectName(QStringLiteral("view.") + dock->objectName());
        view->addAction(dock->toggleViewAction());
    }
    view->addSeparator();
    view->addAction(act("tools.palette"));
    QMenu* theme = view->addMenu(tr("&Colours"));
    for (const char* id : {"view.theme.system", "view.theme.light", "view.theme.dark", "view.theme.high-contrast"})
        theme->addAction(act(id));
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({act("run.new"), act("run.start"), act("run.stop"), act("run.resume")});
    run->addSeparator();
    run->addActions({act("run.nextProblem"), act("run.previousProblem"), act("run.followTail")});
    QMenu* approvals = menuBar()->addMenu(tr("&Approvals"));
    approvals->addActions({act("approvals.next"), act("approvals.previous")});
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({act("help.whatsThis"), act("help.shortcuts")});
    help->addSeparator();
    help->addAction(act("help.about"));
    m_corner = makeSmall({}, TokenRole::Second);
    m_corner->setContentsMargins(px(12), 0, px(18), 0);
    m_corner->setFixedHeight(px(27));
    menuBar()->setCornerWidget(m_corner);
}

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
    put("run.start", Look::Primary, TokenRole::OnAccent, Glyph::Play);
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
    m_tabs->setElideMode(Qt::ElideRight);
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
    connect(m_tabs, &QTabBar::tabBarClicked, this, [this](int index) {
        if (index >= 0)
            showPage(index);
    });
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index >= 0 && index < m_pages->count() && m_pages->currentIndex() != index)
            showPage(index);
    });
    connect(m_start, &StartPage::runRequested, this, &MainWindow::startRun);
    connect(m_start, &StartPage::openRequested, this, &MainWindow::chooseProject);
    connect(m_start, &StartPage::projectChosen, this, [this](const QString& directory) { openProject(directory.toStdString()); });
    connect(m_start, &StartPage::stateChanged, this, &MainWindow::refreshActions);
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* contents, Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setFeatures(QDockWidget::DockWidgetClosable);
    dock->setTitleBarWidget(new QWidget);
    dock->setWidget(contents);
    addDockWidget(area, dock);
    return dock;
}

void MainWindow::addDocks()
{
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
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
    m_projectDock =
        addDock(QStringLiteral("project"), tr("Project pane"), project, mirrored ? Qt::RightDockWidgetArea : Qt::LeftDockWidgetArea);
    m_approvals = new ApprovalQueue([this](const std::string& directory) { return listedTitle(directory); });
    m_approvalDock = addDock(QStringLiteral("approvals"), tr("Approvals pane"), m_approvals,
                             mirrored ? Qt::LeftDockWidgetArea : Qt::RightDockWidgetArea);
    resizeDocks({m_projectDock, m_approvalDock}, {px(236), px(288)}, Qt::Horizontal);
    connect(m_tree, &ProjectTree::workflowChosen, this, [this](const QString& path) {
        m_start->chooseWorkflow(path);
        showPage(0);
    });
    connect(m_tree, &ProjectTree::documentChosen, this, &MainWindow::openDocument);
    connect(m_tree, &ProjectTree::runChosen, this, [this](const QString& directory) { openRun(directory.toStdString()); });
    connect(m_approvals, &ApprovalQueue::reviewRequested, this,
            [this](const QString& directory, const QString& id) { openApproval(directory.toStdString(), id.toStdString(), Focus::Take); });
}

} // namespace gatehouse::workbench
