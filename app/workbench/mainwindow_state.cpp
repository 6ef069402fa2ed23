// The half of MainWindow that keeps what is shown in step with the journals.
#include "app/workbench/mainwindow.h"

#include <QMenuBar>
#include <QStackedWidget>
#include <QTabBar>

#include "app/workbench/statusline.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::workbench {

using namespace widgets;

void MainWindow::runsChanged(const RunEntries& entries)
{
    m_entries = entries;
    m_runs.setEntries(entries);
    refreshApprovals();
    refreshTitles();
    refreshActions();
}

void MainWindow::pageApprovalsChanged(RunPage* page)
{
    for (ApprovalView* view : approvalPages())
        for (const ApprovalPtr& item : page->approvals())
            if (item->status.request.id == view->item()->status.request.id)
                view->setItem(item);
    refreshApprovals();
}

// Of open pages what the page knows, which is newer and has the presentation; of other runs what the list knows.
std::vector<ApprovalPtr> MainWindow::openApprovals() const
{
    std::vector<ApprovalPtr> open;
    std::vector<std::string> paged;
    for (const RunPage* page : runPages()) {
        if (page->info().records == 0)
            continue;
        paged.push_back(page->runDirectory());
        for (const ApprovalPtr& item : page->approvals())
            if (item->status.open())
                open.push_back(item);
    }
    for (const RunEntry& entry : *m_entries) {
        if (std::find(paged.begin(), paged.end(), entry.info.directory) == paged.end())
            open.insert(open.end(), entry.openApprovals.begin(), entry.openApprovals.end());
    }
    std::sort(open.begin(), open.end(), [](const ApprovalPtr& a, const ApprovalPtr& b) {
        return a->status.request.requestedAt.wallMilliseconds < b->status.request.requestedAt.wallMilliseconds;
    });
    return open;
}

void MainWindow::refreshApprovals()
{
    std::vector<ApprovalPtr> decided;
    std::string directory = currentRun() ? currentRun()->runDirectory()
        : currentApproval()              ? currentApproval()->item()->runDirectory
                                         : std::string();
    if (const RunPage* page = pageOfRun(directory))
        for (const ApprovalPtr& item : page->approvals())
            if (!item->status.open())
                decided.insert(decided.begin(), item);
    m_approvals->setItems(openApprovals(), std::move(decided));
    refreshTitles();
}

void MainWindow::refreshTitles()
{
    for (int i = 1; i < m_tabs->count(); ++i) {
        const auto* page = qobject_cast<const RunPage*>(m_pages->widget(i));
        if (!page)
            continue;
        const PillLook look = progressLook(page->info().progress);
        m_tabs->setTabText(i, withoutMnemonics(runTitleOf(page->runDirectory())));
        m_tabs->setTabIcon(i,
                           icon(look.glyph,
                                look.tone == Tone::Ok         ? TokenRole::Ok
                                    : look.tone == Tone::Ask  ? TokenRole::Ask
                                    : look.tone == Tone::Deny ? TokenRole::Deny
                                                              : TokenRole::Accent));
        m_tabs->setAccessibleTabName(i, tr("%1, %2").arg(runTitleOf(page->runDirectory()), look.text));
    }
    QStringList parts;
    const int waiting = m_approvals->openCount();
    if (waiting > 0)
        parts << (waiting == 1 ? tr("1 approval") : tr("%n approvals", nullptr, waiting));
    if (m_tabs->currentIndex() > 0)
        parts << titleOf(m_pages->currentWidget());
    if (m_listing)
        parts << shown(m_listing->name);
    parts << tr("Gatehouse");
    const QString title = parts.join(QStringLiteral(" — "));
    setWindowTitle(waiting > 0 ? QStringLiteral("\u25C6 ") + title : title);
    if (m_corner->text() != title) {
        m_corner->setText(title);
        menuBar()->setCornerWidget(m_corner); // lays it out again: it is as wide as its words
        m_corner->show();
    }
    const RunPage* run = currentApproval() ? pageOfRun(currentApproval()->item()->runDirectory) : currentRun();
    m_status->setRun(run ? &run->info() : nullptr);
}

void MainWindow::refreshActions()
{
    const RunPage* page = currentRun();
    const auto enable = [this](const char* id, bool enabled) { m_actions.action(QLatin1StringView(id))->setEnabled(enabled); };
    const bool ending = bool(m_afterRuns);
    enable("run.start", !ending && (m_start->canRun() || currentRun() || currentApproval()));
    enable("run.stop", page && !page->info().over && page->info().records > 0);
    enable("run.resume",
           !ending && page && !page->info().over && !page->info().writerAlive && page->info().records > 0 &&
               page->info().progress != RunProgress::Damaged);
    enable("run.nextProblem", page);
    enable("run.previousProblem", page);
    enable("run.followTail", page);
    enable("approvals.next", m_approvals->openCount() > 0);
    enable("approvals.previous", m_approvals->openCount() > 0);
    enable("file.closeProject", !m_project.empty());
    enable("file.closeTab", m_tabs->currentIndex() > 0);
}

void MainWindow::walkApprovals(int direction)
{
    const std::vector<ApprovalPtr> open = openApprovals();
    if (open.empty())
        return;
    const ApprovalView* view = currentApproval();
    const auto current = std::find_if(open.begin(), open.end(), [&](const ApprovalPtr& item) {
        return view && item->status.request.id == view->item()->status.request.id;
    });
    const auto count = std::ptrdiff_t(open.size());
    const std::ptrdiff_t at =
        current == open.end() ? (direction > 0 ? 0 : count - 1) : (current - open.begin() + direction + count) % count;
    const ApprovalPtr& next = open[std::size_t(at)];
    openApproval(next->runDirectory, next->status.request.id.text(), Focus::Take);
}

} // namespace gatehouse::workbench
