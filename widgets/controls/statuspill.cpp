#include "widgets/controls/statuspill.h"

#include <QPainter>
#include <QStyle>

#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"

namespace gatehouse::widgets {

QColor toneInk(Tone tone)
{
    const Tokens& t = tokens();
    switch (tone) {
    case Tone::Neutral:
        return t.second;
    case Tone::Accent:
        return t.accentTintText;
    case Tone::Ok:
        return t.ok;
    case Tone::Ask:
        return t.ask;
    case Tone::Deny:
        return t.deny;
    }
    return t.second;
}

QColor toneTint(Tone tone)
{
    const Tokens& t = tokens();
    switch (tone) {
    case Tone::Neutral:
        return t.highContrast ? t.panel : mix(t.panel, t.text, 0.06);
    case Tone::Accent:
        return t.accentTint;
    case Tone::Ok:
        return t.okTint;
    case Tone::Ask:
        return t.askTint;
    case Tone::Deny:
        return t.denyTint;
    }
    return t.panel;
}

static QFont pillFont()
{
    return textFont(TextSize::Caption, QFont::Medium);
}

QSize pillSize(const PillLook& look)
{
    const int text = QFontMetrics(pillFont()).horizontalAdvance(look.text);
    const int glyph = look.glyph == Glyph::None ? 0 : px(10) + (look.text.isEmpty() ? 0 : px(5));
    return {text + glyph + px(18), px(18)};
}

void paintPill(QPainter& painter, const QRect& rect, const PillLook& look, Qt::LayoutDirection direction)
{
    const Tokens& t = tokens();
    QSize size = pillSize(look);
    size.setWidth(std::min(size.width(), rect.width()));
    const QRect box = QStyle::alignedRect(direction, Qt::AlignLeft | Qt::AlignVCenter, size, rect);
    paintRoundedRect(painter, box, box.height() / 2.0, toneTint(look.tone), t.highContrast ? t.line : QColor(), t.lineWidth);
    const QColor ink = toneInk(look.tone);
    QRect text = box.adjusted(px(9), 0, -px(6), 0);
    if (look.glyph != Glyph::None) {
        const QRect glyph(text.left(), box.center().y() - px(10) / 2 + 1, px(10), px(10));
        paintGlyph(painter, QStyle::visualRect(direction, box, glyph), look.glyph, ink);
        text.setLeft(text.left() + px(15));
    }
    painter.save();
    painter.setFont(pillFont());
    painter.setPen(ink);
    const QString shown = painter.fontMetrics().elidedText(look.text, Qt::ElideRight, text.width());
    painter.drawText(QStyle::visualRect(direction, box, text), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, shown);
    painter.restore();
}

StatusPill::StatusPill(QWidget* parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

StatusPill::StatusPill(const PillLook& look, QWidget* parent) : StatusPill(parent)
{
    setLook(look);
}

void StatusPill::setLook(const PillLook& look)
{
    m_look = look;
    setText(look.text); // what a screen reader says
    // Shown without a parent it would be a window for a moment, and take the activation from ours.
    if (const bool any = !look.text.isEmpty() || look.glyph != Glyph::None; !any || parentWidget())
        setVisible(any);
    updateGeometry();
    update();
}

QSize StatusPill::sizeHint() const
{
    return pillSize(m_look) + QSize(0, px(2));
}

void StatusPill::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintPill(painter, rect(), m_look, layoutDirection());
}

} // namespace gatehouse::widgets
