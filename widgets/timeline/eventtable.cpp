#include "widgets/timeline/eventtable.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>

#include "widgets/style/fonts.h"
#include "widgets/timeline/eventdelegate.h"

#include <algorithm>

namespace gatehouse::widgets {

// Of the column that says what happened; below it others give way.
static constexpr int leastSummary = 132;

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
    const int time = QFontMetrics(monoFont()).horizontalAdvance(QStringLiteral("00:00.000")) + px(20);
    const QFontMetrics small(textFont(TextSize::Small));
    const int agent = std::clamp(width / 9, small.horizontalAdvance(QStringLiteral("gatehouse")) + px(14), px(110));
    const int title = strong.horizontalAdvance(QStringLiteral("exec_command")) + px(14);
    const int state = px(80);
    const int duration = small.horizontalAdvance(QStringLiteral("59 m 59 s")) + px(16);
    // What an event says matters more than how long it took, who did it and when, which the timeline and the record have too.
    int room = width - title - state - px(leastSummary);
    const auto fits = [&room](int column) {
        const bool shown = room >= column;
        room -= shown ? column : 0;
        return shown;
    };
    const bool showTime = fits(time);
    const int margin = showTime ? 0 : px(10); // of the first column
    const int what = title + margin;
    room -= margin;
    const bool showAgent = showTime && fits(agent);
    const bool showDuration = showAgent && fits(duration);
    setColumnHidden(RunRecordModel::Time, !showTime);
    setColumnHidden(RunRecordModel::Agent, !showAgent);
    setColumnHidden(RunRecordModel::Duration, !showDuration);
    // Keys go nowhere from a cell that is not shown.
    if (const QModelIndex current = currentIndex(); current.isValid() && isColumnHidden(current.column()))
        selectionModel()->setCurrentIndex(current.siblingAtColumn(RunRecordModel::What), QItemSelectionModel::NoUpdate);
    setColumnWidth(RunRecordModel::Time, time);
    setColumnWidth(RunRecordModel::Agent, agent);
    setColumnWidth(RunRecordModel::What, what);
    setColumnWidth(RunRecordModel::State, state);
    setColumnWidth(RunRecordModel::Duration, duration);
    setColumnWidth(RunRecordModel::Summary, std::max(px(60), px(leastSummary) + room));
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
