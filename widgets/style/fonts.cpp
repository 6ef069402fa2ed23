#include "widgets/style/fonts.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

namespace {
constexpr int basePixels = 13;

struct Families {
    QString text;
    QString mono;
    qreal scale = 1;
};

Families& families()
{
    static Families chosen;
    return chosen;
}
} // namespace

void applyFonts()
{
    Families& chosen = families();
    const QFont desktop = QApplication::font();
    chosen.text = QFontDatabase::hasFamily(QStringLiteral("Inter")) ? QStringLiteral("Inter") : desktop.family();
    chosen.mono = QFontDatabase::hasFamily(QStringLiteral("JetBrains Mono")) ? QStringLiteral("JetBrains Mono")
                                                                             : QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    // Only growth is honoured: a 9 pt desktop font is 12 px, which is our base for practical purposes.
    chosen.scale = std::clamp(QFontInfo(desktop).pixelSize() / qreal(basePixels), 1.0, 3.0);
    if (QFontInfo(desktop).pixelSize() <= basePixels + 1)
        chosen.scale = 1;
    QApplication::setFont(textFont());
}

int px(int length)
{
    return static_cast<int>(std::lround(length * families().scale));
}

QFont textFont(TextSize size, QFont::Weight weight)
{
    QFont font = families().text.isEmpty() ? QApplication::font() : QFont(families().text);
    font.setPixelSize(px(static_cast<int>(size)));
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont monoFont(TextSize size)
{
    QFont font = families().mono.isEmpty() ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : QFont(families().mono);
    font.setPixelSize(px(static_cast<int>(size)));
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setStyleHint(QFont::Monospace);
    // Ligatures would show "!=" as one sign: machine text is shown character by character.
    font.setKerning(false);
    font.setStyleStrategy(QFont::StyleStrategy(QFont::PreferDefault | QFont::PreferNoShaping));
    return font;
}

QFont sectionFont()
{
    QFont font = textFont(TextSize::Caption, QFont::DemiBold);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.7);
    font.setCapitalization(QFont::AllUppercase);
    return font;
}

} // namespace gatehouse::widgets
