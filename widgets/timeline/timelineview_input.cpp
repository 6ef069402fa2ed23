// What mouse and keyboard do in a TimelineView, and what it says of a row.
#include "widgets/timeline/timelineview.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include "widgets/style/fonts.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

namespace {

constexpr double zoomStep = 1.25;

} // namespace

QString TimelineView::laneName(int position) const
{
    const Lane& lane = m_lanes.lane(position);
    switch (lane.kind) {
    case LaneKind::Run:
        return tr("run");
    case LaneKind::Gateway:
        return tr("gateway");
    case LaneKind::Agent:
    case LaneKind::Tools:
        break;
    }
    return lane.name.empty() ? tr("others") : shown(lane.name);
}

QString TimelineView::laneKind(int position) const
{
    switch (m_lanes.lane(position).kind) {
    case LaneKind::Run:
        return tr("journal");
    case LaneKind::Agent:
        return tr("agent");
    case LaneKind::Tools:
        return tr("tool calls");
    case LaneKind::Gateway:
        return tr("egress");
    }
    return {};
}

// "apply_patch, planner, waits for a person, 12:01:04, 3.2 s"
QString TimelineView::rowText(int row) const
{
    const RowPtr shownRow = m_rows.row(row);
    if (!shownRow)
        return {};
    QString state = RunRecordModel::stateOf(*shownRow).text;
    if (shownRow->state == RowState::Asks)
        state = tr("waits for a person");
    QStringList words;
    for (const QString& word : {RunRecordModel::titleOf(*shownRow), shown(shownRow->agent), state, shownTime(shownRow->wall),
                                shownDuration(shownRow->durationMs)})
        if (!word.isEmpty())
            words << word;
    return words.join(tr(", "));
}

QString TimelineView::toolTipAt(QPoint position) const
{
    if (labelsRect().contains(position)) {
        const int lane = laneAt(position.y());
        return lane < 0 ? QString() : laneName(lane) + QStringLiteral(" · ") + laneKind(lane);
    }
    if (const int row = rowAt(position); row >= 0) {
        const QString summary = bounded(shown(m_rows.row(row)->summary));
        return summary.isEmpty() ? rowText(row) : rowText(row) + u'\n' + summary;
    }
    const int x = position.x() - plotRect().left();
    for (const RulerBreak& each : rulerBreaks(m_lanes.scale(), m_window, plotRect().width()))
        if (x >= each.left - px(2) && x <= each.right + px(2))
            return tr("Nothing ran for %1; squeezed here.").arg(shownStretch(each.taken));
    return {};
}

bool TimelineView::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = toolTipAt(help->pos());
    QToolTip::showText(help->globalPos(), text.isEmpty() ? QString() : plainToolTip(text), viewport());
    return true;
}

void TimelineView::wheelEvent(QWheelEvent* event)
{
    const QPoint turned = event->angleDelta();
    if (event->modifiers() & Qt::ControlModifier) {
        zoom(std::pow(zoomStep, -turned.y() / 120.0), int(event->position().x()));
        return event->accept();
    }
    const bool sideways = event->modifiers() & Qt::ShiftModifier || std::abs(turned.x()) > std::abs(turned.y());
    if (!sideways && verticalScrollBar()->maximum() > 0)
        return verticalScrollBar()->event(event), void();
    const int by = sideways && turned.x() != 0 ? turned.x() : turned.y();
    pan(-by / 120.0 * px(96));
    event->accept();
}

void TimelineView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_pressed = m_dragged = event->pos();
    m_dragging = false;
}

void TimelineView::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    if (!m_dragging && (event->pos() - m_pressed).manhattanLength() < QApplication::startDragDistance())
        return;
    m_dragging = true;
    viewport()->setCursor(Qt::ClosedHandCursor);
    const QPoint by = event->pos() - m_dragged;
    m_dragged = event->pos();
    verticalScrollBar()->setValue(verticalScrollBar()->value() - by.y());
    pan(-by.x());
}

void TimelineView::mouseReleaseEvent(QMouseEvent* event)
{
    viewport()->unsetCursor();
    if (event->button() != Qt::LeftButton || m_dragging)
        return;
    if (const int row = rowAt(event->pos()); row >= 0)
        chooseRow(row);
}

void TimelineView::chooseRow(int row)
{
    if (row < 0 || row >= m_lanes.rowCount())
        return;
    setCurrentRow(row, Reveal::Yes);
    tellFocus();
    Q_EMIT rowChosen(row);
}

void TimelineView::walkLane(int direction)
{
    if (m_lanes.place(m_current).lane < 0)
        return chooseRow(direction > 0 ? 0 : m_lanes.rowCount() - 1);
    chooseRow(m_lanes.neighbour(m_current, direction));
}

// To what went on there at the same time.
void TimelineView::walkLanes(int direction)
{
    const LanePlace here = m_lanes.place(m_current);
    if (here.lane < 0)
        return walkLane(direction);
    if (const int lane = here.lane + direction; lane >= 0 && lane < m_lanes.laneCount())
        chooseRow(m_lanes.rowAt(lane, m_lanes.item(here).start));
}

// False: not a key that moves.
bool TimelineView::pressNavigation(QKeyEvent* event)
{
    const bool shifted = event->modifiers() & Qt::ShiftModifier;
    const int lanes = m_lanes.laneCount();
    const auto lane = [&]() -> const std::vector<int>& { return m_lanes.lane(std::clamp(m_currentLane, 0, lanes - 1)).rows; };
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int direction = event->key() == Qt::Key_Right ? 1 : -1; // time goes to the right, whatever the language
        shifted ? pan(direction * px(96)) : walkLane(direction);
        return true;
    }
    case Qt::Key_Up:
    case Qt::Key_Down:
        walkLanes(event->key() == Qt::Key_Down ? 1 : -1);
        return true;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        pan((event->key() == Qt::Key_PageDown ? 0.9 : -0.9) * plotRect().width());
        return true;
    case Qt::Key_Home:
        if (lanes > 0)
            chooseRow(lane().front());
        return true;
    case Qt::Key_End:
        if (lanes > 0)
            chooseRow(lane().back());
        followTail();
        return true;
    default:
        return false;
    }
}

void TimelineView::keyPressEvent(QKeyEvent* event)
{
    const bool command = event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier);
    const QRect bar = rowRect(m_current);
    const int around = bar.isEmpty() ? plotRect().center().x() : bar.center().x();
    if (command)
        return event->ignore();
    if (pressNavigation(event))
        return;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(1 / zoomStep / zoomStep, around);
    case Qt::Key_Minus:
    case Qt::Key_Underscore:
        return zoom(zoomStep * zoomStep, around);
    case Qt::Key_Exclam: // where Shift+1 writes it
        return showAll();
    case Qt::Key_1:
        if (event->modifiers() & Qt::ShiftModifier)
            return showAll();
        break;
    default:
        break;
    }
    event->ignore();
}

void TimelineView::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addAction(tr("Show the &whole run (Shift+1)"), this, &TimelineView::showAll);
    menu.addAction(tr("Zoom &in (+)"), this, [this] { zoom(1 / zoomStep / zoomStep, plotRect().center().x()); });
    menu.addAction(tr("Zoom &out (−)"), this, [this] { zoom(zoomStep * zoomStep, plotRect().center().x()); });
    QAction* follow = menu.addAction(tr("&Follow the newest event (End)"), this, &TimelineView::followTail);
    follow->setEnabled(!isFollowing());
    menu.addSeparator();
    QAction* squeeze = menu.addAction(tr("&Squeeze idle time"));
    squeeze->setCheckable(true);
    squeeze->setChecked(m_lanes.scale().idle() == Idle::Squeezed);
    connect(squeeze, &QAction::toggled, this, [this](bool on) { setIdle(on ? Idle::Squeezed : Idle::AsLong); });
    QAction* elapsed = menu.addAction(tr("Time since the &beginning"));
    elapsed->setCheckable(true);
    elapsed->setChecked(m_times == RulerTimes::Elapsed);
    connect(elapsed, &QAction::toggled, this, [this](bool on) { setTimes(on ? RulerTimes::Elapsed : RulerTimes::Clock); });
    menu.exec(event->globalPos());
}

void TimelineView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void TimelineView::showEvent(QShowEvent* event)
{
    QAbstractScrollArea::showEvent(event);
    updateClock();
}

void TimelineView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void TimelineView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void TimelineView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::StyleChange || type == QEvent::LayoutDirectionChange)
        layOut();
}

} // namespace gatehouse::widgets
