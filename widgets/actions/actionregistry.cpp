#include "widgets/actions/actionregistry.h"

#include <QWidget>

namespace gatehouse::widgets {

ActionRegistry::ActionRegistry(QWidget* window) : QObject(window), m_window(window) { }

QAction* ActionRegistry::add(const ActionSpec& spec)
{
    for (const QAction* other : m_actions) {
        if (other->objectName() == spec.id)
            qFatal("two actions are called %s", qPrintable(spec.id));
        for (const QKeySequence& shortcut : spec.shortcuts)
            if (!shortcut.isEmpty() && other->shortcuts().contains(shortcut))
                qFatal("%s and %s have the same shortcut", qPrintable(spec.id), qPrintable(other->objectName()));
    }
    auto* action = new QAction(spec.text, this);
    action->setObjectName(spec.id);
    action->setShortcuts(spec.shortcuts);
    action->setShortcutContext(Qt::WindowShortcut);
    action->setWhatsThis(spec.whatsThis);
    action->setStatusTip(spec.whatsThis);
    if (spec.glyph != Glyph::None)
        action->setIcon(icon(spec.glyph, spec.role));
    m_window->addAction(action);
    m_actions << action;
    return action;
}

QAction* ActionRegistry::action(const QString& id) const
{
    for (QAction* found : m_actions)
        if (found->objectName() == id)
            return found;
    return nullptr;
}

} // namespace gatehouse::widgets
