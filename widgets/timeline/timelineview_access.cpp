// What a screen reader finds in a TimelineView: lanes, and in each its events in words. Made when asked for and let go again: a run
// has more events than anybody walks through.
#include "widgets/timeline/timelineview.h"

#include <QAccessibleWidget>
#include <QHash>

#include <algorithm>
#include <utility>

namespace gatehouse::widgets {

namespace {

constexpr int mostKept = 512; // events of a lane with a face at a time

class EventFace final : public QAccessibleInterface {
public:
    EventFace(TimelineView& view, int row) : m_view(view), m_row(row) { }

    [[nodiscard]] int row() const { return m_row; }
    bool isValid() const override { return m_row < m_view.lanes().rowCount(); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    QAccessibleInterface* parent() const override
    {
        QAccessibleInterface* view = QAccessible::queryAccessibleInterface(&m_view);
        return view ? view->child(m_view.lanes().place(m_row).lane) : nullptr;
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    void setText(QAccessible::Text, const QString&) override { }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Name && isValid() ? m_view.rowText(m_row) : QString();
    }
    QRect rect() const override
    {
        const QRect bar = m_view.rowRect(m_row);
        return bar.isEmpty() ? QRect() : QRect(m_view.viewport()->mapToGlobal(bar.topLeft()), bar.size());
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.selectable = state.focusable = state.readOnly = true;
        state.offscreen = m_view.rowRect(m_row).isEmpty();
        state.selected = m_view.currentRow() == m_row;
        state.focused = state.selected && m_view.hasFocus();
        return state;
    }

private:
    TimelineView& m_view;
    int m_row;
};

class LaneFace final : public QAccessibleInterface {
public:
    LaneFace(TimelineView& view, int position) : m_view(view), m_position(position) { }
    ~LaneFace() override { forget(); }

    bool isValid() const override { return m_position < m_view.lanes().laneCount(); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(&m_view); }
    int childCount() const override { return isValid() ? int(m_view.lanes().lane(m_position).rows.size()) : 0; }
    QAccessibleInterface* child(int index) const override
    {
        return index >= 0 && index < childCount() ? face(m_view.lanes().lane(m_position).rows[std::size_t(index)]) : nullptr;
    }
    // Of a row of this lane.
    QAccessibleInterface* face(int row) const
    {
        if (m_events.size() >= mostKept && !m_events.contains(row))
            forget();
        QAccessible::Id& id = m_events[row];
        if (id == 0)
            id = QAccessible::registerAccessibleInterface(new EventFace(m_view, row));
        return QAccessible::accessibleInterface(id);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const auto* event = dynamic_cast<const EventFace*>(child);
        if (!event || !isValid())
            return -1;
        const std::vector<int>& rows = m_view.lanes().lane(m_position).rows;
        const auto found = std::ranges::lower_bound(rows, event->row());
        return found != rows.end() && *found == event->row() ? int(found - rows.begin()) : -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        const int row = m_view.rowAt(m_view.viewport()->mapFromGlobal(QPoint(x, y)));
        return m_view.lanes().place(row).lane == m_position && row >= 0 ? face(row) : nullptr;
    }
    void setText(QAccessible::Text, const QString&) override { }
    QAccessible::Role role() const override { return QAccessible::List; }
    QString text(QAccessible::Text kind) const override
    {
        if (kind != QAccessible::Name || !isValid())
            return {};
        return TimelineView::tr("%1, %2, %n events", nullptr, childCount()).arg(m_view.laneName(m_position), m_view.laneKind(m_position));
    }
    QRect rect() const override
    {
        const QRect lane = m_view.laneRect(m_position);
        return lane.isEmpty() ? QRect() : QRect(m_view.viewport()->mapToGlobal(lane.topLeft()), lane.size());
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.readOnly = true;
        state.offscreen = m_view.laneRect(m_position).isEmpty();
        return state;
    }

private:
    void forget() const
    {
        for (const QAccessible::Id id : std::as_const(m_events))
            QAccessible::deleteAccessibleInterface(id);
        m_events.clear();
    }

    TimelineView& m_view;
    int m_position;
    mutable QHash<int, QAccessible::Id> m_events;
};

class ViewFace final : public QAccessibleWidget {
public:
    explicit ViewFace(TimelineView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }
    ~ViewFace() override
    {
        for (const QAccessible::Id id : std::as_const(m_lanes))
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return m_view.lanes().laneCount(); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        QAccessible::Id& id = m_lanes[index];
        if (id == 0)
            id = QAccessible::registerAccessibleInterface(new LaneFace(m_view, index));
        return QAccessible::accessibleInterface(id);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        return m_lanes.key(QAccessible::uniqueId(const_cast<QAccessibleInterface*>(child)), -1);
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
    mutable QHash<int, QAccessible::Id> m_lanes;
};

QAccessibleInterface* makeFace(const QString&, QObject* object)
{
    auto* view = qobject_cast<TimelineView*>(object);
    return view ? new ViewFace(view) : nullptr;
}

} // namespace

void TimelineView::makeAccessible()
{
    [[maybe_unused]] static const bool installed = [] {
        QAccessible::installFactory(makeFace);
        return true;
    }();
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
