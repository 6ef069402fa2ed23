#include "widgets/controls/keybutton.h"

#include <QStyleOptionButton>
#include <QStylePainter>

#include "widgets/style/fonts.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/style/inks.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

KeyButton::KeyButton(const QString& text, const QString& key, QWidget* parent) : QPushButton(text, parent), m_key(key) { }

void KeyButton::setKey(const QString& key)
{
    m_key = key;
    updateGeometry();
    update();
}

int KeyButton::keyWidth() const
{
    return m_key.isEmpty() ? 0 : QFontMetrics(textFont(TextSize::Caption)).horizontalAdvance(m_key) + px(10);
}

QSize KeyButton::sizeHint() const
{
    const int key = keyWidth();
    return QPushButton::sizeHint() + QSize(key > 0 ? key + px(8) : 0, px(4));
}

void KeyButton::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    painter.drawControl(QStyle::CE_PushButtonBevel, option);
    const QRect whole = option.rect;
    const int key = keyWidth();
    option.rect = QStyle::visualRect(layoutDirection(), whole, whole.adjusted(0, 0, key > 0 ? -key - px(4) : 0, 0));
    painter.drawControl(QStyle::CE_PushButtonLabel, option);
    if (key > 0) {
        const QRect cap(whole.right() - key - px(10), whole.center().y() - px(8), key, px(17));
        const QRect box = QStyle::visualRect(layoutDirection(), whole, cap);
        const bool primary = lookOf(this) == Look::Primary && isEnabled();
        paintRoundedRect(painter, box, 4, primary ? QColor() : t.panelSecond,
                         primary           ? t.onAccent
                             : isEnabled() ? t.line
                                           : mix(t.panel, disabledInk(), t.highContrast ? 1 : 0.5),
                         1);
        painter.setFont(textFont(TextSize::Caption));
        painter.setPen(primary ? t.onAccent : isEnabled() ? t.second : disabledInk());
        painter.drawText(box, Qt::AlignCenter, m_key);
    }
    if (hasFocus() && (option.state & QStyle::State_KeyboardFocusChange || isDefault()))
        lookOf(this) == Look::Primary ? paintFocusRingOnAccent(painter, whole) : paintFocusRing(painter, whole);
}

} // namespace gatehouse::widgets
