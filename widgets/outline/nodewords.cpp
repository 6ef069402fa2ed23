#include "widgets/outline/nodewords.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

#include "widgets/style/icons.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

using authoring::NodeKind;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Nodes)
};

// On a 16 × 16 grid, like all glyphs.
QPen gridPen(const QColor& colour)
{
    return {colour, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin};
}

void paintAgent(QPainter& painter, const QColor& colour, bool entry)
{
    painter.setPen(gridPen(colour));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QPointF(8, 8), 5.6, 5.6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QPointF(8, 8), entry ? 3.4 : 1.5, entry ? 3.4 : 1.5);
}

void paintPrompt(QPainter& painter, const QColor& colour)
{
    painter.setPen(gridPen(colour));
    painter.drawPolyline(QPolygonF({{3, 4}, {7, 8}, {3, 12}}));
    painter.drawLine(QPointF(8.5, 12), QPointF(13, 12));
}

void paintPlug(QPainter& painter, const QColor& colour)
{
    painter.setPen(gridPen(colour));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(4, 6, 8, 5), 1.5, 1.5);
    painter.drawLine(QPointF(6, 2.5), QPointF(6, 6));
    painter.drawLine(QPointF(10, 2.5), QPointF(10, 6));
    painter.drawLine(QPointF(8, 11), QPointF(8, 14));
}

class GridPainter {
public:
    GridPainter(QPainter& painter, const QRectF& rect) : m_painter(painter)
    {
        const qreal side = std::min(rect.width(), rect.height());
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.translate(rect.center() - QPointF(side / 2, side / 2));
        painter.scale(side / 16, side / 16);
    }
    ~GridPainter() { m_painter.restore(); }
    GridPainter(const GridPainter&) = delete;
    GridPainter& operator=(const GridPainter&) = delete;

private:
    QPainter& m_painter;
};

} // namespace

QString kindName(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Agent:
        return Words::tr("Agent");
    case NodeKind::Tool:
        return Words::tr("Tool");
    case NodeKind::Mcp:
        return Words::tr("MCP server");
    case NodeKind::Capability:
        return Words::tr("Capability");
    case NodeKind::Data:
        break;
    }
    return Words::tr("Data");
}

QString nodeName(const authoring::NodeId& node)
{
    return shown(node.name);
}

QString reasonOf(const Error& error)
{
    const QString translated = QCoreApplication::translate("core", error.why.text.c_str());
    return shown(formatMessage(translated.toStdString(), error.why.arguments));
}

void paintNodeGlyph(QPainter& painter, const QRectF& rect, NodeKind kind, const QColor& colour, bool entry)
{
    if (kind == NodeKind::Capability || kind == NodeKind::Data) {
        paintGlyph(painter, rect, kind == NodeKind::Data ? Glyph::File : Glyph::Shield, colour);
        return;
    }
    const GridPainter grid(painter, rect);
    if (kind == NodeKind::Agent)
        paintAgent(painter, colour, entry);
    else if (kind == NodeKind::Tool)
        paintPrompt(painter, colour);
    else
        paintPlug(painter, colour);
}

void paintHandoffGlyph(QPainter& painter, const QRectF& rect, const QColor& colour, Qt::LayoutDirection direction)
{
    const GridPainter grid(painter, rect);
    if (direction == Qt::RightToLeft) {
        painter.translate(16, 0);
        painter.scale(-1, 1);
    }
    painter.setPen(gridPen(colour));
    painter.drawLine(QPointF(2, 8), QPointF(4, 8));
    painter.drawLine(QPointF(7, 8), QPointF(13, 8));
    painter.drawPolyline(QPolygonF({{9.5, 4.5}, {13, 8}, {9.5, 11.5}}));
}

authoring::Place freePlace(const WorkflowDocument& document, NodeKind kind)
{
    constexpr double step = 112;
    constexpr double column = 320;
    authoring::Place place;
    place.x = kind == NodeKind::Data ? 0 : kind == NodeKind::Agent ? column : 2 * column;
    for (const auto& [node, at] : document.places()) {
        const bool sameColumn = node.kind == kind || std::abs(at.x - place.x) < column / 2;
        if (node.kind == kind && place.y <= at.y)
            place.x = at.x;
        if (sameColumn)
            place.y = std::max(place.y, at.y + step);
    }
    return place;
}

} // namespace gatehouse::widgets
