// ActionRegistry: every command of the program once, with its id, text, icon, shortcut and help text; menus, tool bars, the
// shortcut sheet and tests all read it. Owner: the main window. GUI thread.
#pragma once

#include <QAction>
#include <QObject>

#include "widgets/style/icons.h"

namespace gatehouse::widgets {

struct ActionSpec {
    QString id; // "run.start": stable, for settings and tests
    QString text;
    Glyph glyph = Glyph::None;
    QList<QKeySequence> shortcuts;
    QString whatsThis; // one sentence; also the status tip
    TokenRole role = TokenRole::Second;
};

class ActionRegistry final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ActionRegistry)
public:
    explicit ActionRegistry(QWidget* window);

    // An id or shortcut that is taken is a defect of ours: it aborts.
    QAction* add(const ActionSpec& spec);
    [[nodiscard]] QAction* action(const QString& id) const;
    // In the order of adding.
    [[nodiscard]] const QList<QAction*>& actions() const { return m_actions; }

private:
    QWidget* m_window;
    QList<QAction*> m_actions;
};

} // namespace gatehouse::widgets
