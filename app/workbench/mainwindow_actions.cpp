// The part of MainWindow that says what can be done: actions and menus.
#include "app/workbench/mainwindow.h"

#include <QActionGroup>
#include <QDialog>
#include <QDockWidget>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QWhatsThis>

#include "app/workbench/workflowpage.h"
#include "widgets/inspector/detailpane.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/timeline/eventtable.h"

namespace gatehouse::workbench {

using namespace widgets;
using Key = QKeySequence;

QAction* MainWindow::addAction(const char* id, const QString& text, Glyph glyph, QList<QKeySequence> keys, const QString& help,
                               std::function<void()> slot)
{
    QAction* action = m_actions.add({QString::fromLatin1(id), text, glyph, std::move(keys), help, TokenRole::Second});
    connect(action, &QAction::triggered, this, std::move(slot));
    return action;
}

void MainWindow::addActions()
{
    addFileActions();
    addEditActions();
    addRunActions();
    addDiffActions();
    addViewActions();
    addHelpActions();
}

void MainWindow::addFileActions()
{
    addAction("file.open", tr("&Open project…"), Glyph::FolderOpen, {Key(Key::Open)}, tr("Opens a project folder."),
              [this] { chooseProject(); });
    addAction("file.closeProject", tr("Close &project"), Glyph::None, {},
              tr("Closes the project. Runs of this window are paused; if one works, you are asked first. Runs of other processes go on."),
              [this] { closeProject(); });
    addAction("file.closeTab", tr("&Close tab"), Glyph::None, {Key(Qt::CTRL | Qt::Key_W), Key(Qt::CTRL | Qt::Key_F4)},
              tr("Closes the shown page. Its run is not touched."), [this] { closePage(m_tabs->currentIndex()); });
    addAction("file.quit", tr("&Quit"), Glyph::None, {Key(Qt::CTRL | Qt::Key_Q)}, tr("Closes the window."), [this] { close(); });
}

void MainWindow::addEditActions()
{
    addAction("file.save", tr("&Save"), Glyph::None, {Key(Key::Save)}, tr("Writes the shown workflow to its file."),
              [this] { saveWorkflow(); });
    addAction("edit.undo", tr("&Undo"), Glyph::None, {Key(Qt::CTRL | Qt::Key_Z)}, tr("Takes the last edit of the shown workflow back."),
              [this] { undo(Direction::Back); });
    addAction("edit.redo", tr("&Redo"), Glyph::None, {Key(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)},
              tr("Makes the edit again that was taken back."), [this] { undo(Direction::Forward); });
}

void MainWindow::addDiffActions()
{
    const auto onDiff = [this](auto&& act) {
        return [this, act] {
            if (RunPage* page = currentRun())
                act(page->detail().diff());
        };
    };
    addAction("diff.nextChange", tr("Next &change"), Glyph::None, {Key(Qt::Key_F7)}, tr("Goes to the next change of the shown diff."),
              onDiff([](DiffPane& diff) { diff.goToChange(Direction::Forward); }));
    addAction("diff.previousChange", tr("Previous c&hange"), Glyph::None, {Key(Qt::SHIFT | Qt::Key_F7)}, tr("Goes to the change before."),
              onDiff([](DiffPane& diff) { diff.goToChange(Direction::Back); }));
    addAction("diff.nextFile", tr("Next f&ile of the diff"), Glyph::None, {Key(Qt::CTRL | Qt::Key_F7)}, tr("Goes to the next file."),
              onDiff([](DiffPane& diff) { diff.goToFile(Direction::Forward); }));
    addAction("diff.previousFile", tr("Previous fi&le of the diff"), Glyph::None, {Key(Qt::CTRL | Qt::SHIFT | Qt::Key_F7)},
              tr("Goes to the file before."), onDiff([](DiffPane& diff) { diff.goToFile(Direction::Back); }));
    addAction("diff.layout", tr("Inline or &side by side"), Glyph::None, {Key(Qt::CTRL | Qt::SHIFT | Qt::Key_D)},
              tr("Changes the layout of diffs."), onDiff([](DiffPane& diff) { diff.toggleLayout(); }));
}

void MainWindow::addRunActions()
{
    const auto onRun = [this](auto&& act) {
        return [this, act] {
            if (RunPage* page = currentRun())
                act(*page);
        };
    };
    addAction("run.start", tr("&Run"), Glyph::Play, {Key(Qt::Key_F5)},
              tr("Starts the chosen workflow with the task; from another page it shows them first."), [this] {
                  if (WorkflowPage* page = currentWorkflow())
                      whenSaved({page}, [this, path = page->path()] {
                          m_start->chooseWorkflow(path);
                          showStart();
                      });
                  else
                      m_pages->currentIndex() == 0 ? startRun() : showStart();
              });
    addAction("run.stop", tr("&Stop"), Glyph::Stop, {Key(Qt::SHIFT | Qt::Key_F5)}, tr("Stops the shown run, whoever writes it."),
              [this] { stopRun(); });
    addAction("run.resume", tr("R&esume"), Glyph::Refresh, {Key(Qt::CTRL | Qt::Key_F5)},
              tr("Goes on with a run that was paused or interrupted."), [this] { resumeRun(); });
    addAction("run.new", tr("&New run…"), Glyph::Plus, {Key(Key::New)}, tr("Shows the page where a workflow and a task are chosen."),
              [this] { showStart(); });
    addAction("run.nextProblem", tr("Next &problem"), Glyph::None, {Key(Qt::Key_F4)},
              tr("Selects the next event that asks, failed or was denied."), onRun([](RunPage& page) { page.selectNextProblem(1); }));
    addAction("run.previousProblem", tr("Previous pr&oblem"), Glyph::None, {Key(Qt::SHIFT | Qt::Key_F4)},
              tr("Selects the event before that asks, failed or was denied."), onRun([](RunPage& page) { page.selectNextProblem(-1); }));
    addAction("run.followTail", tr("&Follow the newest event"), Glyph::ArrowDown, {Key(Qt::CTRL | Qt::Key_End)},
              tr("Scrolls to the newest event and stays there."), onRun([](RunPage& page) { page.table().followTail(); }));
    addAction("approvals.next", tr("&Next request"), Glyph::Diamond, {Key(Qt::Key_F8)},
              tr("Opens the next request that waits for a person."), [this] { walkApprovals(1); });
    addAction("approvals.previous", tr("&Previous request"), Glyph::None, {Key(Qt::SHIFT | Qt::Key_F8)}, tr("Opens the request before."),
              [this] { walkApprovals(-1); });
}

void MainWindow::addViewActions()
{
    auto* workspaces = new QActionGroup(this);
    int key = Qt::Key_1;
    for (const Workspace workspace : allWorkspaces) {
        QAction* action = addAction(qPrintable(QStringLiteral("view.workspace.") + workspaceId(workspace)), workspaceTitle(workspace),
                                    Glyph::None, {Key(Qt::CTRL | Qt::Key(key++))}, tr("Arranges the panes for this kind of work."),
                                    [this, workspace] { setWorkspace(workspace); });
        action->setCheckable(true);
        workspaces->addAction(action);
    }
    addAction("view.resetLayout", tr("&Reset the panes"), Glyph::None, {},
              tr("Arranges the panes of this workspace as they were at first."), [this] { m_workspaces->reset(); });
    for (const auto& [choice, text] :
         {std::pair{ThemeChoice::System, tr("As the &desktop")}, std::pair{ThemeChoice::Light, tr("&Light")},
          std::pair{ThemeChoice::Dark, tr("D&ark")}, std::pair{ThemeChoice::HighContrast, tr("&High contrast")}}) {
        QAction* action = addAction(qPrintable(QStringLiteral("view.theme.") + themeChoiceName(choice)), text, Glyph::None, {},
                                    tr("Chooses the colours of the window."), [this, chosen = choice] { setThemeChoice(chosen); });
        action->setCheckable(true);
        action->setChecked(m_themer.choice() == choice);
    }
}

void MainWindow::addHelpActions()
{
    addAction("tools.palette", tr("&Command palette…"), Glyph::None, {Key(Qt::CTRL | Qt::SHIFT | Qt::Key_P)},
              tr("Finds a command, a run or a document by some letters of its name."), [this] { openPalette(); });
    addAction("tools.settings", tr("&Settings…"), Glyph::None, {Key(Qt::CTRL | Qt::Key_Comma)},
              tr("The theme, what is opened at the start, the speed of scripted models."), [this] { makeSettings()->open(); });
    addAction("help.whatsThis", tr("&What is this?"), Glyph::Info, {Key(Key::WhatsThis)}, tr("Then click anything to have it explained."),
              [] { QWhatsThis::enterWhatsThisMode(); });
    addAction("help.shortcuts", tr("&Keyboard shortcuts"), Glyph::None, {Key(Qt::CTRL | Qt::Key_Slash)},
              tr("Lists every command with its key."), [this] { makeShortcutSheet()->open(); });
    addAction("help.about", tr("&About Gatehouse"), Glyph::Shield, {}, tr("Version, licence, and what this build has."),
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
    file->addAction(act("file.save"));
    file->addSeparator();
    file->addActions({act("file.closeTab"), act("file.quit")});
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({act("edit.undo"), act("edit.redo")});
    addViewMenu();
    QMenu* workflow = menuBar()->addMenu(tr("&Workflow"));
    connect(workflow, &QMenu::aboutToShow, this, [this, workflow] { fillWorkflowMenu(workflow); });
    QMenu* run = menuBar()->addMenu(tr("&Run"));
    run->addActions({act("run.new"), act("run.start"), act("run.stop"), act("run.resume")});
    run->addSeparator();
    run->addActions({act("run.nextProblem"), act("run.previousProblem"), act("run.followTail")});
    run->addSeparator();
    run->addActions(
        {act("diff.nextChange"), act("diff.previousChange"), act("diff.nextFile"), act("diff.previousFile"), act("diff.layout")});
    QMenu* approvals = menuBar()->addMenu(tr("&Approvals"));
    approvals->addActions({act("approvals.next"), act("approvals.previous")});
    QMenu* tools = menuBar()->addMenu(tr("&Tools"));
    tools->addActions({act("tools.palette"), act("tools.settings")});
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addActions({act("help.whatsThis"), act("help.shortcuts")});
    help->addSeparator();
    help->addAction(act("help.about"));
    m_corner = makeSmall({}, TokenRole::Second);
    m_corner->setContentsMargins(px(12), 0, px(18), 0);
    m_corner->setFixedHeight(px(27));
    menuBar()->setCornerWidget(m_corner);
}

void MainWindow::addViewMenu()
{
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (const Workspace workspace : allWorkspaces)
        view->addAction(m_actions.action(QStringLiteral("view.workspace.") + workspaceId(workspace)));
    view->addSeparator();
    for (QDockWidget* dock : m_docks) {
        dock->toggleViewAction()->setObjectName(QStringLiteral("view.") + dock->objectName());
        view->addAction(dock->toggleViewAction());
    }
    view->addAction(m_actions.action(QStringLiteral("view.resetLayout")));
    view->addSeparator();
    QMenu* theme = view->addMenu(tr("&Theme"));
    for (const char* id : {"view.theme.system", "view.theme.light", "view.theme.dark", "view.theme.high-contrast"})
        theme->addAction(m_actions.action(QLatin1StringView(id)));
}

} // namespace gatehouse::workbench
