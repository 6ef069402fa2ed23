#include "widgets/timeline/timelineview.h"

#include <QDateTime>
#include <QScrollBar>

#include "widgets/controls/tailpill.h"
#include "widgets/style/fonts.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

namespace {

constexpr double shortestRun = 1000;   // ms; a run of one moment is still a line
constexpr double finest = 1.0 / 64;    // ms per pixel
constexpr int scrollUnits = 1'000'000; // of the whole axis: a scroll bar counts in int
constexpr int fastestClock = 50;       // ms between two steps of what goes on
constexpr int slowestClock = 1000;

// Free space behind the newest, so that it does not stick to the edge.
double tailRoom()
{
    return px(28);
}

} // namespace

TimelineView::TimelineView(RunRecordModel& rows, QWidget* parent)
    : QAbstractScrollArea(parent), m_rows(rows), m_pill(new TailPill(TailPill::Of::Events, this))
{
    makeAccessible(); // first: a name that is set makes a face, and Qt keeps it
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Timeline of the run"));
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setMouseTracking(false);
    verticalScrollBar()->setSingleStep(px(10));
    connect(m_pill, &QPushButton::clicked, this, &TimelineView::followTail);
    connect(&m_clock, &QTimer::timeout, this, [this] { advanceTo(QDateTime::currentMSecsSinceEpoch()); });
}

void TimelineView::apply(const RunBatch& batch)
{
    const int lanesBefore = m_lanes.laneCount();
    m_lanes.apply(batch);
    // What waits for a person waits although nobody writes; what was cut off does not go on.
    m_live = !batch.info.over && (batch.info.writerAlive || batch.info.progress == RunProgress::Waiting);
    m_lanes.setNow(m_live ? QDateTime::currentMSecsSinceEpoch() : m_lanes.lastMs());
    m_unseen = isFollowing() ? 0 : m_unseen + int(batch.appended.size());
    if (lanesBefore != m_lanes.laneCount())
        updateGeometry();
    layOut();
}

void TimelineView::advanceTo(std::int64_t milliseconds)
{
    m_lanes.setNow(milliseconds);
    layOut();
}

// Steps as often as a pixel passes, and not at all when nothing is seen to move.
void TimelineView::updateClock()
{
    if (!m_live || !isVisible())
        return m_clock.stop();
    const TimeScale& scale = m_lanes.scale();
    const bool squeezed = !scale.breaks().empty() && scale.breaks().back().to >= m_lanes.nowMs() && scale.idle() == Idle::Squeezed;
    m_clock.start(squeezed ? slowestClock : std::clamp(int(std::clamp(m_window.perPixel, 0.0, 1e9)), fastestClock, slowestClock));
}

double TimelineView::axisEnd() const
{
    return std::max(shortestRun, m_lanes.scale().axisOf(m_lanes.nowMs()));
}

// The left edge with which the newest stands at the right.
double TimelineView::latestLeft() const
{
    return axisEnd() - (plotRect().width() - tailRoom()) * m_window.perPixel;
}

void TimelineView::layOut()
{
    const double whole = axisEnd() / std::max(1.0, plotRect().width() - tailRoom());
    if (m_tail == Tail::All || m_window.perPixel >= whole) {
        m_tail = Tail::All;
        m_window = {0, whole};
    }
    if (m_tail == Tail::Follow)
        m_window.left = latestLeft();
    m_window.left = std::max(0.0, std::min(m_window.left, latestLeft()));
    if (isFollowing())
        m_unseen = 0;
    updateScrollBars();
    updateClock();
    placePill();
    viewport()->update();
}

// After the person moved: still following only with the newest in sight.
void TimelineView::letGo()
{
    if (m_tail == Tail::All)
        m_tail = Tail::Follow;
    m_tail = m_window.left >= latestLeft() - 0.5 * m_window.perPixel ? Tail::Follow : Tail::Free;
    layOut();
}

void TimelineView::followTail()
{
    if (isFollowing())
        return;
    m_tail = Tail::Follow;
    layOut();
    Q_EMIT followed();
}

void TimelineView::showAll()
{
    m_tail = Tail::All;
    layOut();
}

void TimelineView::zoom(double factor, int x)
{
    const double pixel = x - plotRect().left();
    const double axis = m_window.axisAt(pixel);
    const double tail = (axisEnd() - m_window.left) / m_window.perPixel;
    m_window.perPixel = std::max(finest, m_window.perPixel * factor);
    m_window.left = axis - pixel * m_window.perPixel;
    // At the newest one stays with it.
    if (isFollowing() && pixel >= tail - tailRoom())
        m_window.left = latestLeft();
    letGo();
}

void TimelineView::pan(double pixels)
{
    m_window.left = std::clamp(m_window.left + pixels * m_window.perPixel, 0.0, std::max(0.0, latestLeft()));
    letGo();
}

void TimelineView::setIdle(Idle idle)
{
    // What is in the middle stays there.
    const std::int64_t middle = m_window.timeAt(m_lanes.scale(), plotRect().width() / 2.0);
    m_lanes.setIdle(idle);
    m_window.left = m_lanes.scale().axisOf(middle) - plotRect().width() / 2.0 * m_window.perPixel;
    layOut();
}

void TimelineView::setTimes(RulerTimes times)
{
    m_times = times;
    viewport()->update();
}

void TimelineView::updateScrollBars()
{
    m_settingBars = true;
    const double whole = axisEnd() + tailRoom() * m_window.perPixel;
    const double page = plotRect().width() * m_window.perPixel;
    const auto units = [whole](double axis) { return int(std::lround(std::clamp(axis / whole, 0.0, 1.0) * scrollUnits)); };
    horizontalScrollBar()->setRange(0, m_tail == Tail::All ? 0 : units(whole - page));
    horizontalScrollBar()->setPageStep(std::max(1, units(page)));
    horizontalScrollBar()->setSingleStep(std::max(1, units(page / 20)));
    horizontalScrollBar()->setValue(units(m_window.left));
    const int lanes = laneTop(m_lanes.laneCount()) + verticalScrollBar()->value() - rulerHeight();
    const int room = std::max(1, viewport()->height() - rulerHeight());
    verticalScrollBar()->setRange(0, std::max(0, lanes - room));
    verticalScrollBar()->setPageStep(room);
    m_settingBars = false;
}

void TimelineView::scrollContentsBy(int dx, int)
{
    viewport()->update();
    if (m_settingBars || dx == 0)
        return;
    m_window.left = double(horizontalScrollBar()->value()) / scrollUnits * (axisEnd() + tailRoom() * m_window.perPixel);
    if (horizontalScrollBar()->value() >= horizontalScrollBar()->maximum())
        m_window.left = latestLeft();
    letGo();
}

void TimelineView::placePill()
{
    if (isFollowing() || !m_live)
        return m_pill->hide();
    m_pill->offer(m_unseen);
}

void TimelineView::setCurrentRow(int row, Reveal wanted)
{
    const bool changed = row != m_current;
    m_current = row;
    if (const LanePlace place = m_lanes.place(row); place.lane >= 0)
        m_currentLane = place.lane;
    if (wanted == Reveal::Yes)
        reveal(row);
    if (changed)
        viewport()->update();
}

void TimelineView::reveal(int row)
{
    const LanePlace place = m_lanes.place(row);
    if (place.lane < 0)
        return;
    const QRect track = trackRect(place.lane, place.track);
    if (track.top() < rulerHeight())
        verticalScrollBar()->setValue(verticalScrollBar()->value() + track.top() - rulerHeight());
    else if (track.bottom() >= viewport()->height())
        verticalScrollBar()->setValue(verticalScrollBar()->value() + track.bottom() - viewport()->height() + 1);
    const LaneTrack& items = m_lanes.lane(place.lane).tracks[std::size_t(place.track)];
    const double left = m_window.pixelOf(m_lanes.scale(), items.at(place.index).start);
    const double right = m_window.pixelOf(m_lanes.scale(), m_lanes.shownEnd(items, place.index));
    const double width = plotRect().width();
    if (right >= px(8) && left <= width - px(8)) // some of it is in sight
        return;
    m_window.left += (left - width / 3) * m_window.perPixel;
    letGo();
}

int TimelineView::labelWidth() const
{
    return std::min(px(112), viewport()->width() / 3);
}

int TimelineView::rulerHeight() const
{
    return px(26);
}

QRect TimelineView::plotRect() const
{
    const int left = isRightToLeft() ? 0 : labelWidth();
    return {left, 0, std::max(1, viewport()->width() - labelWidth()), viewport()->height()};
}

QRect TimelineView::labelsRect() const
{
    return {isRightToLeft() ? plotRect().right() + 1 : 0, 0, labelWidth(), viewport()->height()};
}

int TimelineView::laneHeight(int position) const
{
    return px(6) + int(m_lanes.lane(position).tracks.size()) * px(25);
}

// Of the lane behind the last one: where they end.
int TimelineView::laneTop(int position) const
{
    int top = rulerHeight() - verticalScrollBar()->value();
    for (int i = 0; i < position; ++i)
        top += laneHeight(i);
    return top;
}

QRect TimelineView::trackRect(int position, int track) const
{
    return {plotRect().left(), laneTop(position) + px(3) + track * px(25), plotRect().width(), px(25)};
}

int TimelineView::laneAt(int y) const
{
    if (y < rulerHeight())
        return -1;
    for (int i = 0, top = laneTop(0); i < m_lanes.laneCount(); top += laneHeight(i), ++i)
        if (y >= top && y < top + laneHeight(i))
            return i;
    return -1;
}

QRect TimelineView::laneRect(int position) const
{
    const QRect lanes(0, rulerHeight(), viewport()->width(), viewport()->height() - rulerHeight());
    return QRect(0, laneTop(position), viewport()->width(), laneHeight(position)) & lanes;
}

int TimelineView::rowAt(QPoint position) const
{
    const int lane = laneAt(position.y());
    if (lane < 0 || !plotRect().contains(position))
        return -1;
    const std::vector<LaneTrack>& tracks = m_lanes.lane(lane).tracks;
    const int at = std::clamp((position.y() - laneTop(lane) - px(3)) / px(25), 0, int(tracks.size()) - 1);
    const LaneTrack& track = tracks[std::size_t(at)];
    const std::size_t found = itemAt(m_lanes, track, m_window, position.x() - plotRect().left() + 0.5, px(4));
    return found < track.size() ? track.at(found).row : -1;
}

QRect TimelineView::rowRect(int row) const
{
    const LanePlace place = m_lanes.place(row);
    if (place.lane < 0)
        return {};
    const LaneTrack& track = m_lanes.lane(place.lane).tracks[std::size_t(place.track)];
    const double left = m_window.pixelOf(m_lanes.scale(), track.at(place.index).start);
    const double right = m_window.pixelOf(m_lanes.scale(), m_lanes.shownEnd(track, place.index));
    const QRect box = trackRect(place.lane, place.track);
    if (right < 0 || left >= box.width())
        return {};
    const double from = std::max(0.0, left);
    const double to = std::min(double(box.width()), std::max(right, left + PlannedBar::narrowest));
    const QRectF bar(box.left() + from, box.top() + px(8), std::max(1.0, to - from), px(15));
    return bar.toAlignedRect() & laneRect(place.lane);
}

QSize TimelineView::sizeHint() const
{
    return {px(480), laneTop(std::min(m_lanes.laneCount(), 6)) + verticalScrollBar()->value() + px(14)};
}

QSize TimelineView::minimumSizeHint() const
{
    return {px(160), rulerHeight() + px(31)};
}

} // namespace gatehouse::widgets
