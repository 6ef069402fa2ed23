// The part of MainWindow that brings requests for approval before a person.
#include "app/workbench/mainwindow.h"

#include "widgets/style/gatehousestyle.h"

#include <algorithm>

namespace gatehouse::workbench {

using namespace widgets;

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
    if (const RunPage* page = runInView())
        for (const ApprovalPtr& item : page->approvals())
            if (!item->status.open())
                decided.insert(decided.begin(), item);
    m_approvals->setItems(openApprovals(), std::move(decided));
    const ApprovalView* shownRequest = currentApproval();
    m_approvals->setCurrent(shownRequest ? shownRequest->item()->status.request.id.text() : std::string());
    refreshTitles();
}

void MainWindow::walkApprovals(int direction)
{
    const std::vector<ApprovalPtr> open = openApprovals();
    if (open.empty())
        return;
    const ApprovalView* view = currentApproval();
    // From a run to its own request first, then on through the queue, oldest first.
    const RunPage* run = currentRun();
    const auto current = std::find_if(open.begin(), open.end(), [&](const ApprovalPtr& item) {
        return view ? item->status.request.id == view->item()->status.request.id : run && item->runDirectory == run->runDirectory();
    });
    const auto count = std::ptrdiff_t(open.size());
    const std::ptrdiff_t at = current == open.end() ? (direction > 0 ? 0 : count - 1)
        : view                                      ? (current - open.begin() + direction + count) % count
                                                    : current - open.begin();
    const ApprovalPtr& next = open[std::size_t(at)];
    openApproval(next->runDirectory, next->status.request.id.text(), Focus::Take);
}

void MainWindow::openApproval(const std::string& runDirectory, const std::string& approvalId, Focus focus)
{
    for (ApprovalView* view : approvalPages()) {
        if (view->item()->status.request.id.text() != approvalId)
            continue;
        showPage(pageOf(view));
        if (focus == Focus::Take)
            view->attend();
        return;
    }
    RunPage* page = openRun(runDirectory);
    page->selectApproval(approvalId);
    for (const ApprovalPtr& item : page->approvals())
        if (item->status.request.id.text() == approvalId && m_controller)
            return addApprovalPage(item, focus);
    // Its run is still being read: the request opens once it is known, if the person has not gone elsewhere meanwhile.
    connect(
        page, &RunPage::approvalsChanged, this,
        [this, page, runDirectory, approvalId, focus] {
            if (currentRun() == page)
                openApproval(runDirectory, approvalId, focus);
        },
        Qt::SingleShotConnection);
}

void MainWindow::addApprovalPage(const ApprovalPtr& item, Focus focus)
{
    auto* view = new ApprovalView(item, m_controller->principal(), [this](const std::string& directory) { return listedTitle(directory); });
    connect(view, &ApprovalView::voted, this, [this, view](const approval::Vote& given) { vote(given, view); });
    connect(view, &ApprovalView::closeRequested, this, [this, view] { closePage(pageOf(view)); });
    connect(view, &ApprovalView::presented, this, [this, directory = item->runDirectory](const QString& id, const QString& digest) {
        if (m_controller) // the card was drawn just before its project closed
            m_controller->notePresented(directory, id.toStdString(), digest.toStdString());
    });
    showPage(addPage(view, icon(Glyph::Diamond, TokenRole::Ask)));
    if (focus == Focus::Take)
        view->attend();
}

void MainWindow::vote(const approval::Vote& given, ApprovalView* view)
{
    if (!m_controller)
        return;
    const std::string directory = view->item()->runDirectory;
    m_controller->vote(directory, given);
    if (RunPage* page = pageOfRun(directory))
        page->feed().poll();
}

} // namespace gatehouse::workbench
