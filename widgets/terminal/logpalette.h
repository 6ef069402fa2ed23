// What a program's style looks like here: its colours as tokens, readable on the surface whatever it asked for. GUI thread.
#pragma once

#include <QColor>

#include "widgets/terminal/ansiparser.h"

namespace gatehouse::widgets {

struct LogInk {
    QColor ink;
    QColor ground; // invalid: the surface
    bool operator==(const LogInk&) const = default;
};

// On the surface that lies under the text: the panel, a selection, a find. Of the theme in force.
[[nodiscard]] LogInk logInk(const AnsiStyle& style, const QColor& surface);

} // namespace gatehouse::widgets
