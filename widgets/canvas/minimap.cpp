#include "widgets/canvas/minimap.h"

#include <QMouseEvent>
#include <QPainter>

#include "widgets/authoring/workflowdocument.h"
#include "widgets/canvas/canvasview.h"
#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

#include <algorithm>

namespace gatehouse::widgets {

MiniMap::MiniMap(CanvasView& view) : QWidget(&view), m_view(view)
{
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Mini map"));
    resize(sizeHint());
    connect(&view, &CanvasView::viewChanged, this, qOverload<>(&QWidget::update));
}

QSize MiniMap::sizeHint() const
{
    return {px(132), px(68)};
}

QRectF MiniMap::shownScene() const
{
    return (m_view.scene().bounds() | m_view.visibleScene()).adjusted(-16, -16, 16, 16);
}

qreal MiniMap::scale() const
{
    const QRectF scene = shownScene();
    return std::min((width() - 8) / scene.width(), (height() - 8) / scene.height());
}

QPointF MiniMap::origin() const
{
    return QRectF(rect()).center() - shownScene().center() * scale();
}

void MiniMap::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    paintRoundedRect(painter, rect(), 6, t.panel, t.line, t.lineWidth);
    painter.setClipRect(rect().adjusted(3, 3, -3, -3));
    const qreal by = scale();
    const QPointF at = origin();
    const auto place = [&](const QRectF& area) { return QRectF(area.topLeft() * by + at, area.size() * by); };
    for (const CanvasNode& node : m_view.scene().nodes()) {
        QColor ink = node.errors > 0 ? t.deny : node.missing() || node.warnings > 0 ? t.ask : nodeInk(node.id().kind);
        if (!m_view.document().selection().contains(node.id()) && !t.highContrast)
            ink = mix(ink, t.panel, 0.4);
        QRectF card = place(node.rect);
        card.setSize({std::max(2.0, card.width()), std::max(2.0, card.height())});
        painter.fillRect(card, ink);
    }
    paintRoundedRect(painter, place(m_view.visibleScene()), 3, {}, t.accent, 1.25);
}

void MiniMap::mousePressEvent(QMouseEvent* event)
{
    m_view.centreOn((event->position() - origin()) / scale());
}

void MiniMap::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        m_view.centreOn((event->position() - origin()) / scale());
}

} // namespace gatehouse::widgets
