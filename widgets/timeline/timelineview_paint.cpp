// How a TimelineView is painted: only what is dirty, bars by the plan, no antialiasing below six pixels.
#include "widgets/timeline/timelineview.h"

#include <QPaintEvent>
#include <QPainter>
#include <QStyle>

#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"
#include "widgets/style/paint.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

constexpr double leastRounded = 6; // pixels; narrower bars are plain fills

QColor hueOf(LaneKind kind)
{
    const Tokens& t = tokens();
    switch (kind) {
    case LaneKind::Agent:
        return t.accent;
    case LaneKind::Tools:
        return mix(t.accent, t.ok, 0.6);
    case LaneKind::Gateway:
        return t.ok;
    case LaneKind::Run:
        break;
    }
    return t.third;
}

QColor fillOf(LaneKind kind, RowState state)
{
    const Tokens& t = tokens();
    switch (state) {
    case RowState::Failed:
    case RowState::Denied:
        return t.deny;
    case RowState::Asks:
    case RowState::Unknown:
        return t.ask;
    case RowState::Running:
    case RowState::Allowed:
        return mix(t.panel, hueOf(kind), t.highContrast ? 1 : 0.5);
    case RowState::Note:
    case RowState::Done:
        break;
    }
    return hueOf(kind);
}

Glyph glyphOf(RowState state)
{
    switch (state) {
    case RowState::Asks:
        return Glyph::Diamond;
    case RowState::Failed:
    case RowState::Denied:
        return Glyph::Cross;
    case RowState::Unknown:
        return Glyph::Triangle;
    default:
        return Glyph::None;
    }
}

} // namespace

void TimelineView::paintEvent(QPaintEvent* event)
{
    const Tokens& t = tokens();
    QPainter painter(viewport());
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.fillRect(event->rect(), t.panel);
    m_paintedBars = 0;
    if (m_lanes.laneCount() == 0) {
        painter.setFont(textFont());
        painter.setPen(t.third);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, tr("Nothing has happened yet."));
    } else {
        painter.setClipRect(event->rect());
        paintGrid(painter, event->rect());
        for (int i = 0; i < m_lanes.laneCount(); ++i)
            if (laneRect(i).intersects(event->rect()))
                paintLane(painter, i, event->rect());
        painter.setClipRect(event->rect());
        paintNow(painter);
        paintRing(painter);
        if (event->rect().top() < rulerHeight())
            paintRuler(painter);
    }
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        paintFocusRing(painter, viewport()->rect(), 3);
}

void TimelineView::paintLane(QPainter& painter, int position, const QRect& dirty)
{
    const QRect lane = laneRect(position);
    const QRect plot = lane & plotRect();
    painter.setClipRect(plot & dirty);
    for (int track = 0; track < int(m_lanes.lane(position).tracks.size()); ++track)
        paintTrack(painter, {position, track, 0}, dirty);
    painter.setClipRect(lane & dirty);
    if (labelsRect().intersects(dirty))
        paintLabel(painter, position);
    const QRect whole(0, laneTop(position), viewport()->width(), laneHeight(position));
    paintRule(painter, whole, Qt::BottomEdge, gridColour());
}

void TimelineView::paintLabel(QPainter& painter, int position) const
{
    const Tokens& t = tokens();
    const QRect box = QRect(labelsRect().left(), laneTop(position), labelWidth(), laneHeight(position));
    painter.fillRect(box, t.panel);
    const bool isCurrent = hasFocus() && m_lanes.place(m_current).lane == position;
    if (isCurrent)
        painter.fillRect(QRect(isRightToLeft() ? box.right() - px(3) + 1 : box.left(), box.top(), px(3), box.height()), t.accent);
    const QRect inner = box.adjusted(isRightToLeft() ? px(8) : px(14), 0, isRightToLeft() ? -px(14) : -px(8), 0);
    const int flags = int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft)) | Qt::TextSingleLine;
    const int middle = box.top() + std::min(box.height(), px(31)) / 2;
    const QFont name = textFont(TextSize::Small, QFont::DemiBold);
    const QFont kind = textFont(TextSize::Caption);
    const int nameHeight = QFontMetrics(name).height();
    const int kindHeight = QFontMetrics(kind).height();
    const int top = middle - (nameHeight + kindHeight - px(4)) / 2;
    painter.setFont(name);
    painter.setPen(t.text);
    painter.drawText(QRect(inner.left(), top, inner.width(), nameHeight), flags | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(laneName(position), Qt::ElideRight, inner.width()));
    painter.setFont(kind);
    painter.setPen(t.third);
    painter.drawText(QRect(inner.left(), top + nameHeight - px(3), inner.width(), kindHeight), flags | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(laneKind(position), Qt::ElideRight, inner.width()));
}

std::vector<PlannedBar> TimelineView::planned(const LanePlace& place, const QRect& dirty) const
{
    const LaneTrack& track = m_lanes.lane(place.lane).tracks[std::size_t(place.track)];
    const int left = trackRect(place.lane, place.track).left();
    return planTrack(m_lanes, track, m_window, dirty.left() - left - px(8), dirty.right() + 1 - left + px(8));
}

QRectF TimelineView::boxOf(const LanePlace& place, const PlannedBar& bar) const
{
    const QRect box = trackRect(place.lane, place.track);
    const double left = std::max(bar.left, -double(px(8)));
    const double right = std::min(bar.right, double(box.width() + px(8)));
    return {box.left() + left, double(box.top() + px(8)), std::max(1.0, right - left), double(px(15))};
}

// What is well first, then what is not, so that nothing covers it.
void TimelineView::paintTrack(QPainter& painter, const LanePlace& place, const QRect& dirty)
{
    const Lane& lane = m_lanes.lane(place.lane);
    const std::vector<PlannedBar> bars = planned(place, dirty);
    m_paintedBars += int(bars.size());
    for (const bool problems : {false, true})
        for (const PlannedBar& bar : bars)
            if (((bar.states & problemMask()) != 0) == problems)
                paintBar(painter, lane.tracks[std::size_t(place.track)], bar, boxOf(place, bar), lane.kind);
    paintMarks(painter, place, bars);
}

// Above what is not well a glyph, where there is room for one more.
void TimelineView::paintMarks(QPainter& painter, const LanePlace& place, const std::vector<PlannedBar>& bars) const
{
    const double size = px(8);
    double freeFrom = -1e9;
    for (const PlannedBar& bar : bars) {
        if ((bar.states & problemMask()) == 0)
            continue;
        const QRectF shape = boxOf(place, bar);
        const double at = std::min(shape.center().x(), shape.left() + px(12)) - size / 2;
        if (at < freeFrom)
            continue;
        const RowState worst = worstOf(bar.states);
        const QRectF mark(at, shape.top() - px(8), size, size);
        painter.fillRect(mark.adjusted(-1, 0, 1, 0), tokens().panel); // a ring may pass there
        paintGlyph(painter, mark, glyphOf(worst), fillOf(m_lanes.lane(place.lane).kind, worst));
        freeFrom = at + size + 1;
    }
}

void TimelineView::paintBar(QPainter& painter, const LaneTrack& track, const PlannedBar& bar, const QRectF& box, LaneKind kind) const
{
    const Tokens& t = tokens();
    const RowState worst = worstOf(bar.states);
    const bool isProblem = (bar.states & problemMask()) != 0;
    if (box.width() < leastRounded || !bar.isOne()) {
        // Without colours, what is well is lower than what is not.
        const double inset = t.highContrast && !isProblem ? px(2) : 0;
        painter.fillRect(box.adjusted(0, inset, 0, -inset), fillOf(kind, worst));
        // Who waits must not hide behind what failed in the same moment.
        if (worst != RowState::Asks && (bar.states & maskOf(RowState::Asks)) != 0)
            painter.fillRect(QRectF(box.left(), box.center().y(), box.width(), box.height() / 2), t.ask);
        return;
    }
    const LaneItem& item = track.at(bar.first);
    const QColor fill = fillOf(kind, worst);
    const bool isSolid = !t.highContrast || isProblem;
    if (worst == RowState::Asks) {
        paintRoundedRect(painter, box, px(3), t.highContrast ? t.panel : mix(t.panel, hueOf(kind), 0.5), {});
    } else if (!isSolid || worst == RowState::Unknown) {
        paintRoundedRect(painter, box, px(3), t.panel, fill, 2);
    } else if (worst == RowState::Failed && !t.highContrast) {
        // A test that fails is news, not an alarm: what was denied is the loudest.
        paintRoundedRect(painter, box, px(3), t.denyTint, t.deny, 1);
    } else {
        paintRoundedRect(painter, box, px(3), fill, {});
    }
    // The open end of what goes on is straight, and hatched where colours do not tell.
    if (item.end == LaneItem::goesOn && worst != RowState::Asks) {
        painter.fillRect(QRectF(box.right() - px(3), box.top(), px(3), box.height()), hueOf(kind));
        if (t.highContrast)
            painter.fillRect(box.adjusted(2, 2, -2, -2), QBrush(t.text, Qt::BDiagPattern));
    }
    if (const RowPtr row = m_rows.row(item.row); row && row->askedMs >= 0) {
        paintPause(painter, *row, box, kind);
        paintWait(painter, *row, box);
    }
}

// The part of a bar that is decided and not begun: the run was paused.
void TimelineView::paintPause(QPainter& painter, const RunRow& row, const QRectF& box, LaneKind kind) const
{
    if (row.answeredMs < 0)
        return;
    const double plot = plotRect().left();
    const double left = std::max(box.left(), plot + m_window.pixelOf(m_lanes.scale(), row.answeredMs));
    const double right = row.actingMs < 0 ? box.right() : std::min(box.right(), plot + m_window.pixelOf(m_lanes.scale(), row.actingMs));
    if (right - left < 2)
        return;
    const QRectF pause(left, box.top(), right - left, box.height());
    painter.fillRect(pause, tokens().panel);
    paintGrid(painter, pause.toAlignedRect());
    painter.fillRect(QRectF(left, box.center().y() - 1, right - left, 2), hueOf(kind));
    if (tokens().highContrast && right < box.right()) // its outline begins here anew
        paintRule(painter, QRectF(right, box.top(), box.right() - right, box.height()), Qt::LeftEdge, hueOf(kind), 2);
}

// The part of a bar in which a person was waited for.
void TimelineView::paintWait(QPainter& painter, const RunRow& row, const QRectF& box) const
{
    const Tokens& t = tokens();
    const double plot = plotRect().left();
    const std::int64_t until = row.answeredMs >= 0 ? row.answeredMs : m_lanes.nowMs();
    const double left = std::max(box.left(), plot + m_window.pixelOf(m_lanes.scale(), row.askedMs));
    const double right = std::min(box.right(), plot + m_window.pixelOf(m_lanes.scale(), until));
    if (right - left < leastRounded)
        return;
    const QRectF wait(left, box.top(), right - left, box.height());
    paintRoundedRect(painter, wait, px(3), t.askTint, {});
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.ask, 1, Qt::DashLine)); // thicker, it would strike out the words
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(wait.adjusted(0.5, 0.5, -0.5, -0.5), px(3), px(3));
    painter.setFont(textFont(TextSize::Caption));
    painter.setPen(t.ask);
    const QString length = shownStretch(until - row.askedMs);
    const QString text = row.answeredMs >= 0 ? tr("waited %1").arg(length) : tr("waiting, %1").arg(length);
    // Where it is seen, also when its beginning is not.
    const double from = std::max(wait.left(), plot) + px(6);
    if (painter.fontMetrics().horizontalAdvance(text) <= wait.right() - from - px(4))
        // A little higher, so that what hangs below the line keeps off the frame.
        painter.drawText(QRectF(from, wait.top() - 1, wait.right() - from, wait.height()), int(Qt::AlignLeft | Qt::AlignVCenter), text);
    painter.restore();
}

void TimelineView::paintNow(QPainter& painter) const
{
    const double pixel = m_window.pixelOf(m_lanes.scale(), m_lanes.nowMs());
    if (!m_live || pixel < 0 || pixel > plotRect().width())
        return;
    paintRule(painter, QRectF(plotRect().left() + pixel, 0, 2, viewport()->height()), Qt::LeftEdge, tokens().accent);
}

void TimelineView::paintRing(QPainter& painter) const
{
    const QRect bar = rowRect(m_current);
    if (bar.isEmpty())
        return;
    painter.save();
    painter.setClipRect(plotRect().adjusted(0, rulerHeight(), 0, 0), Qt::IntersectClip);
    paintFocusRing(painter, QRectF(bar).adjusted(-px(3), -px(3), px(3), px(3)), px(5));
    const LanePlace place = m_lanes.place(m_current);
    paintMarks(painter, place, planned(place, plotRect())); // as they were joined
    painter.restore();
}

} // namespace gatehouse::widgets
