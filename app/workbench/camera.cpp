#include "app/workbench/camera.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QPainter>
#include <QTimer>

#include <cstdio>

namespace gatehouse::workbench {

using widgets::ThemeChoice;

namespace {

// Generous: a busy machine is no defect.
constexpr int longestWait = 120'000; // milliseconds
// Of 0 to 100: the smallest file. Nothing is lost in a PNG.
constexpr int smallest = 0;

QPixmap seen(QWidget& widget)
{
    QPixmap picture = widget.grab();
    QWidget* popup = QApplication::activePopupWidget();
    if (popup && popup->isVisible() && widget.isWindow()) {
        QPainter painter(&picture);
        painter.drawPixmap(widget.mapFromGlobal(popup->pos()), popup->grab());
    }
    return picture;
}

} // namespace

bool waitUntil(const std::function<bool()>& holds)
{
    QElapsedTimer clock;
    clock.start();
    QTimer wake; // so that waiting for events always ends
    wake.start(20);
    while (!holds()) {
        if (clock.hasExpired(longestWait))
            return false;
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

Camera::Camera(QWidget& window, widgets::Themer& themer, std::string folder, std::vector<ThemeChoice> themes, Naming naming)
    : m_window(window), m_themer(themer), m_folder(std::move(folder)), m_themes(std::move(themes)), m_naming(naming)
{
}

Result<void> Camera::makeFolder() const
{
    if (!QDir().mkpath(QString::fromStdString(m_folder)))
        return fail(ErrorCode::System, m_folder, "The folder could not be made");
    return {};
}

std::string Camera::nextPath(const std::string& view, ThemeChoice theme) const
{
    char number[16];
    std::snprintf(number, sizeof number, "%02d-", m_number);
    std::string path = m_folder + '/' + number + view;
    if (m_naming == Naming::ViewAndTheme)
        path += '-' + widgets::themeChoiceName(theme).toStdString();
    const qreal scale = m_window.devicePixelRatioF();
    if (m_naming == Naming::ViewAndTheme && scale != 1)
        path += '@' + QString::number(scale).toStdString() + 'x';
    return path + ".png";
}

Result<void> Camera::picture(const std::string& view, QWidget* of)
{
    ++m_number;
    for (const ThemeChoice theme : m_themes) {
        m_themer.setChoice(theme);
        QApplication::processEvents();
        const std::string path = nextPath(view, theme);
        if (!seen(of ? *of : m_window).save(QString::fromStdString(path), "PNG", smallest))
            return fail(ErrorCode::System, path, "The picture could not be written");
        m_written.push_back(path);
    }
    return {};
}

} // namespace gatehouse::workbench
