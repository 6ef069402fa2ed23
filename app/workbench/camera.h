// Camera: writes what a person sees of a window as PNG files, once for each theme; and lets the program live until it shows what is
// wanted. Owner: whoever takes the pictures; the window and the themer outlive it. GUI thread.
#pragma once

#include "core/foundation/result.h"
#include "widgets/style/themer.h"

#include <functional>
#include <string>
#include <vector>

class QWidget;

namespace gatehouse::workbench {

// False when it did not come to hold in time.
[[nodiscard]] bool waitUntil(const std::function<bool()>& holds);

class Camera {
public:
    // With "<nn>-<view>-<theme>.png", at another scale than 100 % with "@2x"; or "<nn>-<view>.png", of the theme in force alone.
    enum class Naming { ViewAndTheme, View };

    Camera(QWidget& window, widgets::Themer& themer, std::string folder, std::vector<widgets::ThemeChoice> themes, Naming naming);
    [[nodiscard]] Result<void> makeFolder() const;
    // Of the window with what pops up over it, or of another widget.
    [[nodiscard]] Result<void> picture(const std::string& view, QWidget* of = nullptr);
    [[nodiscard]] const std::vector<std::string>& written() const { return m_written; }

private:
    [[nodiscard]] std::string nextPath(const std::string& view, widgets::ThemeChoice theme) const;

    QWidget& m_window;
    widgets::Themer& m_themer;
    std::string m_folder;
    std::vector<widgets::ThemeChoice> m_themes;
    Naming m_naming;
    std::vector<std::string> m_written;
    int m_number = 0;
};

} // namespace gatehouse::workbench
