// The program's fonts: Inter and JetBrains Mono where installed, else the desktop's own. GUI thread.
//
// Sizes are pixels at a 13 px base (11, 12, 13, 15, 20); where the desktop's font is larger every size and metric grows with it.
#pragma once

#include <QFont>

namespace gatehouse::widgets {

enum class TextSize { Caption = 11, Small = 12, Base = 13, Title = 15, Heading = 20 };

// To be called once, before the first widget is made: remembers the desktop's font, sets the application's.
void applyFonts();
[[nodiscard]] QFont textFont(TextSize size = TextSize::Base, QFont::Weight weight = QFont::Normal);
[[nodiscard]] QFont monoFont(TextSize size = TextSize::Small);
// Small capitals of section labels: caption size, demi-bold, letter-spaced.
[[nodiscard]] QFont sectionFont();
// A length on the 13 px base, scaled to the desktop's font.
[[nodiscard]] int px(int length);

} // namespace gatehouse::widgets
