// Workspaces: which docks stand where in each of the four, as designed or as the person left them. Kept in the settings.
// Owner: the main window, which outlives it. GUI thread.
#pragma once

#include <QMainWindow>
#include <QObject>

#include "widgets/shell/workspace.h"

#include <map>
#include <set>
#include <vector>

class QDockWidget;

namespace gatehouse::workbench {

class Workspaces final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Workspaces)
public:
    using Workspace = widgets::Workspace;

    // A dock's place as designed; extent is its width at a side, its height at the bottom, where share is its part of the width.
    struct Place {
        QDockWidget* dock = nullptr;
        Qt::DockWidgetArea area = Qt::LeftDockWidgetArea;
        std::set<Workspace> shownIn;
        int extent = 0;
        int share = 1;
        std::map<Workspace, Qt::DockWidgetArea> elsewhere = {}; // workspaces that have it in another area
        [[nodiscard]] Qt::DockWidgetArea areaIn(Workspace workspace) const;
    };

    explicit Workspaces(QMainWindow& window);

    // Docks of one area stand in the order of adding: below each other at a side, beside each other at the bottom.
    void add(const Place& place);
    [[nodiscard]] Workspace current() const { return m_current; }
    // The one that is left keeps its docks as they are.
    void choose(Workspace workspace);
    // The shown one, as designed.
    void reset();
    // From and to the settings; what can't be read there is as designed.
    void restore();
    void save();

Q_SIGNALS:
    void changed(gatehouse::widgets::Workspace workspace);

private:
    void apply(Workspace workspace);
    void layOut(Workspace workspace);
    [[nodiscard]] Qt::DockWidgetArea side(Qt::DockWidgetArea area) const;

    QMainWindow& m_window;
    std::vector<Place> m_places;
    std::map<Workspace, QByteArray> m_states;
    Workspace m_current = Workspace::Run;
};

} // namespace gatehouse::workbench
