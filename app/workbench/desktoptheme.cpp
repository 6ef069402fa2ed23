#include "app/workbench/desktoptheme.h"

#include <QDBusConnection>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace gatehouse::workbench {

namespace {
constexpr int answerMilliseconds = 500;

QString service()
{
    return QStringLiteral("org.freedesktop.portal.Desktop");
}
QString path()
{
    return QStringLiteral("/org/freedesktop/portal/desktop");
}
QString interface()
{
    return QStringLiteral("org.freedesktop.portal.Settings");
}
QString appearance()
{
    return QStringLiteral("org.freedesktop.appearance");
}

// Read answers a variant in a variant.
QVariant unwrapped(QVariant value)
{
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value;
}
} // namespace

DesktopTheme::DesktopTheme(widgets::Themer& themer, QObject* parent) : QObject(parent), m_themer(themer) { }

void DesktopTheme::start()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    if (!bus.connect(service(), path(), interface(), QStringLiteral("SettingChanged"), this, SLOT(settingChanged(QDBusMessage))))
        qInfo("the desktop's theme changes can't be followed");
    ask(QStringLiteral("color-scheme"));
    ask(QStringLiteral("contrast"));
}

void DesktopTheme::ask(const QString& key)
{
    QDBusMessage call = QDBusMessage::createMethodCall(service(), path(), interface(), QStringLiteral("Read"));
    call << appearance() << key;
    auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, answerMilliseconds), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key](QDBusPendingCallWatcher* answered) {
        answered->deleteLater();
        const QDBusMessage answer = answered->reply();
        if (answer.type() == QDBusMessage::ReplyMessage && !answer.arguments().isEmpty())
            take(key, unwrapped(answer.arguments().constFirst()));
    });
}

void DesktopTheme::settingChanged(const QDBusMessage& message)
{
    const QList<QVariant> arguments = message.arguments();
    if (arguments.size() >= 3 && arguments.at(0).toString() == appearance())
        take(arguments.at(1).toString(), unwrapped(arguments.at(2)));
}

// color-scheme: 1 dark, 2 light, 0 no wish; contrast: 1 more.
void DesktopTheme::take(const QString& key, const QVariant& value)
{
    if (key == QLatin1StringView("color-scheme"))
        m_wish.dark = value.toUInt() == 1;
    else if (key == QLatin1StringView("contrast"))
        m_wish.highContrast = value.toUInt() == 1;
    else
        return;
    m_themer.setDesktopWish(m_wish);
}

} // namespace gatehouse::workbench
