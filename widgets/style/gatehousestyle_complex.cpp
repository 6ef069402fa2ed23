#include "widgets/style/gatehousestyle.h"

#include <QPainter>
#include <QStyleOption>
#include <QToolBar>

#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"
#include "widgets/style/inks.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

#include <array>
#include <utility>

namespace gatehouse::widgets {

static void paintScrollBar(QPainter& painter, const QStyleOptionSlider& bar, const QRect& slider)
{
    const Tokens& t = tokens();
    painter.fillRect(bar.rect, t.panel);
    if (bar.maximum <= bar.minimum)
        return;
    const bool active = bar.state & (QStyle::State_MouseOver | QStyle::State_Sunken);
    const qreal thickness = px(5);
    QRectF thumb(slider);
    if (bar.orientation == Qt::Horizontal)
        thumb = QRectF(thumb.left() + 2, thumb.center().y() - thickness / 2, thumb.width() - 4, thickness);
    else
        thumb = QRectF(thumb.center().x() - thickness / 2, thumb.top() + 2, thickness, thumb.height() - 4);
    paintRoundedRect(painter, thumb, thickness / 2, t.highContrast ? t.text : mix(t.panel, t.third, active ? 0.8 : 0.42), {});
}

// A button that is nothing but an arrow, as those beside tabs that have no room. Flat: it lies on what it scrolls.
static void paintArrowButton(QPainter& painter, const QStyleOptionToolButton& button)
{
    const Tokens& t = tokens();
    const bool enabled = button.state & QStyle::State_Enabled;
    const bool hover = enabled && (button.state & (QStyle::State_MouseOver | QStyle::State_Sunken));
    painter.fillRect(button.rect, hover ? mix(t.panelSecond, t.text, 0.06) : t.panelSecond);
    paintRule(painter, button.rect, Qt::BottomEdge, t.line);
    QRectF box(0, 0, px(12), px(12));
    box.moveCenter(QRectF(button.rect).center());
    painter.save();
    painter.translate(box.center());
    const std::array turns = {std::pair{Qt::LeftArrow, 180}, std::pair{Qt::UpArrow, -90}, std::pair{Qt::DownArrow, 90}};
    for (const auto& [arrow, degrees] : turns)
        if (button.arrowType == arrow)
            painter.rotate(degrees);
    paintGlyph(painter, box.translated(-box.center()), Glyph::ChevronRight, enabled ? t.second : mix(t.panelSecond, t.third, 0.5));
    painter.restore();
    if ((button.state & QStyle::State_HasFocus) && (button.state & QStyle::State_KeyboardFocusChange))
        paintFocusRing(painter, button.rect, 3);
}

void GatehouseStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                        const QWidget* widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option))
            paintScrollBar(*painter, *bar, proxy()->subControlRect(CC_ScrollBar, bar, SC_ScrollBarSlider, widget));
        return;
    }
    if (control == CC_ToolButton) {
        drawToolButton(option, painter, widget);
        return;
    }
    if (control == CC_ComboBox) {
        drawComboBox(option, painter, widget);
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void GatehouseStyle::drawToolButton(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
    if (!button)
        return;
    const Tokens& t = tokens();
    if ((button->features & QStyleOptionToolButton::Arrow) && button->arrowType != Qt::NoArrow)
        return paintArrowButton(*painter, *button); // with its ring
    proxy()->drawPrimitive(PE_PanelButtonTool, button, painter, widget);
    const bool enabled = button->state & State_Enabled;
    const bool iconOnly = button->toolButtonStyle == Qt::ToolButtonIconOnly || button->text.isEmpty();
    const bool withIcon = !button->icon.isNull() && button->toolButtonStyle != Qt::ToolButtonTextOnly;
    const int textWidth = iconOnly ? 0 : button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
    const int iconWidth = withIcon ? px(16) + (iconOnly ? 0 : px(7)) : 0;
    QRect content(0, 0, iconWidth + textWidth, button->rect.height());
    content.moveCenter(button->rect.center());
    painter->save();
    if (withIcon) {
        const QRect box = visualRect(button->direction, content, QRect(content.left(), content.top(), px(16), content.height()));
        button->icon.paint(painter, box, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    }
    const Look look = lookOf(widget);
    painter->setPen(!enabled                       ? disabledInk()
                        : button->state & State_On ? (t.highContrast ? t.onAccent : t.accentTintText)
                        : look == Look::Danger     ? t.deny
                        : look == Look::Primary    ? t.onAccent
                                                   : t.text);
    const int mnemonic = styleHint(SH_UnderlineShortcut, option, widget, nullptr) ? Qt::TextShowMnemonic : Qt::TextHideMnemonic;
    if (!iconOnly)
        painter->drawText(visualRect(button->direction, content, content.adjusted(iconWidth, 0, 2, 0)),
                          Qt::AlignVCenter | Qt::TextSingleLine | mnemonic, button->text);
    painter->restore();
    if ((button->state & State_HasFocus) && (button->state & State_KeyboardFocusChange))
        (button->state & State_On) && t.highContrast ? paintFocusRingOnAccent(*painter, button->rect)
                                                     : paintFocusRing(*painter, button->rect);
}

void GatehouseStyle::drawComboBox(const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const Tokens& t = tokens();
    const bool focus = (option->state & State_HasFocus) && (option->state & State_Enabled);
    const bool hover = (option->state & State_MouseOver) && (option->state & State_Enabled);
    paintRoundedRect(*painter, option->rect, 6, hover ? mix(t.panel, t.text, 0.03) : t.panel, focus ? t.accent : fieldLine(),
                     focus ? 2 * t.lineWidth : t.lineWidth);
    const QRect arrow = proxy()->subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
    QRectF box(0, 0, px(12), px(12));
    box.moveCenter(QRectF(arrow).center());
    paintGlyph(*painter, box, Glyph::ChevronDown, option->state & State_Enabled ? t.second : t.third);
}

} // namespace gatehouse::widgets
