#include "widgets/style/gatehousestyle.h"

#include <QPainter>
#include <QStyleOption>
#include <QTabBar>
#include <QToolBar>

#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"
#include "widgets/style/inks.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

namespace {

int mnemonicFlags(const QStyle& style, const QStyleOption* option, const QWidget* widget)
{
    return style.styleHint(QStyle::SH_UnderlineShortcut, option, widget) ? Qt::TextShowMnemonic : Qt::TextHideMnemonic;
}

// Selected tabs of the other kind are underlined.
bool isFilled(const QStyleOption& option, const QWidget* widget)
{
    return tokens().highContrast && lookOf(widget) == Look::Pill && (option.state & QStyle::State_Selected);
}

void paintTabShape(QPainter& painter, const QStyleOption& option, const QWidget* widget)
{
    const Tokens& t = tokens();
    const bool selected = option.state & QStyle::State_Selected;
    const bool hover = option.state & QStyle::State_MouseOver;
    if (lookOf(widget) == Look::Pill) {
        const QRectF pill = QRectF(option.rect).adjusted(1, 1, -1, -1);
        if (selected)
            paintRoundedRect(painter, pill, 6, t.highContrast ? t.accent : t.accentTint, {});
        else if (hover)
            paintRoundedRect(painter, pill, 6, mix(t.panel, t.text, 0.045), {});
    } else {
        painter.fillRect(option.rect, selected ? t.panel : hover ? mix(t.panelSecond, t.text, 0.03) : t.panelSecond);
        paintRule(painter, option.rect, Qt::RightEdge, t.line);
        paintRule(painter, option.rect, Qt::BottomEdge, selected ? t.accent : t.line, selected ? 2 * t.lineWidth : 1);
    }
    if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_KeyboardFocusChange))
        isFilled(option, widget) ? paintFocusRingOnAccent(painter, QRectF(option.rect).adjusted(1, 1, -1, -1))
                                 : paintFocusRing(painter, QRectF(option.rect).adjusted(1, 1, -1, -1));
}

void paintProgress(QPainter& painter, const QStyleOptionProgressBar& bar)
{
    const Tokens& t = tokens();
    const qreal height = px(5);
    QRectF groove(bar.rect.left(), bar.rect.center().y() - height / 2 + 0.5, bar.rect.width(), height);
    paintRoundedRect(painter, groove, height / 2, mix(t.panel, t.text, 0.08), t.highContrast ? t.line : QColor());
    const qreal range = bar.maximum - bar.minimum;
    if (range <= 0 || bar.progress <= bar.minimum)
        return;
    QRectF done = groove;
    done.setWidth(std::max(height, groove.width() * (bar.progress - bar.minimum) / range));
    paintRoundedRect(painter, done, height / 2, t.accent, {});
}

void paintHeader(QPainter& painter, const QStyleOption& option)
{
    painter.fillRect(option.rect, tokens().panelSecond);
    paintRule(painter, option.rect, Qt::BottomEdge, tokens().line);
}

} // namespace

void GatehouseStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const Tokens& t = tokens();
    switch (element) {
    case CE_ComboBoxLabel:
        if (const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            // Fusion cuts what does not fit in the middle of a letter.
            QStyleOptionComboBox fitting = *box;
            const int width = proxy()->subControlRect(CC_ComboBox, box, SC_ComboBoxEditField, widget).width() - px(2);
            fitting.currentText = box->fontMetrics.elidedText(box->currentText, Qt::ElideRight, width);
            QProxyStyle::drawControl(element, &fitting, painter, widget);
        }
        return;
    case CE_PushButton:
        QProxyStyle::drawControl(element, option, painter, widget);
        // Fusion tells the focus by the bevel, which is ours.
        if ((option->state & State_HasFocus) && (option->state & State_KeyboardFocusChange))
            proxy()->drawPrimitive(PE_FrameFocusRect, option, painter, widget);
        return;
    case CE_PushButtonBevel:
        proxy()->drawPrimitive(PE_PanelButtonCommand, option, painter, widget);
        return;
    case CE_PushButtonLabel:
        drawButtonLabel(option, painter, widget);
        return;
    case CE_ToolBar:
        painter->fillRect(option->rect, t.panel);
        paintRule(*painter, option->rect, Qt::BottomEdge, t.line, t.lineWidth);
        return;
    case CE_MenuBarItem:
        drawMenuBarItem(option, painter);
        return;
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, t.panel);
        paintRule(*painter, option->rect, Qt::BottomEdge, t.line, t.lineWidth);
        return;
    case CE_MenuItem:
        drawMenuItem(option, painter, widget);
        return;
    case CE_MenuEmptyArea:
        return;
    case CE_TabBarTabShape:
        paintTabShape(*painter, *option, widget);
        return;
    case CE_TabBarTabLabel:
        drawTabLabel(option, painter, widget);
        return;
    case CE_Splitter:
        painter->fillRect(option->rect, option->state & State_MouseOver ? t.accent : t.line);
        return;
    case CE_ProgressBar:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option))
            paintProgress(*painter, *bar);
        return;
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        paintHeader(*painter, *option);
        return;
    case CE_SizeGrip:
        return;
    default:
        QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void GatehouseStyle::drawButtonLabel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    if (!button)
        return;
    const Tokens& t = tokens();
    QColor ink = t.text;
    if (!(button->state & State_Enabled))
        ink = disabledInk();
    else if (button->state & State_On)
        ink = t.highContrast ? t.onAccent : t.accentTintText;
    else if (lookOf(widget) == Look::Primary)
        ink = t.onAccent;
    else if (lookOf(widget) == Look::Danger)
        ink = t.deny;
    else if (lookOf(widget) == Look::Quiet)
        ink = t.second;
    else if (lookOf(widget) == Look::Field)
        ink = t.third;
    const int flags = Qt::AlignVCenter | Qt::TextSingleLine | mnemonicFlags(*this, option, widget);
    const int textWidth = button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
    const int iconWidth = button->icon.isNull() ? 0 : px(16) + (button->text.isEmpty() ? 0 : px(7));
    QRect content(0, 0, iconWidth + textWidth, button->rect.height());
    content.moveCenter(button->rect.center());
    if (lookOf(widget) == Look::Row) {
        content.moveLeft(button->rect.left() + px(12));
        content = visualRect(button->direction, button->rect, content);
    }
    painter->save();
    painter->setPen(ink);
    if (iconWidth > 0) {
        const QRect box = visualRect(button->direction, content, QRect(content.left(), content.top(), px(16), content.height()));
        button->icon.paint(painter, box, Qt::AlignCenter, button->state & State_Enabled ? QIcon::Normal : QIcon::Disabled);
    }
    painter->drawText(visualRect(button->direction, content, content.adjusted(iconWidth, 0, 2, 0)), flags, button->text);
    painter->restore();
}

void GatehouseStyle::drawTabLabel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
    if (!tab)
        return;
    const Tokens& t = tokens();
    const bool selected = tab->state & State_Selected;
    const bool pill = lookOf(widget) == Look::Pill;
    const int lead = px(pill ? 11 : 14);
    QRect text = tab->rect.adjusted(lead, 0, -lead - tab->rightButtonSize.width(), 0);
    painter->save();
    if (!tab->icon.isNull()) {
        const QRect box(text.left() - px(2), text.top(), px(16), text.height());
        tab->icon.paint(painter, visualRect(tab->direction, tab->rect, box));
        text.setLeft(text.left() + px(21));
    }
    painter->setFont(textFont(TextSize::Base, selected ? QFont::Medium : QFont::Normal));
    painter->setPen(!(tab->state & State_Enabled) ? disabledInk()
                        : selected                ? (!pill                ? t.text
                                                         : t.highContrast ? t.onAccent
                                                                          : t.accentTintText)
                                                  : t.second);
    const int align =
        int(tab->icon.isNull() ? Qt::AlignHCenter : visualAlignment(tab->direction, Qt::AlignLeft)) | Qt::AlignVCenter | Qt::TextSingleLine;
    // Wider than it needs to be to either side, so that a bolder word is not cut.
    const QRect roomy = tab->icon.isNull() ? text.adjusted(-2, 0, 2, 0) : text.adjusted(0, 0, 2, 0);
    painter->drawText(visualRect(tab->direction, tab->rect, roomy), align | mnemonicFlags(*this, option, widget), tab->text);
    painter->restore();
}

void GatehouseStyle::drawMenuBarItem(const QStyleOption* option, QPainter* painter) const
{
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    if (!item)
        return;
    const Tokens& t = tokens();
    painter->fillRect(item->rect, t.panel);
    const bool active = item->state & (State_Sunken | State_Selected);
    if (active)
        paintRoundedRect(*painter, QRectF(item->rect).adjusted(2, 3, -2, -4), 6, mix(t.panel, t.text, 0.07),
                         t.highContrast ? t.accent : QColor(), 2);
    paintRule(*painter, item->rect, Qt::BottomEdge, t.line, t.lineWidth);
    painter->save();
    painter->setPen(item->state & State_Enabled ? (active ? t.text : t.second) : disabledInk());
    painter->drawText(item->rect, Qt::AlignCenter | Qt::TextSingleLine | mnemonicFlags(*this, option, nullptr), item->text);
    painter->restore();
}

void GatehouseStyle::drawMenuItem(const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    if (!item)
        return;
    const Tokens& t = tokens();
    const QRect row = item->rect;
    if (item->menuItemType == QStyleOptionMenuItem::Separator) {
        painter->fillRect(QRect(row.left() + px(8), row.center().y(), row.width() - px(16), 1), t.line);
        return;
    }
    const bool enabled = item->state & State_Enabled;
    if ((item->state & State_Selected) && enabled)
        paintRoundedRect(*painter, QRectF(row).adjusted(px(4), 0, -px(4), 0), 6, t.accentTint, t.highContrast ? t.accent : QColor(), 2);
    painter->save();
    const QRect mark = visualRect(item->direction, row, QRect(row.left() + px(10), row.top(), px(16), row.height()));
    if (item->checked)
        paintGlyph(*painter, QRectF(mark).adjusted(1, px(7), -1, -px(7)), Glyph::Check, enabled ? t.text : disabledInk());
    else if (!item->icon.isNull())
        item->icon.paint(painter, mark, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    const QStringList parts = item->text.split(u'\t');
    const QRect text = visualRect(item->direction, row, row.adjusted(px(34), 0, -px(16), 0));
    painter->setFont(item->font);
    painter->setPen(enabled ? t.text : disabledInk());
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine | mnemonicFlags(*this, option, widget), parts.value(0));
    painter->setPen(enabled ? t.third : disabledInk());
    if (parts.size() > 1)
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignRight | Qt::TextSingleLine, parts.value(1));
    if (item->menuItemType == QStyleOptionMenuItem::SubMenu) {
        const QRect arrow = visualRect(item->direction, row, QRect(row.right() - px(22), row.top(), px(12), row.height()));
        paintGlyph(*painter, arrow, Glyph::ChevronRight, t.second);
    }
    painter->restore();
}

} // namespace gatehouse::widgets
