// The part of MainWindow that finds things by their name: commands, runs, documents and requests of the project.
#include "app/workbench/mainwindow.h"

#include <QSettings>

#include "app/workbench/workflowpage.h"
#include "widgets/actions/commandpalette.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::workbench {

using namespace widgets;

static constexpr const char* recentKey = "palette/recent";
static constexpr int mostRecent = 12;

void MainWindow::openPalette()
{
    if (!m_palette) {
        m_palette = new CommandPalette(this);
        connect(m_palette, &CommandPalette::chosen, this, [](const QString& id) {
            QStringList recent = QSettings().value(QLatin1StringView(recentKey)).toStringList();
            recent.removeAll(id);
            recent.prepend(id);
            QSettings().setValue(QLatin1StringView(recentKey), recent.mid(0, mostRecent));
        });
    }
    std::vector<PaletteEntry> entries = paletteEntries(m_actions);
    std::erase_if(entries, [](const PaletteEntry& entry) { return entry.id == u"tools.palette"; });
    if (WorkflowPage* page = currentWorkflow())
        for (QAction* action : page->canvas().commands())
            entries.push_back({action->objectName(), action->text().remove(u'&'), tr("Canvas"),
                               action->shortcut().toString(QKeySequence::NativeText), action->isEnabled(),
                               [action = QPointer<QAction>(action)] {
                                   if (action) // its page may have been closed meanwhile
                                       action->trigger();
                               }});
    for (auto&& found : {requestEntries(), runEntries(), documentEntries()})
        entries.insert(entries.end(), found.begin(), found.end());
    m_palette->open(std::move(entries), QSettings().value(QLatin1StringView(recentKey)).toStringList());
}

std::vector<PaletteEntry> MainWindow::requestEntries()
{
    std::vector<PaletteEntry> entries;
    for (const ApprovalPtr& item : openApprovals()) {
        const std::string id = item->status.request.id.text();
        const QString run = widgets::runTitleOf(*item, [this](const std::string& directory) { return listedTitle(directory); });
        entries.push_back({QStringLiteral("request:") + QString::fromStdString(id),
                           tr("Review %1 of run %2").arg(shown(item->status.request.tool), run),
                           tr("Request"),
                           {},
                           true,
                           [this, directory = item->runDirectory, id] { openApproval(directory, id, Focus::Take); }});
    }
    return entries;
}

std::vector<PaletteEntry> MainWindow::runEntries()
{
    std::vector<PaletteEntry> entries;
    for (const RunEntry& entry : *m_entries)
        entries.push_back({QStringLiteral("run:") + QString::fromStdString(entry.info.directory),
                           tr("%1, %2").arg(runTitle(entry), progressLook(entry.info.progress).text),
                           tr("Run"),
                           {},
                           true,
                           [this, directory = entry.info.directory] { openRun(directory); }});
    return entries;
}

std::vector<PaletteEntry> MainWindow::documentEntries()
{
    std::vector<PaletteEntry> entries;
    if (!m_listing)
        return entries;
    const auto add = [&](const ProjectDocument& document, const QString& kind, std::function<void()> run) {
        entries.push_back(
            {QStringLiteral("document:") + QString::fromStdString(document.path), shown(document.name), kind, {}, true, std::move(run)});
    };
    for (const WorkflowSummary& workflow : m_listing->workflows)
        add(workflow.document, tr("Workflow"), [this, path = QString::fromStdString(workflow.document.path)] { chooseWorkflow(path); });
    for (const ProjectDocument& policy : m_listing->policies)
        add(policy, tr("Policy"), [this, path = QString::fromStdString(policy.path)] { openDocument(path); });
    for (const ProjectDocument& profile : m_listing->profiles)
        add(profile, tr("Sandbox profile"), [this, path = QString::fromStdString(profile.path)] { openDocument(path); });
    return entries;
}

} // namespace gatehouse::workbench
