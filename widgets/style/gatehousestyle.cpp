#include "widgets/style/gatehousestyle.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

#include "widgets/style/fonts.h"
#include "widgets/style/tokens.h"

#include <algorithm>

namespace gatehouse::widgets {

static constexpr const char* lookProperty = "look";

void setLook(QWidget* widget, Look look)
{
    widget->setProperty(lookProperty, static_cast<int>(look));
    widget->update();
}

Look lookOf(const QWidget* widget)
{
    return widget ? static_cast<Look>(widget->property(lookProperty).toInt()) : Look::Plain;
}

GatehouseStyle::GatehouseStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
    qApp->installEventFilter(this);
}

void GatehouseStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) || qobject_cast<QTabBar*>(widget) ||
        qobject_cast<QScrollBar*>(widget))
        widget->setAttribute(Qt::WA_Hover);
    // It can be acted on, so it has a name.
    if (auto* bar = qobject_cast<QScrollBar*>(widget); bar && bar->accessibleName().isEmpty())
        bar->setAccessibleName(QCoreApplication::translate("GatehouseStyle", "Scroll"));
    if (auto* button = qobject_cast<QToolButton*>(widget); button && button->focusPolicy() == Qt::NoFocus)
        button->setFocusPolicy(Qt::TabFocus);
}

bool GatehouseStyle::eventFilter(QObject* watched, QEvent* event)
{
    const auto type = event->type();
    if (type == QEvent::KeyPress || type == QEvent::KeyRelease || type == QEvent::ApplicationDeactivate) {
        const bool held = type == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt;
        const bool released =
            type != QEvent::KeyPress && (type == QEvent::ApplicationDeactivate || static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt);
        if ((held && !m_altHeld) || (released && m_altHeld)) {
            m_altHeld = held;
            for (QWidget* window : QApplication::topLevelWidgets())
                window->update();
        }
    }
    return QProxyStyle::eventFilter(watched, event);
}

// One that pops up over others needs an edge to be told from them.
static bool hasFrame(const QWidget* widget)
{
    return !qobject_cast<const QAbstractScrollArea*>(widget) || lookOf(widget) == Look::Field || widget->windowType() == Qt::Popup;
}

int GatehouseStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    // At exactly 1 Qt itself widens the grab area by two pixels each side.
    case PM_SplitterWidth:
    case PM_DockWidgetSeparatorExtent:
        return 1;
    case PM_DefaultFrameWidth:
        return !hasFrame(widget) ? 0 : lookOf(widget) == Look::Field ? 3 : 1;
    case PM_ScrollView_ScrollBarSpacing:
    case PM_ToolBarFrameWidth:
    case PM_MenuBarItemSpacing:
    case PM_MenuBarPanelWidth:
    case PM_MenuBarVMargin:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_DockWidgetFrameWidth:
    case PM_TabBarTabOverlap:
        return 0;
    case PM_TabCloseIndicatorWidth:
    case PM_TabCloseIndicatorHeight:
        return px(18);
    case PM_TabBarBaseHeight:
        return 1;
    case PM_ScrollBarExtent:
        return px(10);
    case PM_ScrollBarSliderMin:
        return px(32);
    case PM_ToolBarItemSpacing:
        return px(8);
    case PM_ToolBarItemMargin:
        return px(4);
    case PM_MenuBarHMargin:
        return px(6);
    case PM_MenuHMargin:
    case PM_MenuVMargin:
        return px(4);
    case PM_MenuPanelWidth:
        return 1;
    case PM_ButtonMargin:
        return px(8);
    case PM_TabBarTabHSpace:
        return lookOf(widget) == Look::Pill ? px(22) : px(28);
    case PM_TabBarTabVSpace:
        return px(12);
    case PM_TreeViewIndentation:
        return px(20);
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
    case PM_SmallIconSize:
    case PM_ListViewIconSize:
    case PM_ToolBarIconSize:
    case PM_TabBarIconSize:
    case PM_ButtonIconSize:
        return px(16);
    case PM_ToolTipLabelFrameWidth:
        return px(4);
    case PM_FocusFrameHMargin:
        return px(4);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int GatehouseStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ComboBox_Popup:
    case SH_ScrollBar_Transient:
    case SH_TabBar_ElideMode:
    case SH_ItemView_PaintAlternatingRowColorsForEmptyArea:
        return 0;
    case SH_UnderlineShortcut:
        return m_altHeld ? 1 : 0;
    case SH_ItemView_ShowDecorationSelected:
    case SH_Menu_MouseTracking:
    case SH_MenuBar_MouseTracking:
    case SH_ComboBox_ListMouseTracking:
    case SH_ScrollBar_LeftClickAbsolutePosition:
        return 1;
    case SH_ToolTipLabel_Opacity:
        return 255;
    case SH_TabBar_Alignment:
        return Qt::AlignLeft;
    case SH_Widget_Animate:
    case SH_Widget_Animation_Duration:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

static QSize tabSize(const QStyleOption* option, const QSize& size, const QWidget* widget)
{
    // A selected tab is set in medium weight: room for it is kept always, so that selecting moves nothing.
    const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
    QSize grown(size.width(), lookOf(widget) == Look::Pill ? px(28) : px(34));
    if (tab) {
        const QFontMetrics normal(textFont());
        const QFontMetrics medium(textFont(TextSize::Base, QFont::Medium));
        grown.rwidth() += std::max(0, medium.horizontalAdvance(tab->text) - normal.horizontalAdvance(tab->text)) + 1;
    }
    return grown;
}

static QSize menuItemSize(const QStyleOption* option, const QSize& size)
{
    const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    if (item && item->menuItemType == QStyleOptionMenuItem::Separator)
        return {size.width(), px(9)};
    const bool hasShortcut = item && item->text.contains(u'\t');
    return {size.width() + px(hasShortcut ? 44 : 28), px(28)};
}

QSize GatehouseStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const
{
    switch (type) {
    case CT_PushButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        const int width = button
            ? button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width() + (button->icon.isNull() ? 0 : px(16 + 7)) + px(28)
            : size.width();
        return {width, px(28)};
    }
    case CT_ToolButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionToolButton*>(option);
        if (!button || button->toolButtonStyle == Qt::ToolButtonIconOnly || button->text.isEmpty())
            return {px(28), px(28)};
        const int text = button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
        return {text + px(24) + (button->icon.isNull() ? 0 : px(16 + 7)), px(28)};
    }
    case CT_MenuBarItem:
        return {size.width() + px(18), px(28)};
    case CT_MenuItem:
        return menuItemSize(option, QProxyStyle::sizeFromContents(type, option, size, widget));
    case CT_TabBarTab:
        return tabSize(option, size, widget);
    case CT_LineEdit:
        return {size.width(), std::max(px(30), size.height() + px(4))};
    case CT_ComboBox:
        return {size.width() + px(40), px(30)};
    case CT_ProgressBar:
        return {size.width(), px(5)};
    case CT_HeaderSection:
        return {size.width() + px(8), px(28)};
    default:
        return QProxyStyle::sizeFromContents(type, option, size, widget);
    }
}

QRect GatehouseStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    switch (element) {
    case SE_LineEditContents:
        return option->rect.adjusted(px(9), 1, -px(9), -1);
    case SE_PushButtonContents:
    case SE_PushButtonFocusRect:
    case SE_ProgressBarGroove:
    case SE_ProgressBarContents:
        return option->rect;
    default:
        return QProxyStyle::subElementRect(element, option, widget);
    }
}

static QRect scrollBarSlider(const QStyleOptionSlider& bar)
{
    const bool horizontal = bar.orientation == Qt::Horizontal;
    const int length = horizontal ? bar.rect.width() : bar.rect.height();
    const qint64 range = qint64(bar.maximum) - bar.minimum;
    const int slider =
        range == 0 ? length : static_cast<int>(std::max<qint64>(px(32), qint64(length) * bar.pageStep / (range + bar.pageStep)));
    const int position = QStyle::sliderPositionFromValue(bar.minimum, bar.maximum, bar.sliderPosition, length - slider, bar.upsideDown);
    return horizontal ? QRect(position, 0, slider, bar.rect.height()) : QRect(0, position, bar.rect.width(), slider);
}

QRect GatehouseStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                     const QWidget* widget) const
{
    if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option); control == CC_ScrollBar && bar) {
        const QRect slider = scrollBarSlider(*bar);
        const bool horizontal = bar->orientation == Qt::Horizontal;
        const QRect whole(0, 0, bar->rect.width(), bar->rect.height());
        switch (part) {
        case SC_ScrollBarSlider:
            return visualRect(bar->direction, whole, slider);
        case SC_ScrollBarGroove:
            return whole;
        case SC_ScrollBarSubPage:
            return horizontal ? QRect(0, 0, slider.left(), whole.height()) : QRect(0, 0, whole.width(), slider.top());
        case SC_ScrollBarAddPage:
            return horizontal ? QRect(slider.right() + 1, 0, whole.width() - slider.right() - 1, whole.height())
                              : QRect(0, slider.bottom() + 1, whole.width(), whole.height() - slider.bottom() - 1);
        default:
            return {};
        }
    }
    if (control == CC_ComboBox) {
        switch (part) {
        case SC_ComboBoxEditField:
            return visualRect(option->direction, option->rect, option->rect.adjusted(px(10), 1, -px(28), -1));
        case SC_ComboBoxArrow:
            return visualRect(option->direction, option->rect,
                              QRect(option->rect.right() - px(26), option->rect.top(), px(22), option->rect.height()));
        default:
            break;
        }
    }
    return QProxyStyle::subControlRect(control, option, part, widget);
}

} // namespace gatehouse::widgets
