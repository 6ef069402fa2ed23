#include "widgets/controls/label.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QTextLayout>
#include <QToolTip>

#include "widgets/text/markedtext.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

Label::Label(const QString& text, TokenRole role, QWidget* parent) : QLabel(text, parent), m_role(role)
{
    setTextFormat(Qt::PlainText);
    setFont(textFont());
}

void Label::setRole(TokenRole role)
{
    m_role = role;
    update();
}

void Label::setEliding(Eliding eliding)
{
    m_eliding = eliding;
    updateGeometry();
}

QSize Label::minimumSizeHint() const
{
    if (wordWrap() && m_eliding == Eliding::None)
        return {fontMetrics().averageCharWidth() * 12, heightForWidth(std::max(width(), fontMetrics().averageCharWidth() * 12))};
    if (m_eliding == Eliding::None)
        return QLabel::minimumSizeHint();
    return {fontMetrics().averageCharWidth() * 4, QLabel::minimumSizeHint().height()};
}

QTextOption Label::wrapping() const
{
    QTextOption option(QStyle::visualAlignment(layoutDirection(), alignment()));
    option.setTextDirection(layoutDirection());
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    return option;
}

int Label::heightForWidth(int width) const
{
    if (!wordWrap() || m_eliding != Eliding::None)
        return QLabel::heightForWidth(width);
    const QMargins around = contentsMargins();
    QString lines = text();
    lines.replace(u'\n', QChar::LineSeparator);
    QTextLayout layout(lines, font());
    layout.setTextOption(wrapping());
    layout.beginLayout();
    qreal height = 0;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(1, width - around.left() - around.right() - 2 * margin()));
        height += fontMetrics().lineSpacing();
    }
    layout.endLayout();
    return int(std::ceil(height)) + around.top() + around.bottom() + 2 * margin();
}

void Label::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(isEnabled() ? colourOf(m_role) : tokens().third);
    const QRect box = contentsRect();
    if (m_eliding == Eliding::None && wordWrap())
        return painter.drawText(QRectF(box), text(), wrapping());
    if (m_eliding == Eliding::None) {
        const int flags = int(QStyle::visualAlignment(layoutDirection(), alignment())) | Qt::TextSingleLine;
        painter.drawText(box, flags | Qt::TextHideMnemonic * (buddy() != nullptr), text());
        return;
    }
    painter.drawText(box, int(QStyle::visualAlignment(layoutDirection(), alignment())) | Qt::TextSingleLine, elided());
}

QString Label::elided() const
{
    return fontMetrics().elidedText(text(), m_eliding == Eliding::Middle ? Qt::ElideMiddle : Qt::ElideRight, contentsRect().width());
}

bool Label::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || m_eliding == Eliding::None || !toolTip().isEmpty() || elided() == text())
        return QLabel::event(event);
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), plainToolTip(text()), this);
    return true;
}

static Label* make(const QString& text, TokenRole role, const QFont& font, QWidget* parent)
{
    auto* label = new Label(text, role, parent);
    label->setFont(font);
    return label;
}

Label* makeTitle(const QString& text, QWidget* parent)
{
    return make(text, TokenRole::Text, textFont(TextSize::Title, QFont::DemiBold), parent);
}

Label* makeHeading(const QString& text, QWidget* parent)
{
    return make(text, TokenRole::Text, textFont(TextSize::Heading, QFont::DemiBold), parent);
}

Label* makeMono(const QString& text, TokenRole role, QWidget* parent)
{
    return make(text, role, monoFont(), parent);
}

Label* makeSmall(const QString& text, TokenRole role, QWidget* parent)
{
    return make(text, role, textFont(TextSize::Small), parent);
}

Label* makeStrong(const QString& text, QWidget* parent)
{
    return make(text, TokenRole::Text, textFont(TextSize::Base, QFont::DemiBold), parent);
}

Label* makeSection(const QString& text, QWidget* parent)
{
    return make(text, TokenRole::Second, sectionFont(), parent);
}

} // namespace gatehouse::widgets
