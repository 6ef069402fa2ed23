#include "widgets/style/tokens.h"

#include <array>
#include <cmath>

namespace gatehouse::widgets {

static QColor rgb(QRgb value)
{
    return QColor::fromRgb(value);
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
    return t;
}

// No tints, all lines and text in the foreground, double lines; pills and selections are outlined, changed words underlined.
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
    set(QPalette::PlaceholderText, t.third);
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
        palette.setColor(QPalette::Disabled, role, t.third);
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
    return pairs;
}

static double luminance(const QColor& colour)
{
    const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace gatehouse::widgets
