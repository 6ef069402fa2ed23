// Colours of text and icons that follow from the tokens. GUI thread.
#pragma once

#include <QColor>

#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

// Of what can't be used now: seen to be so at a glance, beside what can. In high contrast as readable as all else.
[[nodiscard]] inline QColor disabledInk()
{
    const Tokens& t = tokens();
    return t.highContrast ? t.third : mix(t.panel, t.third, 0.6);
}

} // namespace gatehouse::widgets
