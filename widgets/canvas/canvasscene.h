// CanvasScene: the shapes of a workflow's graph: a card for every node, a curve for every wire, and what is where.
//
// Owner: the canvas. GUI thread. Scene units are pixels at 100 %. After a change of the graph only what differs is made again, so
// an edit of a large workflow costs what was edited. No painting here (canvaspaint.h), no selection (the document has it).
#pragma once

#include <QCoreApplication>
#include <QPainterPath>
#include <QRectF>
#include <QString>

#include "core/authoring/arrange.h"

#include <map>
#include <optional>
#include <vector>

namespace gatehouse::widgets {

class WorkflowDocument;

struct CanvasNode {
    authoring::GraphNode node;
    QRectF rect;
    // Safe to show, and cut to the width of the card.
    QString name;
    QString largeName; // for small scales, in a larger type
    QString summary;
    QString note; // the second small line: what the node is
    QString wholeName;
    int errors = 0;
    int warnings = 0;
    [[nodiscard]] int problems() const { return errors + warnings; }
    [[nodiscard]] const authoring::NodeId& id() const { return node.id; }
    [[nodiscard]] bool missing() const { return node.definition == authoring::Definition::Missing; }
};

struct CanvasWire {
    authoring::GraphWire wire;
    QPointF begin;
    QPointF end;
    bool upright = false; // leaves and arrives at top or bottom edges
    QPainterPath path;
    QRectF bounds;
    QString label;
    bool broken = false; // one of its ends is missing
};

enum class CanvasSide { Left, Right, Top, Bottom };

class CanvasScene final {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::widgets::CanvasScene)
public:
    struct Update {
        int made = 0; // nodes that are new or say something else
        int kept = 0;
        int routed = 0; // wires whose curve is new
    };
    Update update(const authoring::Graph& graph, const std::map<authoring::NodeId, authoring::Place>& places);
    void takeProblems(const WorkflowDocument& document);
    // Shows nodes elsewhere while they are dragged; nothing is written.
    void shift(const std::vector<std::size_t>& nodes, const QPointF& by);

    [[nodiscard]] const std::vector<CanvasNode>& nodes() const { return m_nodes; }
    [[nodiscard]] const std::vector<CanvasWire>& wires() const { return m_wires; }
    [[nodiscard]] std::optional<std::size_t> indexOf(const authoring::NodeId& id) const;
    [[nodiscard]] const CanvasNode* find(const authoring::NodeId& id) const;
    [[nodiscard]] QRectF bounds() const;

    [[nodiscard]] std::optional<std::size_t> nodeAt(const QPointF& at) const;
    [[nodiscard]] std::optional<std::size_t> wireAt(const QPointF& at, qreal tolerance) const;
    [[nodiscard]] std::vector<std::size_t> nodesIn(const QRectF& area) const;
    // The nearest one in this direction that passes; none: there is no more.
    using Passes = std::function<bool(const CanvasNode&)>;
    [[nodiscard]] std::optional<std::size_t> neighbour(std::size_t from, CanvasSide direction, const Passes& passes = {}) const;
    // Line by line, as a page is read: the order of Tab and of a screen reader.
    [[nodiscard]] const std::vector<std::size_t>& readingOrder() const { return m_order; }
    // Where wires are drawn from by hand.
    [[nodiscard]] static std::vector<CanvasSide> portsOf(authoring::NodeKind kind);
    [[nodiscard]] static QPointF portAt(const QRectF& rect, CanvasSide side);
    [[nodiscard]] static QPainterPath curve(const QPointF& begin, const QPointF& end, bool upright);

private:
    [[nodiscard]] static CanvasNode made(const authoring::GraphNode& node);
    int route();
    void order();

    std::vector<CanvasNode> m_nodes; // later ones lie above
    std::vector<CanvasWire> m_wires;
    std::map<authoring::NodeId, std::size_t> m_index;
    std::vector<std::size_t> m_order;
};

// "Agent", "Tool", …
[[nodiscard]] QString nodeKindName(authoring::NodeKind kind);
// Why these can't be joined, in words; empty: they can.
[[nodiscard]] QString wireRefusal(const authoring::Graph& graph, const authoring::NodeId& from, const authoring::NodeId& to);

} // namespace gatehouse::widgets
