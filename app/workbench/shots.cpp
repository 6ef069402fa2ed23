#include "app/workbench/shots.h"

#include <QApplication>
#include <QDialog>
#include <QLineEdit>

#include "app/workbench/camera.h"
#include "app/workbench/mainwindow.h"
#include "app/workbench/workflowpage.h"
#include "widgets/actions/commandpalette.h"
#include "widgets/inspector/detailpane.h"
#include "widgets/timeline/eventtable.h"

namespace gatehouse::workbench {

namespace {

using namespace widgets;

class Photographer {
public:
    Photographer(MainWindow& window, Themer& themer, std::string folder, std::vector<ThemeChoice> themes)
        : m_window(window), m_camera(window, themer, std::move(folder), std::move(themes), Camera::Naming::ViewAndTheme)
    {
    }

    Result<ShotResult> take(const std::string& project)
    {
        GH_TRY(m_camera.makeFolder());
        m_window.resize(1600, 1000);
        m_window.show();
        GH_TRY(picture("welcome"));
        bool loaded = false;
        bool listed = false;
        QObject::connect(&m_window, &MainWindow::projectLoaded, &m_window, [&loaded] { loaded = true; });
        QObject::connect(&m_window.runs(), &QAbstractItemModel::rowsInserted, &m_window, [&listed] { listed = true; });
        QObject::connect(&m_window.runs(), &QAbstractItemModel::modelReset, &m_window, [&listed] { listed = true; });
        m_window.openProject(project);
        if (!waitUntil([&] { return loaded; }))
            return fail(ErrorCode::System, project, "The project was not read in time");
        (void)waitUntil([&] { return m_window.runs().rowCount() > 0 || listed; });
        GH_TRY(picture("project"));
        GH_TRY(workflow());
        GH_TRY(runs());
        GH_TRY(dialogs());
        m_result.written = m_camera.written();
        return std::move(m_result);
    }

private:
    Result<void> picture(const std::string& view, QWidget* of = nullptr) { return m_camera.picture(view, of); }

    // A run in one of these states, newest first.
    std::string runThatIs(std::initializer_list<RunProgress> wanted) const
    {
        for (int row = 0; row < m_window.runs().rowCount(); ++row)
            for (const RunProgress progress : wanted)
                if (m_window.runs().entry(row)->info.progress == progress)
                    return m_window.runs().entry(row)->info.directory;
        return {};
    }

    RunPage* open(const std::string& directory)
    {
        RunPage* page = m_window.openRun(directory);
        (void)waitUntil([page] { return page->info().records > 0 && page->model().rowCount() > 0; });
        settle(page);
        return page;
    }

    // The chosen row's payloads and their colours have arrived.
    void settle(RunPage* page)
    {
        (void)waitUntil([page] { return page->isDetailShown(); });
        DiffPane& diff = page->detail().diff();
        if (!diff.isEmpty() && diff.isVisible() && !syntaxEngineName().isEmpty())
            (void)waitUntil([&diff] { return diff.hasColours(); });
    }

    // A workflow on the canvas, its first agent chosen.
    Result<void> workflow()
    {
        if (m_window.startPage().workflowPath().isEmpty()) {
            m_result.missing.push_back("workflow");
            return {};
        }
        m_window.setWorkspace(Workspace::Author);
        WorkflowPage* page = m_window.openWorkflow(m_window.startPage().workflowPath());
        WorkflowDocument& document = page->document();
        (void)waitUntil([&] { return document.state() == WorkflowDocument::State::Ready && document.areProblemsCurrent(); });
        for (const authoring::GraphNode& node : document.graph().nodes) {
            if (!node.entry)
                continue;
            document.select({node.id}, node.id);
            break;
        }
        QApplication::processEvents();
        GH_TRY(picture("author"));
        page->document().clearSelection();
        QApplication::processEvents();
        GH_TRY(picture("author-workflow"));
        m_window.setWorkspace(Workspace::Run);
        return {};
    }

    Result<void> evidence(const std::string& directory)
    {
        m_window.setWorkspace(Workspace::Evidence);
        open(directory);
        m_window.findChild<EvidencePane*>()->verify();
        (void)waitUntil([this] { return m_window.findChild<EvidencePane*>()->isVerified(); });
        GH_TRY(picture("evidence"));
        m_window.setWorkspace(Workspace::Run);
        return {};
    }

    Result<void> runs()
    {
        if (const std::string running = runThatIs({RunProgress::Running, RunProgress::Interrupted, RunProgress::Paused});
            !running.empty()) {
            open(running);
            GH_TRY(picture("running"));
        } else {
            m_result.missing.push_back("running");
        }
        if (const std::string waiting = runThatIs({RunProgress::Waiting}); !waiting.empty()) {
            GH_TRY(waitingRun(waiting));
        } else {
            m_result.missing.push_back("waiting");
        }
        if (const std::string finished = runThatIs({RunProgress::Finished}); !finished.empty()) {
            GH_TRY(finishedRun(finished));
        } else {
            m_result.missing.push_back("finished");
        }
        if (const std::string denied = runThatIs({RunProgress::Denied, RunProgress::Failed}); !denied.empty()) {
            open(denied);
            GH_TRY(picture("denied"));
        }
        return {};
    }

    Result<void> waitingRun(const std::string& directory)
    {
        RunPage* page = open(directory);
        (void)waitUntil([page] { return !page->approvals().empty(); });
        for (const ApprovalPtr& item : page->approvals()) {
            if (!item->status.open())
                continue;
            page->selectApproval(item->status.request.id.text());
            settle(page);
            GH_TRY(picture("waiting"));
            const QSize whole = m_window.size();
            m_window.resize(1280, 800); // a small screen
            settle(page);
            GH_TRY(picture("small"));
            m_window.resize(whole);
            GH_TRY(palette());
            m_window.setWorkspace(Workspace::Approve);
            m_window.openApproval(directory, item->status.request.id.text(), MainWindow::Focus::Take);
            GH_TRY(picture("approval"));
            m_window.setWorkspace(Workspace::Run);
            return {};
        }
        return {};
    }

    // Over the window, as a person sees it.
    Result<void> palette()
    {
        m_window.actions().action(QStringLiteral("tools.palette"))->trigger();
        auto* palette = m_window.findChild<CommandPalette*>();
        palette->line().setText(QStringLiteral("re"));
        const auto taken = picture("palette");
        palette->leave();
        return taken;
    }

    Result<void> finishedRun(const std::string& directory)
    {
        RunPage* page = open(directory);
        GH_TRY(picture("finished"));
        GH_TRY(evidence(directory));
        for (int row = 0; row < page->model().rowCount(); ++row) {
            if (page->model().row(row)->filesChanged == 0)
                continue;
            page->selectRow(row);
            settle(page);
            GH_TRY(picture("diff"));
            break;
        }
        for (const DetailPane::Tab tab : {DetailPane::Policy, DetailPane::Record}) {
            page->detail().setTab(tab);
            GH_TRY(picture(tab == DetailPane::Policy ? "policy" : "record"));
        }
        return {};
    }

    Result<void> dialogs()
    {
        for (const auto& [view, dialog] : {std::pair{"about", m_window.makeAbout()}, std::pair{"settings", m_window.makeSettings()},
                                           std::pair{"shortcuts", m_window.makeShortcutSheet()}}) {
            dialog->show();
            GH_TRY(picture(view, dialog));
            dialog->close();
        }
        return {};
    }

    MainWindow& m_window;
    Camera m_camera;
    ShotResult m_result;
};

} // namespace

Result<ShotResult> takeShots(MainWindow& window, Themer& themer, const std::string& project, const std::string& folder,
                             const std::vector<ThemeChoice>& themes)
{
    return Photographer(window, themer, folder, themes).take(project);
}

} // namespace gatehouse::workbench
