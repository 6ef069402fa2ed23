#include "widgets/style/themer.h"

#include <QApplication>
#include <QWidget>

#include "widgets/style/fonts.h"
#include "widgets/style/gatehousestyle.h"

#include <array>
#include <utility>

namespace gatehouse::widgets {

static constexpr std::array<std::pair<ThemeChoice, const char*>, 4> choiceNames = {{
    {ThemeChoice::System, "system"},
    {ThemeChoice::Light, "light"},
    {ThemeChoice::Dark, "dark"},
    {ThemeChoice::HighContrast, "high-contrast"},
}};

QString themeChoiceName(ThemeChoice choice)
{
    for (const auto& [value, name] : choiceNames)
        if (value == choice)
            return QString::fromLatin1(name);
    return {};
}

std::optional<ThemeChoice> themeChoiceFromName(const QString& name)
{
    for (const auto& [value, text] : choiceNames)
        if (name == QLatin1StringView(text))
            return value;
    return std::nullopt;
}

static Theme themeFor(ThemeChoice choice, DesktopWish wish)
{
    switch (choice) {
    case ThemeChoice::Light:
        return Theme::Light;
    case ThemeChoice::Dark:
        return Theme::Dark;
    case ThemeChoice::HighContrast:
        return wish.dark ? Theme::HighContrastDark : Theme::HighContrast;
    case ThemeChoice::System:
        break;
    }
    if (wish.highContrast)
        return wish.dark ? Theme::HighContrastDark : Theme::HighContrast;
    return wish.dark ? Theme::Dark : Theme::Light;
}

Themer::Themer(QObject* parent) : QObject(parent)
{
    m_wish.dark = QApplication::palette().color(QPalette::Window).lightness() < 128;
}

void Themer::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    apply();
}

void Themer::setDesktopWish(DesktopWish wish)
{
    m_wish = wish;
    apply();
}

static void putInForce(Theme theme)
{
    setCurrentTheme(theme);
    QApplication::setPalette(paletteOf(tokens()));
    for (QWidget* widget : QApplication::allWidgets())
        widget->update();
}

void Themer::apply()
{
    const Theme theme = themeFor(m_choice, m_wish);
    if (theme == currentTheme() && QApplication::palette().color(QPalette::Window) == tokens().window)
        return;
    putInForce(theme);
    Q_EMIT changed();
}

void applyLook(Theme theme)
{
    QApplication::setStyle(new GatehouseStyle);
    applyFonts();
    putInForce(theme);
}

} // namespace gatehouse::widgets
