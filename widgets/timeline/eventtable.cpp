#include "widgets/timeline/eventtable.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>

#include "widgets/style/fonts.h"
#include "widgets/timeline/eventdelegate.h"

#include <algorithm>

namespace gatehouse::widgets {

// Of the column that says what happened; below it others give way.
static constexpr int leastSummary = 110;

EventTable::EventTable(RunRecordModel& model, QWidget* parent) : QTableView(parent), m_pill(new TailPill(TailPill::Of::Events, this))
{
    setModel(&model);
    setItemDelegate(new EventDelegate(this));
    setAccessibleName(tr("Events of the run"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setFrameShape(NoFrame);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    horizontalHeader()->hide();
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(px(30));
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setMinimumSectionSize(px(24));
    connect(m_pill, &TailPill::clicked, this, &EventTable::followTail);
    connect(&model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { rowsCame(last - first + 1); });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &EventTable::scrolled);
}

void EventTable::rowsCame(int count)
{
    if (m_following) {
        m_scrollingOurselves = true;
        scrollToBottom();
        m_scrollingOurselves = false;
        return;
    }
    m_unseen += count;
    sayUnseen();
}

void EventTable::scrolled()
{
    if (m_scrollingOurselves)
        return;
    m_following = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    if (m_following)
        m_unseen = 0;
    sayUnseen();
}

void EventTable::followTail()
{
    m_following = true;
    m_unseen = 0;
    scrollToBottom();
    sayUnseen();
    Q_EMIT followed();
}

void EventTable::sayUnseen()
{
    if (m_unseen == 0)
        return m_pill->hide();
    m_pill->offer(m_unseen);
}

void EventTable::fitColumns()
{
    const int width = viewport()->width();
    const QFontMetrics strong(textFont(TextSize::Base, QFont::DemiBold));
    const int time = QFontMetrics(monoFont()).horizontalAdvance(QStringLiteral("00:00:00")) + px(22);
    const int agent = std::clamp(width / 9, px(58), px(110));
    const int what = strong.horizontalAdvance(QStringLiteral("exec_command")) + px(16);
    const int state = px(86);
    const int duration = px(66);
    // What the event says matters more than who and how long, which the record has too.
    const int room = width - time - what - state - px(leastSummary);
    const bool showAgent = room >= agent;
    const bool showDuration = room >= agent + duration;
    setColumnHidden(RunRecordModel::Agent, !showAgent);
    setColumnHidden(RunRecordModel::Duration, !showDuration);
    setColumnWidth(RunRecordModel::Time, time);
    setColumnWidth(RunRecordModel::Agent, agent);
    setColumnWidth(RunRecordModel::What, what);
    setColumnWidth(RunRecordModel::State, state);
    setColumnWidth(RunRecordModel::Duration, duration);
    setColumnWidth(RunRecordModel::Summary,
                   std::max(px(60), width - time - what - state - (showAgent ? agent : 0) - (showDuration ? duration : 0)));
}

void EventTable::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
    if (m_following)
        scrollToBottom();
}

void EventTable::keyPressEvent(QKeyEvent* event)
{
    QTableView::keyPressEvent(event);
    if (event->key() == Qt::Key_End)
        followTail();
}

void EventTable::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update();
    if (current.isValid() && current.row() != previous.row())
        Q_EMIT rowChosen(current.row());
}

} // namespace gatehouse::widgets
