// Colours of text and icons that follow from the tokens. GUI thread.
#pragma once

#include <QColor>

#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

// Of what can't be used now, and in high contrast of what is no value yet: seen to be so at a glance, beside what can or is. In high
// contrast still with a contrast of more than five.
[[nodiscard]] inline QColor disabledInk(const Tokens& t = tokens())
{
    return t.highContrast ? mix(t.panel, t.text, 0.62) : mix(t.panel, t.third, 0.6);
}

} // namespace gatehouse::widgets
