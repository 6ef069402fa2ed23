#include "app/workbench/probe.h"

#include <QAccessible>
#include <QApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMetaEnum>
#include <QWidget>

#include <cstdio>
#include <unistd.h>

namespace gatehouse::workbench {

Probe::Probe(QObject* parent) : QObject(parent), m_input(STDIN_FILENO, QSocketNotifier::Read)
{
    connect(&m_input, &QSocketNotifier::activated, this, &Probe::answer);
}

static void describe(QAccessibleInterface* face, QJsonArray& into)
{
    if (!face || !face->isValid() || face->state().invisible)
        return;
    const QAccessible::State state = face->state();
    const QRect place = face->rect();
    const qreal ratio = qApp->devicePixelRatio();
    into.append(
        QJsonObject{{QStringLiteral("role"), QString::fromLatin1(QMetaEnum::fromType<QAccessible::Role>().valueToKey(face->role()))},
                    {QStringLiteral("name"), face->text(QAccessible::Name)},
                    {QStringLiteral("x"), int(place.x() * ratio)},
                    {QStringLiteral("y"), int(place.y() * ratio)},
                    {QStringLiteral("width"), int(place.width() * ratio)},
                    {QStringLiteral("height"), int(place.height() * ratio)},
                    {QStringLiteral("enabled"), !state.disabled},
                    {QStringLiteral("focused"), bool(state.focused)},
                    {QStringLiteral("selected"), bool(state.selected)}});
    for (int i = 0; i < face->childCount(); ++i)
        describe(face->child(i), into);
}

void Probe::answer()
{
    char bytes[256];
    const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0)
        return m_input.setEnabled(false);
    QJsonArray found;
    for (QWidget* window : QApplication::topLevelWidgets())
        if (window->isVisible())
            describe(QAccessible::queryAccessibleInterface(window), found);
    const QByteArray line = QJsonDocument(found).toJson(QJsonDocument::Compact) + '\n';
    for (ssize_t i = 0; i < count; ++i) {
        if (bytes[i] != '\n')
            continue;
        std::fwrite(line.constData(), 1, std::size_t(line.size()), stdout);
        std::fflush(stdout);
    }
}

} // namespace gatehouse::workbench
