// DesktopTheme: the desktop's wish for light, dark or more contrast, asked of the XDG portal without waiting, and its changes.
// No portal: it stays silent and the palette that Qt found decides. Owner: main. GUI thread.
#pragma once

#include <QDBusMessage>
#include <QObject>

#include "widgets/style/themer.h"

class QDBusPendingCallWatcher;

namespace gatehouse::workbench {

class DesktopTheme final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DesktopTheme)
public:
    explicit DesktopTheme(widgets::Themer& themer, QObject* parent = nullptr);
    void start();

private Q_SLOTS:
    // By name, for QDBusConnection::connect; a slot with the decoded arguments is refused by Qt 6.4 in a fresh process.
    void settingChanged(const QDBusMessage& message);

private:
    void ask(const QString& key);
    void take(const QString& key, const QVariant& value);

    widgets::Themer& m_themer;
    widgets::DesktopWish m_wish;
};

} // namespace gatehouse::workbench
