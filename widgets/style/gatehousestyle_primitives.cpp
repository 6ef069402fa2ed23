#include "widgets/style/gatehousestyle.h"

#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QPainter>
#include <QStyleOption>

#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"
#include "widgets/style/inks.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

namespace {

struct ButtonColours {
    QColor fill;
    QColor border;
};

ButtonColours buttonColours(Look look, QStyle::State state)
{
    const Tokens& t = tokens();
    const bool enabled = state & QStyle::State_Enabled;
    const bool down = enabled && (state & QStyle::State_Sunken);
    const bool hover = enabled && (state & QStyle::State_MouseOver);
    const qreal amount = down ? 0.10 : hover ? 0.045 : 0.0;
    if (t.highContrast && !enabled)
        return {t.panel, look == Look::Quiet ? QColor() : disabledInk()};
    if (enabled && (state & QStyle::State_On))
        return t.highContrast ? ButtonColours{t.accent, t.accent} : ButtonColours{mix(t.accentTint, t.text, amount), QColor()};
    switch (look) {
    case Look::Primary:
        if (!enabled)
            return {t.panel, t.line};
        return {mix(t.accent, t.text, amount), mix(t.accent, t.text, amount)};
    case Look::Danger:
        return {mix(t.panel, t.deny, amount), enabled && !t.highContrast ? mix(t.panel, t.deny, 0.55) : t.line};
    case Look::Quiet:
        return {amount > 0 ? mix(t.panel, t.text, amount) : QColor(), QColor()};
    case Look::Field:
        return {mix(t.panel, t.text, amount), fieldLine()};
    default:
        return {mix(t.panel, t.text, amount), t.line};
    }
}

void paintCheck(QPainter& painter, const QStyleOption& option, bool round)
{
    const Tokens& t = tokens();
    const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool on = option.state & QStyle::State_On;
    const bool enabled = option.state & QStyle::State_Enabled;
    const QColor fill = on ? (enabled ? t.accent : t.third) : t.panel;
    paintRoundedRect(painter, box, round ? box.width() / 2 : 4, fill, on ? fill : t.third, 1.25);
    if (on && round)
        paintRoundedRect(painter, box.adjusted(5, 5, -5, -5), box.width(), t.onAccent, {});
    else if (on)
        paintGlyph(painter, box.adjusted(2, 2, -2, -2), Glyph::Check, t.onAccent);
    else if (option.state & QStyle::State_NoChange)
        painter.fillRect(box.adjusted(4, 7, -4, -7), t.accent);
}

void paintBranch(QPainter& painter, const QStyleOption& option)
{
    if (!(option.state & QStyle::State_Children))
        return;
    const bool open = option.state & QStyle::State_Open;
    const qreal side = px(14);
    QRectF box(0, 0, side, side);
    box.moveCenter(QRectF(option.rect).center());
    painter.save();
    if (!open && option.direction == Qt::RightToLeft) {
        painter.translate(box.center());
        painter.scale(-1, 1);
        painter.translate(-box.center());
    }
    paintGlyph(painter, box, open ? Glyph::ChevronDown : Glyph::ChevronRight, tokens().second);
    painter.restore();
}

void paintField(QPainter& painter, const QStyleOption& option)
{
    const Tokens& t = tokens();
    const bool focus = (option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Enabled);
    paintRoundedRect(painter, option.rect, 6, t.panel, focus ? t.accent : fieldLine(), focus ? 2 * t.lineWidth : t.lineWidth);
}

void paintSelection(QPainter& painter, const QStyleOption& option)
{
    const Tokens& t = tokens();
    if (option.state & QStyle::State_Selected) {
        painter.fillRect(option.rect, t.accentTint);
        if (t.highContrast)
            paintRule(painter, option.rect, Qt::BottomEdge, t.accent, 2);
    } else if ((option.state & QStyle::State_MouseOver) && (option.state & QStyle::State_Enabled)) {
        painter.fillRect(option.rect, mix(t.panelSecond, t.text, 0.04));
    }
}

} // namespace

void GatehouseStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const Tokens& t = tokens();
    const auto* area = qobject_cast<const QAbstractScrollArea*>(widget);
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_PanelButtonTool: {
        const ButtonColours colours = buttonColours(lookOf(widget), option->state);
        paintRoundedRect(*painter, option->rect, 6, colours.fill, colours.border, t.lineWidth);
        return;
    }
    case PE_FrameFocusRect:
        if (qobject_cast<const QAbstractItemView*>(widget))
            return; // the delegate of each view draws its own
        // On a button that is filled with the accent a ring of the accent would not be seen.
        if ((option->state & State_KeyboardFocusChange) &&
            ((t.highContrast && (option->state & State_On)) || (widget && lookOf(widget) == Look::Primary)))
            paintFocusRingOnAccent(*painter, option->rect);
        else if (option->state & State_KeyboardFocusChange)
            paintFocusRing(*painter, option->rect);
        return;
    case PE_PanelLineEdit:
    case PE_FrameLineEdit:
        paintField(*painter, *option);
        return;
    case PE_Frame:
    case PE_FrameWindow:
        if (area && lookOf(area) == Look::Field)
            paintField(*painter, *option);
        else if (!area || area->windowType() == Qt::Popup)
            paintRoundedRect(*painter, option->rect, area ? 0 : 6, {}, area ? fieldLine() : t.line, t.lineWidth);
        return;
    case PE_FrameGroupBox:
        paintRoundedRect(*painter, option->rect, 10, {}, t.line, t.lineWidth);
        return;
    case PE_FrameStatusBarItem:
    case PE_FrameTabBarBase:
    case PE_FrameDockWidget:
    case PE_FrameTabWidget:
    case PE_IndicatorToolBarHandle:
    case PE_FrameMenu:
        return;
    case PE_IndicatorToolBarSeparator:
        painter->fillRect(QRect(option->rect.center().x(), option->rect.top() + px(6), 1, option->rect.height() - px(12)), t.line);
        return;
    case PE_IndicatorTabTearLeft:
    case PE_IndicatorTabTearRight:
        return;
    case PE_PanelStatusBar:
        painter->fillRect(option->rect, t.panelSecond);
        paintRule(*painter, option->rect, Qt::TopEdge, t.line, t.lineWidth);
        return;
    case PE_PanelMenu:
        painter->fillRect(option->rect, t.panel);
        paintRoundedRect(*painter, option->rect, 0, {}, t.line, t.lineWidth);
        return;
    case PE_PanelTipLabel:
        paintRoundedRect(*painter, option->rect, 0, t.panel, t.line, t.lineWidth);
        return;
    case PE_IndicatorBranch:
        paintBranch(*painter, *option);
        return;
    case PE_PanelItemViewRow:
        paintSelection(*painter, *option);
        return;
    case PE_PanelItemViewItem:
        paintSelection(*painter, *option);
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        paintCheck(*painter, *option, false);
        return;
    case PE_IndicatorRadioButton:
        paintCheck(*painter, *option, true);
        return;
    case PE_IndicatorArrowDown:
        paintGlyph(*painter, option->rect, Glyph::ChevronDown, t.second);
        return;
    case PE_IndicatorArrowRight:
        paintGlyph(*painter, option->rect, Glyph::ChevronRight, t.second);
        return;
    case PE_IndicatorTabClose: {
        const bool hover = (option->state & State_MouseOver) && (option->state & State_Enabled);
        if (hover)
            paintRoundedRect(*painter, option->rect, 4, mix(t.panel, t.text, 0.1), {});
        const QRect cross = option->rect.adjusted(px(4), px(4), -px(4), -px(4));
        paintGlyph(*painter, cross, Glyph::Cross, hover ? t.text : t.third);
        return;
    }
    case PE_PanelScrollAreaCorner:
        painter->fillRect(option->rect, t.panel);
        return;
    case PE_IndicatorDockWidgetResizeHandle:
        painter->fillRect(option->rect, option->state & State_MouseOver ? t.accent : t.line);
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

} // namespace gatehouse::widgets
