// Tokens: every colour and line width of the program, in one struct; the only place with a literal colour.
//
// A theme is one instance. tokens() is the one in force and is read at paint time, never cached. GUI thread only.
// Text contrast is at least 4.5:1 for every pair of textPairs() (tests/widgets/tst_tokens.cpp does the arithmetic).
#pragma once

#include <QColor>
#include <QPalette>

#include <array>
#include <vector>

namespace gatehouse::widgets {

enum class Theme { Light, Dark, HighContrast, HighContrastDark };

struct Tokens {
    QColor window;         // behind panels
    QColor panel;          // content
    QColor panelSecond;    // side panes, code
    QColor line;           // borders
    QColor lineFaint;      // row rules
    QColor text;           // content
    QColor second;         // labels
    QColor third;          // hints: never alone carries meaning
    QColor accent;         // focus, selection, the one primary action, running
    QColor accentTint;     // selected rows
    QColor accentTintText; // text of a selected tab or pill
    QColor onAccent;       // text on the accent
    QColor ok, okTint;
    QColor ask, askTint;
    QColor deny, denyTint;
    QColor added, addedWord;
    QColor removed, removedWord;
    bool dark = false;
    bool highContrast = false;
    int lineWidth = 1;
    // The sixteen colours that programs name in a terminal, as text on the panel; black and white are the ones that can be read there.
    std::array<QColor, 16> ansi;
};

// Named like the fields: for widgets that are told their colour.
enum class TokenRole { Text, Second, Third, Accent, AccentTintText, OnAccent, Ok, Ask, Deny };

[[nodiscard]] const Tokens& tokens();
[[nodiscard]] const Tokens& tokensOf(Theme theme);
[[nodiscard]] Theme currentTheme();
// Makes theme's tokens the ones in force. Palette and repaint are Themer's work.
void setCurrentTheme(Theme theme);

[[nodiscard]] QColor colourOf(TokenRole role);
// b over a by share t (0…1), opaque.
[[nodiscard]] QColor mix(const QColor& a, const QColor& b, qreal t);
// All three colour groups are filled: an inactive window must not turn grey.
[[nodiscard]] QPalette paletteOf(const Tokens& tokens);

struct TextPair {
    const char* name;
    QColor text;
    QColor background;
};
// Every text-on-surface pair that is painted somewhere.
[[nodiscard]] std::vector<TextPair> textPairs(const Tokens& tokens);
// The contrast ratio of WCAG 2: 1 … 21.
[[nodiscard]] double contrast(const QColor& a, const QColor& b);
// Of text on a background: 4.5, in high contrast 7.
[[nodiscard]] double leastContrast(const Tokens& tokens);
// A colour from elsewhere as text on a background: the nearest one between it and black or white that has this contrast, at most 4.5 for
// backgrounds of any colour.
[[nodiscard]] QColor readable(const QColor& text, const QColor& background, double least = 4.5);

} // namespace gatehouse::widgets
