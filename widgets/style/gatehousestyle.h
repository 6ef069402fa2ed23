// GatehouseStyle: paints every control from tokens(), over Fusion for what it leaves alone. There is no style sheet anywhere.
//
// Variants by the dynamic property "look": on buttons "primary" (the one main action), "danger" (refuses or stops), "quiet" (no
// border until hovered); on tab bars "pill"; on scroll areas and text edits "field" (a frame like a line edit's).
// Owned by QApplication. GUI thread.
#pragma once

#include <QProxyStyle>

namespace gatehouse::widgets {

// Row: a plain button with its label at the leading edge. Field: one that looks like a line to write in.
enum class Look { Plain, Primary, Danger, Quiet, Pill, Field, Row };
void setLook(QWidget* widget, Look look);
[[nodiscard]] Look lookOf(const QWidget* widget);

class GatehouseStyle final : public QProxyStyle {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GatehouseStyle)
public:
    GatehouseStyle();

    void polish(QWidget* widget) override;
    using QProxyStyle::polish;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;

protected:
    // Mnemonics are underlined only while Alt is held.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void drawTabLabel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const;
    void drawMenuItem(const QStyleOption* option, QPainter* painter, const QWidget* widget) const;
    void drawMenuBarItem(const QStyleOption* option, QPainter* painter) const;
    void drawButtonLabel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const;
    void drawToolButton(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const;
    void drawComboBox(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const;

    bool m_altHeld = false;
};

} // namespace gatehouse::widgets
