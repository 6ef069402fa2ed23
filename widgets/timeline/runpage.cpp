#include "widgets/timeline/runpage.h"

#include <QDateTime>
#include <QPushButton>
#include <QTimer>

#include "widgets/inspector/detailpane.h"
#include "widgets/models/runlistmodel.h"
#include "widgets/timeline/eventtable.h"
#include "widgets/timeline/timelineview.h"

#include <algorithm>

namespace gatehouse::widgets {

static constexpr int frameMilliseconds = 16;

static bool canBeDecided(const approval::RequestStatus& status)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    return status.open() && status.request.expiresAt().value_or(now + 1) > now;
}

void RunPage::takeBatch(const RunBatchPtr& batch)
{
    if (m_info.progress != batch->info.progress)
        m_notice.clear();
    m_info = batch->info;
    m_model.apply(*batch);
    m_timeline->apply(*batch);
    const bool approvalsDiffer = m_approvals != batch->approvals;
    m_approvals = batch->approvals;
    showHead();
    // Until the person chooses, the newest event is the chosen one; not each of those that are passed on the way there.
    if (!m_chosenByPerson && m_model.rowCount() > 0 && (m_isCaughtUp || m_table->currentIndex().row() < 0))
        selectRow(m_model.rowCount() - 1);
    else if (const RowPtr shownRow = m_detail->row())
        for (const auto& [index, row] : batch->changed)
            if (row->firstSeq == shownRow->firstSeq)
                choose(index);
    if (approvalsDiffer)
        Q_EMIT approvalsChanged();
    Q_EMIT infoChanged();
    m_feed->acknowledge();
}

void RunPage::reachEnd()
{
    m_isCaughtUp = true;
    if (!m_chosenByPerson && m_model.rowCount() > 0)
        selectRow(m_model.rowCount() - 1);
    Q_EMIT caughtUp();
}

void RunPage::takeOutput(const OutputBatchPtr& batch)
{
    if (batch->ticket != m_wantedOutput)
        return;
    const bool wasShown = isDetailShown();
    m_shownOutput = batch->ticket;
    m_detail->takeOutput(*batch);
    if (!wasShown && isDetailShown())
        Q_EMIT detailShown();
}

// The next one not before this one has been painted.
void RunPage::askForOutput()
{
    QTimer::singleShot(frameMilliseconds, this, [this, ticket = m_shownOutput] { m_feed->acknowledgeOutput(ticket); });
}

// Nothing has happened since a request was decided but that the run paused.
bool RunPage::isNewest(const std::string& approval) const
{
    for (int index = m_model.rowCount() - 1; index >= 0; --index)
        if (const RowPtr row = m_model.row(index); row->kind != RowKind::Pause && row->kind != RowKind::Journal)
            return row->approval == approval;
    return false;
}

ApprovalPtr RunPage::waitingApproval() const
{
    const auto found = std::ranges::find_if(m_approvals, [](const ApprovalPtr& item) { return canBeDecided(item->status); });
    return found == m_approvals.end() ? nullptr : *found;
}

QString RunPage::newsText() const
{
    QString ending = shown(m_info.ending);
    if (m_info.over && !m_info.deniedBy.empty()) {
        const QString who = shown(m_info.deniedBy);
        return ending.isEmpty() ? tr("Denied by %1").arg(who) : tr("Denied by %1: %2").arg(who, ending);
    }
    if (m_info.over || m_approvals.empty())
        return ending;
    const ApprovalPtr waiting = waitingApproval();
    const approval::RequestStatus& last = (waiting ? waiting : m_approvals.back())->status;
    const QString tool = shown(last.request.tool);
    if (last.open())
        return canBeDecided(last) ? tr("%1 waits for a person").arg(tool) : tr("The time to decide on %1 is over").arg(tool);
    if (!m_paused || last.votes.empty() || !isNewest(last.request.id.text()))
        return {};
    const QString who = shown(last.votes.back().principal);
    if (last.decision == approval::VoteDecision::Deny)
        return tr("%1 denied %2; Resume tells the agent").arg(who, tool);
    return last.state == approval::RequestState::Resolved ? tr("%1 approved %2; Resume goes on with it").arg(who, tool) : QString();
}

void RunPage::showHead()
{
    m_state->setLook(progressLook(m_info.progress));
    const RowPtr task = m_model.row(0);
    const QString problem = m_info.problem.empty() ? m_notice : shown(m_info.problem);
    m_task->setText(!problem.isEmpty() ? problem : task ? shown(task->summary) : QString());
    m_task->setRole(problem.isEmpty() ? TokenRole::Text : TokenRole::Deny);
    m_news->setText(problem.isEmpty() ? newsText() : QString());
    const QString count = tr("%n records", nullptr, int(m_info.records));
    const bool another = m_info.writerAlive && m_writer == Writer::Another;
    // One whose time is over can't be decided: going on is what says so.
    const ApprovalPtr waiting = waitingApproval();
    const bool asks = waiting != nullptr;
    // When its time is over, the run can only go on; that says itself nowhere else.
    const auto expires = waiting ? waiting->status.request.expiresAt() : std::nullopt;
    constexpr std::int64_t longest = 24 * 3600 * 1000;
    if (expires)
        m_expiry->start(int(std::clamp<std::int64_t>(*expires - QDateTime::currentMSecsSinceEpoch() + 20, 20, longest)));
    m_resume->setVisible(m_paused && !asks);
    m_review->setVisible(asks);
    m_records->setText(m_info.over ? tr("%1 · read-only").arg(count) : another ? tr("%1 · another process writes it").arg(count) : count);
}

void RunPage::showNotice(const QString& notice)
{
    m_notice = notice;
    showHead();
}

void RunPage::setPaused(bool paused)
{
    m_paused = paused;
    showHead();
}

void RunPage::setWriter(Writer writer)
{
    m_writer = writer;
    showHead();
}

void RunPage::selectRow(int row)
{
    m_choosing = true;
    m_table->setCurrentIndex(m_model.index(row, RunRecordModel::What));
    m_choosing = false;
    // What nobody asked for must not move the timeline.
    m_timeline->setCurrentRow(row, m_chosenByPerson ? TimelineView::Reveal::Yes : TimelineView::Reveal::No);
    choose(row);
}

void RunPage::selectApproval(const std::string& id)
{
    if (const int row = m_model.rowOfApproval(id); row >= 0) {
        m_chosenByPerson = true;
        selectRow(row);
    }
}

void RunPage::selectNextProblem(int direction)
{
    const auto isProblem = [](RowState state) {
        return state == RowState::Asks || state == RowState::Failed || state == RowState::Denied || state == RowState::Unknown;
    };
    for (int row = m_table->currentIndex().row() + direction; row >= 0 && row < m_model.rowCount(); row += direction) {
        if (!isProblem(m_model.row(row)->state))
            continue;
        m_chosenByPerson = true;
        return selectRow(row);
    }
}

void RunPage::choose(int row)
{
    const RowPtr chosen = m_model.row(row);
    if (!chosen || chosen == m_detail->row())
        return;
    const bool another = !m_detail->row() || m_detail->row()->firstSeq != chosen->firstSeq;
    m_detail->setRow(chosen);
    // The output of a row goes on by itself; what has come of it is not asked for again.
    if (another)
        m_wantedOutput = m_feed->followOutput(chosen);
    m_wantedDetail = m_feed->requestDetail(chosen);
}

} // namespace gatehouse::widgets
