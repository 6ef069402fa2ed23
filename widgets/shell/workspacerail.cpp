#include "widgets/shell/workspacerail.h"

#include <QCoreApplication>
#include <QPainter>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"

namespace gatehouse::widgets {

static constexpr int railWidth = 72;
static constexpr int buttonHeight = 50;
static constexpr int glyphSize = 16;

QString workspaceTitle(Workspace workspace)
{
    switch (workspace) {
    case Workspace::Author:
        return QCoreApplication::translate("Workspace", "Author");
    case Workspace::Run:
        return QCoreApplication::translate("Workspace", "Run");
    case Workspace::Approve:
        return QCoreApplication::translate("Workspace", "Approve");
    case Workspace::Evidence:
        break;
    }
    return QCoreApplication::translate("Workspace", "Evidence");
}

QString workspaceId(Workspace workspace)
{
    static constexpr std::array names = {"author", "run", "approve", "evidence"};
    return QString::fromLatin1(names[std::size_t(workspace)]);
}

static Glyph glyphOf(Workspace workspace)
{
    static constexpr std::array glyphs = {Glyph::Workflow, Glyph::Run, Glyph::Shield, Glyph::Policy};
    return glyphs[std::size_t(workspace)];
}

RailButton::RailButton(const QString& text, Glyph glyph, QWidget* parent) : QRadioButton(text, parent), m_glyph(glyph)
{
    setFont(textFont(TextSize::Small));
    setMouseTracking(true);
    setAttribute(Qt::WA_Hover);
}

void RailButton::setBadge(int count)
{
    m_badge = count;
    setAccessibleDescription(count > 0 ? tr("%n requests wait for a decision", nullptr, count) : QString());
    update();
}

QSize RailButton::sizeHint() const
{
    return {std::max(px(railWidth - 8), fontMetrics().horizontalAdvance(text()) + px(4)), px(buttonHeight)};
}

void RailButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens& t = tokens();
    const QRectF box = QRectF(rect()).adjusted(1, 1, -1, -1);
    if (isChecked())
        paintRoundedRect(painter, box, px(8), t.highContrast ? t.accent : t.accentTint, {});
    else if (underMouse())
        paintRoundedRect(painter, box, px(8), mix(t.panel, t.text, isDown() ? 0.10 : 0.05), {});
    const QColor ink = !isChecked() ? t.second : t.highContrast ? t.onAccent : t.accentTintText;
    const QRectF glyph((width() - px(glyphSize)) / 2.0, px(8), px(glyphSize), px(glyphSize));
    paintGlyph(painter, glyph, m_glyph, ink);
    QFont label = font();
    label.setWeight(isChecked() ? QFont::DemiBold : QFont::Normal);
    painter.setFont(label);
    painter.setPen(ink);
    painter.drawText(QRect(0, px(28), width(), px(16)), Qt::AlignCenter | Qt::TextSingleLine,
                     QFontMetrics(label).elidedText(text(), Qt::ElideRight, width()));
    if (m_badge > 0)
        paintBadge(painter, glyph);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange))
        isChecked() && t.highContrast ? paintFocusRingOnAccent(painter, box, px(8)) : paintFocusRing(painter, QRectF(rect()), px(8));
}

void RailButton::paintBadge(QPainter& painter, const QRectF& glyph) const
{
    const Tokens& t = tokens();
    QFont font = textFont(TextSize::Small);
    font.setWeight(QFont::DemiBold);
    const QString number = m_badge > 99 ? QStringLiteral("99+") : QString::number(m_badge);
    const qreal height = px(15);
    const qreal width = std::max<qreal>(height, QFontMetricsF(font).horizontalAdvance(number) + px(7));
    QRectF box(glyph.right() - px(4), glyph.top() - px(5), width, height);
    if (layoutDirection() == Qt::RightToLeft)
        box.moveLeft(glyph.left() + px(4) - width);
    paintRoundedRect(painter, box, height / 2, t.ask, t.panel, 1);
    painter.setFont(font);
    painter.setPen(t.panel);
    painter.drawText(box, Qt::AlignCenter, number);
}

WorkspaceRail::WorkspaceRail(QWidget* parent) : QWidget(parent)
{
    setFixedWidth(px(railWidth));
    setAccessibleName(tr("Workspaces"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(px(4), px(8), px(4), px(8));
    column->setSpacing(px(6));
    for (const Workspace workspace : allWorkspaces) {
        auto* button = new RailButton(workspaceTitle(workspace), glyphOf(workspace));
        // Not clicked: a screen reader toggles.
        connect(button, &QRadioButton::toggled, this, [this, workspace](bool on) {
            if (on)
                Q_EMIT chosen(workspace);
        });
        m_buttons.push_back(button);
        column->addWidget(button);
    }
    column->addStretch(1);
    setWorkspace(Workspace::Run);
}

void WorkspaceRail::setWorkspace(Workspace workspace)
{
    const QSignalBlocker quiet(button(workspace)); // it was chosen already
    button(workspace).setChecked(true);
}

void WorkspaceRail::setWaiting(int requests)
{
    button(Workspace::Approve).setBadge(requests);
}

void WorkspaceRail::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokens().panel);
    paintRule(painter, rect(), layoutDirection() == Qt::RightToLeft ? Qt::LeftEdge : Qt::RightEdge, tokens().line, tokens().lineWidth);
}

} // namespace gatehouse::widgets
