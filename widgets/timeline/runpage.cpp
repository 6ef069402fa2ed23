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

QString RunPage::newsText() const
{
    if (m_info.over && !m_info.ending.empty())
        return m_info.progress == RunProgress::Denied ? tr("Denied by %1").arg(shown(m_info.ending)) : shown(m_info.ending);
    if (m_info.over || m_approvals.empty())
        return {};
    const approval::RequestStatus& last = m_approvals.back()->status;
    const QString tool = shown(last.request.tool);
    if (last.open())
        return tr("%1 waits for a person (F8)").arg(tool);
    if (!m_paused || last.votes.empty())
        return {};
    const QString who = shown(last.votes.back().principal);
    return last.decision == approval::VoteDecision::Approve ? tr("%1 approved %2; Resume goes on with it").arg(who, tool)
                                                            : tr("%1 denied %2; Resume tells the agent").arg(who, tool);
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
    const bool asks = std::ranges::any_of(m_approvals, [now = QDateTime::currentMSecsSinceEpoch()](const ApprovalPtr& item) {
        return item->status.open() && item->status.request.expiresAt().value_or(now + 1) > now;
    });
    m_resume->setVisible(m_paused && !asks);
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
