// What a screen reader finds in a TimelineView: lanes, and in each its events in words. Made when asked for and let go again: a run
// has more events than anybody walks through.
#include "widgets/timeline/timelineview.h"

#include <QAccessibleWidget>

#include "widgets/controls/partface.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

constexpr std::size_t mostEvents = 512; // of a lane, with a face at a time
constexpr std::size_t mostLanes = 4096;

class EventFace final : public PartFace {
public:
    EventFace(TimelineView& view, int row) : PartFace(view, *view.viewport()), m_view(view), m_row(row) { }

    bool isValid() const override { return m_row < m_view.lanes().rowCount(); }
    QAccessibleInterface* parent() const override
    {
        QAccessibleInterface* view = PartFace::parent();
        return view ? view->child(m_view.lanes().place(m_row).lane) : nullptr;
    }

protected:
    QString name() const override { return m_view.rowText(m_row); }
    QRect place() const override { return m_view.rowRect(m_row); }
    bool isCurrent() const override { return m_view.currentRow() == m_row; }

private:
    TimelineView& m_view;
    int m_row;
};

class LaneFace final : public PartFace {
public:
    LaneFace(TimelineView& view, int position) : PartFace(view, *view.viewport()), m_view(view), m_position(position) { }

    bool isValid() const override { return m_position < m_view.lanes().laneCount(); }
    int childCount() const override { return isValid() ? int(m_view.lanes().lane(m_position).rows.size()) : 0; }
    QAccessibleInterface* child(int index) const override
    {
        return index >= 0 && index < childCount() ? face(m_view.lanes().lane(m_position).rows[std::size_t(index)]) : nullptr;
    }
    // Of a row of this lane.
    QAccessibleInterface* face(int row) const
    {
        return m_events.face(row, [&] { return new EventFace(m_view, row); });
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const int* row = m_events.keyOf(child);
        if (!row || !isValid())
            return -1;
        const std::vector<int>& rows = m_view.lanes().lane(m_position).rows;
        const auto found = std::ranges::lower_bound(rows, *row);
        return found != rows.end() && *found == *row ? int(found - rows.begin()) : -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        const int row = m_view.rowAt(m_view.viewport()->mapFromGlobal(QPoint(x, y)));
        return m_view.lanes().place(row).lane == m_position && row >= 0 ? face(row) : nullptr;
    }
    QAccessible::Role role() const override { return QAccessible::List; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invalid = !isValid();
        if (state.invalid)
            return state;
        state.readOnly = true;
        state.offscreen = place().isEmpty();
        return state;
    }

protected:
    QString name() const override
    {
        return TimelineView::tr("%1, %2, %n events", nullptr, childCount()).arg(m_view.laneName(m_position), m_view.laneKind(m_position));
    }
    QRect place() const override { return m_view.laneRect(m_position); }
    bool isCurrent() const override { return false; }

private:
    TimelineView& m_view;
    int m_position;
    mutable Faces<int> m_events{mostEvents}; // by row
};

class ViewFace final : public QAccessibleWidget {
public:
    explicit ViewFace(TimelineView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }

    int childCount() const override { return m_view.lanes().laneCount(); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        return m_lanes.face(index, [&] { return new LaneFace(m_view, index); });
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const int* lane = m_lanes.keyOf(child);
        return lane ? *lane : -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        const QPoint at = m_view.viewport()->mapFromGlobal(QPoint(x, y));
        for (int i = 0; i < childCount(); ++i)
            if (m_view.laneRect(i).contains(at))
                return child(i);
        return nullptr;
    }
    QAccessibleInterface* focusChild() const override
    {
        const int lane = m_view.lanes().place(m_view.currentRow()).lane;
        return lane < 0 ? nullptr : static_cast<LaneFace*>(child(lane))->face(m_view.currentRow());
    }

private:
    TimelineView& m_view;
    mutable Faces<int> m_lanes{mostLanes};
};

} // namespace

void TimelineView::makeAccessible()
{
    installFace<TimelineView, ViewFace>();
}

// A screen reader follows the person from event to event.
void TimelineView::tellFocus()
{
    if (!QAccessible::isActive() || !hasFocus())
        return;
    QAccessibleInterface* view = QAccessible::queryAccessibleInterface(this);
    QAccessibleInterface* event = view ? view->focusChild() : nullptr;
    if (!event)
        return;
    QAccessibleEvent focus(event, QAccessible::Focus);
    QAccessible::updateAccessibility(&focus);
}

} // namespace gatehouse::widgets
