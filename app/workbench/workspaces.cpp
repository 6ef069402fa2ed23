#include "app/workbench/workspaces.h"

#include <QDockWidget>
#include <QSettings>

#include <utility>

namespace gatehouse::workbench {

using widgets::allWorkspaces;
using widgets::workspaceId;

// Of the docks there are and of where they stand: a state of others is not restored.
static constexpr int stateVersion = 2;

static QString keyOf(Workspaces::Workspace workspace)
{
    return QStringLiteral("workspaces/%1").arg(workspaceId(workspace));
}

Workspaces::Workspaces(QMainWindow& window) : QObject(&window), m_window(window) { }

void Workspaces::add(const Place& place)
{
    m_places.push_back(place);
    m_window.addDockWidget(side(place.areaIn(m_current)), place.dock);
    place.dock->setVisible(place.shownIn.contains(m_current));
}

Qt::DockWidgetArea Workspaces::Place::areaIn(Workspace workspace) const
{
    const auto found = elsewhere.find(workspace);
    return found == elsewhere.end() ? area : found->second;
}

// Qt mirrors no dock areas.
Qt::DockWidgetArea Workspaces::side(Qt::DockWidgetArea area) const
{
    const bool mirrored = m_window.layoutDirection() == Qt::RightToLeft;
    if (mirrored && area == Qt::LeftDockWidgetArea)
        return Qt::RightDockWidgetArea;
    if (mirrored && area == Qt::RightDockWidgetArea)
        return Qt::LeftDockWidgetArea;
    return area;
}

void Workspaces::choose(Workspace workspace)
{
    if (workspace == m_current)
        return Q_EMIT changed(workspace); // a button that was pressed again stays pressed
    m_states[m_current] = m_window.saveState(stateVersion);
    m_current = workspace;
    apply(workspace);
    Q_EMIT changed(workspace);
}

void Workspaces::apply(Workspace workspace)
{
    const auto state = m_states.find(workspace);
    if (state == m_states.end() || !m_window.restoreState(state->second, stateVersion))
        layOut(workspace);
}

void Workspaces::reset()
{
    m_states.erase(m_current);
    layOut(m_current);
}

void Workspaces::layOut(Workspace workspace)
{
    std::map<Qt::DockWidgetArea, QDockWidget*> last;
    QList<QDockWidget*> sides;
    QList<int> widths;
    QList<QDockWidget*> bottoms;
    QList<int> heights;
    QList<int> shares;
    for (const Place& place : m_places) {
        const Qt::DockWidgetArea area = place.areaIn(workspace);
        const bool bottom = area == Qt::BottomDockWidgetArea;
        m_window.addDockWidget(side(area), place.dock);
        if (QDockWidget*& before = last[area])
            m_window.splitDockWidget(before, place.dock, bottom ? Qt::Horizontal : Qt::Vertical);
        last[area] = place.dock;
        const bool shown = place.shownIn.contains(workspace);
        place.dock->setVisible(shown);
        if (!shown)
            continue;
        (bottom ? bottoms : sides) << place.dock;
        (bottom ? heights : widths) << place.extent;
        if (bottom)
            shares << place.share * 100;
    }
    m_window.resizeDocks(sides, widths, Qt::Horizontal);
    m_window.resizeDocks(bottoms, heights, Qt::Vertical);
    m_window.resizeDocks(bottoms, shares, Qt::Horizontal);
}

void Workspaces::restore()
{
    const QSettings settings;
    for (const Workspace workspace : allWorkspaces) {
        const QByteArray state = settings.value(keyOf(workspace)).toByteArray();
        if (!state.isEmpty())
            m_states[workspace] = state;
        if (settings.value(QStringLiteral("workspaces/current")).toString() == workspaceId(workspace))
            m_current = workspace;
    }
    apply(m_current);
    Q_EMIT changed(m_current);
}

void Workspaces::save()
{
    m_states[m_current] = m_window.saveState(stateVersion);
    QSettings settings;
    for (const auto& [workspace, state] : m_states)
        settings.setValue(keyOf(workspace), state);
    settings.setValue(QStringLiteral("workspaces/current"), workspaceId(m_current));
}

} // namespace gatehouse::workbench
