// Themer: puts a theme in force over the whole application: tokens, palette, repaint. One per program, owned by main. GUI thread.
//
// The person's choice wins; with System the desktop's wish holds, which app reports (xdg portal) or, where there is no portal, the
// lightness of the palette that Qt found before ours.
#pragma once

#include <QObject>

#include "widgets/style/tokens.h"

#include <optional>

namespace gatehouse::widgets {

enum class ThemeChoice { System, Light, Dark, HighContrast };

[[nodiscard]] QString themeChoiceName(ThemeChoice choice); // as on the command line: system, light, dark, high-contrast
[[nodiscard]] std::optional<ThemeChoice> themeChoiceFromName(const QString& name);

struct DesktopWish {
    bool dark = false;
    bool highContrast = false;
};

class Themer final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Themer)
public:
    // Reads the lightness of the palette: to be made before the first apply.
    explicit Themer(QObject* parent = nullptr);

    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    void setChoice(ThemeChoice choice);
    void setDesktopWish(DesktopWish wish);

Q_SIGNALS:
    void changed();

private:
    void apply();

    ThemeChoice m_choice = ThemeChoice::System;
    DesktopWish m_wish;
};

// Style, fonts, tokens and palette for a program or a test, in the order that works. Before the first widget.
void applyLook(Theme theme);

} // namespace gatehouse::widgets
