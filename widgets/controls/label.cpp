#include "widgets/controls/label.h"

#include <QPainter>
#include <QStyle>

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
    if (m_eliding == Eliding::None)
        return QLabel::minimumSizeHint();
    return {fontMetrics().averageCharWidth() * 4, QLabel::minimumSizeHint().height()};
}

void Label::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(isEnabled() ? colourOf(m_role) : tokens().third);
    const QRect box = contentsRect();
    if (m_eliding == Eliding::None) {
        const int flags =
            int(QStyle::visualAlignment(layoutDirection(), alignment())) | (wordWrap() ? Qt::TextWordWrap : Qt::TextSingleLine);
        painter.drawText(box, flags | Qt::TextHideMnemonic * (buddy() != nullptr), text());
        return;
    }
    const QString shown = fontMetrics().elidedText(text(), m_eliding == Eliding::Middle ? Qt::ElideMiddle : Qt::ElideRight, box.width());
    painter.drawText(box, int(QStyle::visualAlignment(layoutDirection(), alignment())) | Qt::TextSingleLine, shown);
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
