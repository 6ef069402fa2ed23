#include "widgets/controls/surface.h"

#include <QPainter>

#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"

namespace gatehouse::widgets {

Card::Card(QWidget* parent) : QFrame(parent)
{
    setFrameShape(QFrame::NoFrame);
}

void Card::setTone(Tone tone)
{
    m_tone = tone;
    update();
}

void Card::setSecond(bool second)
{
    m_second = second;
    update();
}

void Card::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    const QColor border = m_tone == Tone::Neutral ? t.line : toneInk(m_tone);
    paintRoundedRect(painter, rect(), m_second ? 6 : 10, m_second ? t.panelSecond : t.panel, border, t.highContrast ? 2 : 1.25);
}

Surface::Surface(SurfaceKind kind, QWidget* parent) : QWidget(parent), m_kind(kind) { }

void Surface::setRules(Qt::Edges edges)
{
    m_rules = edges;
    update();
}

void Surface::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    painter.fillRect(rect(), m_kind == SurfaceKind::Window ? t.window : m_kind == SurfaceKind::Panel ? t.panel : t.panelSecond);
    for (const Qt::Edge edge : {Qt::TopEdge, Qt::LeftEdge, Qt::RightEdge, Qt::BottomEdge})
        if (m_rules & edge)
            paintRule(painter, rect(), edge, t.line, t.lineWidth);
}

Chip::Chip(const QString& text, QWidget* parent) : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    setFont(textFont(TextSize::Small));
    setContentsMargins(px(8), px(2), px(8), px(2));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Chip::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    paintRoundedRect(painter, rect(), 5, t.panel, t.line, t.lineWidth);
    painter.setPen(t.second);
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextSingleLine, text());
}

KeyHint::KeyHint(const QString& key, QWidget* parent) : QLabel(key, parent)
{
    setTextFormat(Qt::PlainText);
    setFont(textFont(TextSize::Caption));
    setContentsMargins(px(5), px(1), px(5), px(1));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void KeyHint::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    paintRoundedRect(painter, rect(), 4, t.panelSecond, t.line, t.lineWidth);
    painter.setPen(t.second);
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextSingleLine, text());
}

} // namespace gatehouse::widgets
