#include "widgets/style/tokens.h"

#include "widgets/style/inks.h"

#include <array>
#include <cmath>

namespace gatehouse::widgets {

static QColor rgb(QRgb value)
{
    return QColor::fromRgb(value);
}

static std::array<QColor, 16> colours(const std::array<QRgb, 16>& values)
{
    std::array<QColor, 16> made;
    for (std::size_t i = 0; i < made.size(); ++i)
        made[i] = rgb(values[i]);
    return made;
}

static Tokens light()
{
    Tokens t;
    t.window = rgb(0xf4f5f7);
    t.panel = rgb(0xffffff);
    t.panelSecond = rgb(0xfafbfc);
    t.line = rgb(0xdfe2e7);
    t.lineFaint = rgb(0xeceef1);
    t.text = rgb(0x1d2129);
    t.second = rgb(0x5b6472);
    t.third = rgb(0x67707e);
    t.accent = rgb(0x1f6feb);
    t.accentTint = rgb(0xe8f1fe);
    t.accentTintText = rgb(0x1b65d9);
    t.onAccent = rgb(0xffffff);
    t.ok = rgb(0x197a48);
    t.okTint = rgb(0xe5f5ec);
    t.ask = rgb(0x916100);
    t.askTint = rgb(0xfff4d6);
    t.deny = rgb(0xc4312e);
    t.denyTint = rgb(0xfdebea);
    t.added = rgb(0xe6f6ec);
    t.addedWord = rgb(0xb9e8c9);
    t.removed = rgb(0xfdecec);
    t.removedWord = rgb(0xf6c4c3);
    t.ansi = colours({0x1d2129, 0xb42a27, 0x176f42, 0x855800, 0x1b5fcc, 0x97369f, 0x0b6b7c, 0x5b6472, //
                      0x5f6876, 0xc22620, 0x11733a, 0x8f5400, 0x2358e0, 0xa626a4, 0x07708a, 0x3b434f});
    return t;
}

static Tokens dark()
{
    Tokens t;
    t.dark = true;
    t.window = rgb(0x15181d);
    t.panel = rgb(0x1c2027);
    t.panelSecond = rgb(0x20252d);
    t.line = rgb(0x2e343e);
    t.lineFaint = rgb(0x282d36);
    t.text = rgb(0xe4e8ee);
    t.second = rgb(0xa3adba);
    t.third = rgb(0x8590a0);
    t.accent = rgb(0x58a0ff);
    t.accentTint = rgb(0x1b2f4c);
    t.accentTintText = rgb(0x58a0ff);
    t.onAccent = rgb(0x15181d);
    t.ok = rgb(0x4cc38a);
    t.okTint = rgb(0x173226);
    t.ask = rgb(0xe2b340);
    t.askTint = rgb(0x38300f);
    t.deny = rgb(0xff7b76);
    t.denyTint = rgb(0x411f1f);
    t.added = rgb(0x15301f);
    t.addedWord = rgb(0x1f5634);
    t.removed = rgb(0x3a1c1e);
    t.removedWord = rgb(0x6b2a2d);
    t.ansi = colours({0x929cab, 0xff7b76, 0x4cc38a, 0xe2b340, 0x6aa9ff, 0xd58ff0, 0x4fc4d6, 0xc9d1dc, //
                      0x9aa5b3, 0xff9c97, 0x72dba6, 0xf2cd6b, 0x94c2ff, 0xe5b3f7, 0x80dbe8, 0xffffff});
    return t;
}

// No tints, all lines and text in the foreground, double lines; pills are outlined, what is chosen is filled, changed words are underlined.
static Tokens highContrast(QRgb background, QRgb foreground, QRgb accent, bool isDark)
{
    Tokens t;
    t.dark = isDark;
    t.highContrast = true;
    t.lineWidth = 2;
    for (QColor* surface : {&t.window, &t.panel, &t.panelSecond, &t.accentTint, &t.okTint, &t.askTint, &t.denyTint, &t.added, &t.addedWord,
                            &t.removed, &t.removedWord, &t.onAccent})
        *surface = rgb(background);
    for (QColor* ink : {&t.line, &t.lineFaint, &t.text, &t.second, &t.third, &t.accentTintText, &t.ok, &t.ask, &t.deny})
        *ink = rgb(foreground);
    t.accent = rgb(accent);
    // A program's colours stay apart, each with a contrast of seven.
    t.ansi = isDark ? colours({0xbfbfbf, 0xff9a94, 0x6fe39b, 0xffd75e, 0x8cc2ff, 0xf0a8ff, 0x6fe6f2, 0xe6e6e6, //
                               0xc8c8c8, 0xffb3ae, 0x9df0ba, 0xffe493, 0xb8d9ff, 0xf7c8ff, 0xa8f2fa, 0xffffff})
                    : colours({0x000000, 0x8f0000, 0x00561b, 0x5c3d00, 0x0033b8, 0x6d0078, 0x004d57, 0x404040, //
                               0x4a4a4a, 0xa30000, 0x005c1f, 0x664400, 0x0026a3, 0x7a0087, 0x00545f, 0x000000});
    return t;
}

static Theme& themeInForce()
{
    static Theme theme = Theme::Light;
    return theme;
}

const Tokens& tokensOf(Theme theme)
{
    static const std::array<Tokens, 4> all = {light(), dark(), highContrast(0xffffff, 0x000000, 0x0033b8, false),
                                              highContrast(0x000000, 0xffffff, 0x8cc2ff, true)};
    return all.at(static_cast<std::size_t>(theme));
}

const Tokens& tokens()
{
    return tokensOf(themeInForce());
}

Theme currentTheme()
{
    return themeInForce();
}

void setCurrentTheme(Theme theme)
{
    themeInForce() = theme;
}

QColor colourOf(TokenRole role)
{
    const Tokens& t = tokens();
    switch (role) {
    case TokenRole::Text:
        return t.text;
    case TokenRole::Second:
        return t.second;
    case TokenRole::Third:
        return t.third;
    case TokenRole::Accent:
        return t.accent;
    case TokenRole::AccentTintText:
        return t.accentTintText;
    case TokenRole::OnAccent:
        return t.onAccent;
    case TokenRole::Ok:
        return t.ok;
    case TokenRole::Ask:
        return t.ask;
    case TokenRole::Deny:
        return t.deny;
    }
    return t.text;
}

QColor mix(const QColor& a, const QColor& b, qreal t)
{
    const auto channel = [t](int from, int to) { return static_cast<int>(std::lround(from + (to - from) * t)); };
    return QColor(channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue()));
}

QPalette paletteOf(const Tokens& t)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor& colour) {
        for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled})
            palette.setColor(group, role, colour);
    };
    set(QPalette::Window, t.window);
    set(QPalette::WindowText, t.text);
    set(QPalette::Base, t.panel);
    set(QPalette::AlternateBase, t.panelSecond);
    set(QPalette::Text, t.text);
    set(QPalette::Button, t.panel);
    set(QPalette::ButtonText, t.text);
    set(QPalette::BrightText, t.deny);
    set(QPalette::ToolTipBase, t.panel);
    set(QPalette::ToolTipText, t.text);
    set(QPalette::PlaceholderText, t.highContrast ? disabledInk(t) : t.third);
    set(QPalette::Highlight, t.highContrast ? t.text : t.accentTint);
    set(QPalette::HighlightedText, t.highContrast ? t.panel : t.text);
    set(QPalette::Link, t.accentTintText);
    set(QPalette::LinkVisited, t.accentTintText);
    set(QPalette::Light, t.panel);
    set(QPalette::Midlight, t.lineFaint);
    set(QPalette::Mid, t.line);
    set(QPalette::Dark, t.line);
    set(QPalette::Shadow, t.line);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, disabledInk(t));
    return palette;
}

std::vector<TextPair> textPairs(const Tokens& t)
{
    std::vector<TextPair> pairs;
    const auto add = [&pairs](const char* name, const QColor& text, const QColor& background) {
        pairs.push_back({name, text, background});
    };
    for (const QColor& surface : {t.window, t.panel, t.panelSecond, t.accentTint}) {
        add("text", t.text, surface);
        add("second", t.second, surface);
    }
    for (const QColor& surface : {t.window, t.panel, t.panelSecond})
        add("third", t.third, surface);
    for (const QColor& surface : {t.added, t.addedWord, t.removed, t.removedWord})
        add("text in a diff", t.text, surface);
    for (const QColor& surface : {t.added, t.removed})
        add("second in a diff", t.second, surface);
    for (const QColor& surface : {t.panel, t.panelSecond, t.accentTint}) {
        add("ok", t.ok, surface);
        add("ask", t.ask, surface);
        add("deny", t.deny, surface);
        add("accent tint text", t.accentTintText, surface);
    }
    add("ok pill", t.ok, t.okTint);
    add("ask pill", t.ask, t.askTint);
    add("deny pill", t.deny, t.denyTint);
    add("on accent", t.onAccent, t.accent);
    for (const QColor& colour : t.ansi)
        for (const QColor& surface : {t.panel, t.accentTint})
            add("a program's colour", colour, surface);
    return pairs;
}

static double luminance(const QColor& colour)
{
    // A table: views of programs' output ask for many colours in a frame.
    static const std::array<double, 256> linear = [] {
        std::array<double, 256> table{};
        for (std::size_t i = 0; i < table.size(); ++i) {
            const double v = double(i) / 255;
            table[i] = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
        }
        return table;
    }();
    const auto of = [](int channel) { return linear[std::size_t(channel)]; };
    return 0.2126 * of(colour.red()) + 0.7152 * of(colour.green()) + 0.0722 * of(colour.blue());
}

double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

double leastContrast(const Tokens& t)
{
    return t.highContrast ? 7 : 4.5;
}

QColor readable(const QColor& text, const QColor& background, double least)
{
    if (contrast(text, background) >= least)
        return text;
    const QColor end = contrast(Qt::black, background) > contrast(Qt::white, background) ? Qt::black : Qt::white;
    qreal tooLittle = 0;
    qreal enough = 1;
    for (int step = 0; step < 8; ++step) {
        const qreal middle = (tooLittle + enough) / 2;
        (contrast(mix(text, end, middle), background) >= least ? enough : tooLittle) = middle;
    }
    return mix(text, end, enough);
}

} // namespace gatehouse::widgets
