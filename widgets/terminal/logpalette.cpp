#include "widgets/terminal/logpalette.h"

#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

// Of the way from faint text to its surface, where the contrast allows it.
static constexpr qreal faintness = 0.35;

static QColor colourOf256(std::uint32_t index, const Tokens& t)
{
    if (index < t.ansi.size())
        return t.ansi[index];
    if (index >= 232) {
        const int grey = 8 + 10 * int(index - 232);
        return QColor(grey, grey, grey);
    }
    const auto channel = [](std::uint32_t step) { return step == 0 ? 0 : 55 + 40 * int(step); };
    const std::uint32_t cube = index - 16;
    return QColor(channel(cube / 36), channel(cube / 6 % 6), channel(cube % 6));
}

static QColor colour(AnsiColour named, const QColor& otherwise, const Tokens& t)
{
    switch (named.kind()) {
    case AnsiColour::Kind::Indexed:
        return colourOf256(named.value(), t);
    case AnsiColour::Kind::Rgb:
        return QColor::fromRgb(0xFF000000U | named.value());
    case AnsiColour::Kind::Default:
        break;
    }
    return otherwise;
}

LogInk logInk(const AnsiStyle& style, const QColor& surface)
{
    const Tokens& t = tokens();
    if (style.has(AnsiStyle::Mark))
        return {readable(t.deny, t.denyTint), t.denyTint};
    QColor ink = colour(style.ink, t.text, t);
    QColor ground = colour(style.ground, surface, t);
    if (style.has(AnsiStyle::Inverse))
        std::swap(ink, ground);
    const bool filled = style.has(AnsiStyle::Inverse) || style.ground.kind() != AnsiColour::Kind::Default;
    // Seven is not to be had on every ground: on those of a program four and a half must do.
    const double least = filled ? 4.5 : leastContrast(t);
    if (style.has(AnsiStyle::Faint))
        ink = mix(ink, ground, faintness);
    return {readable(ink, ground, least), filled ? ground : QColor()};
}

} // namespace gatehouse::widgets
