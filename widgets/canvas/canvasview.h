// CanvasView: a workflow as cards and wires, to be looked at and edited by mouse or keyboard.
//
// Paints a CanvasScene by itself instead of being a QGraphicsView: a graphics scene is invisible to a screen reader, keeps an item
// for every part and has edges; here the cards are the accessible children and a repaint visits what is in sight.
// Edits nothing but through the document; selection is the document's. What needs words or dialogs is asked of the page by signals.
// Owner: its page. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/canvas/canvaspaint.h"
#include "widgets/canvas/canvaspicture.h"
#include "widgets/canvas/canvaswiring.h"

#include <set>

namespace gatehouse::widgets {

class WorkflowDocument;

class CanvasView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CanvasView)
public:
    explicit CanvasView(WorkflowDocument& document, QWidget* parent = nullptr);

    [[nodiscard]] WorkflowDocument& document() const { return m_document; }
    [[nodiscard]] const CanvasScene& scene() const { return m_scene; }
    // What the last change of the graph cost.
    [[nodiscard]] const CanvasScene::Update& lastUpdate() const { return m_lastUpdate; }
    // Cards that the last paint visited.
    [[nodiscard]] int paintedCards() const { return m_paintedCards; }

    [[nodiscard]] qreal zoom() const { return m_zoom; }
    // Between 25 % and 400 %; the point of the view stays where it is.
    void setZoom(qreal zoom, const QPointF& around);
    void zoomBy(qreal factor) { setZoom(m_zoom * factor, QRectF(rect()).center()); }
    void panBy(const QPointF& by);
    void centreOn(const QPointF& scenePoint);
    void fit();
    void reveal(const authoring::NodeId& node);
    [[nodiscard]] QPointF toScene(const QPointF& at) const { return (at - m_offset) / m_zoom; }
    [[nodiscard]] QPointF toView(const QPointF& at) const { return at * m_zoom + m_offset; }
    [[nodiscard]] QRectF toView(const QRectF& area) const { return {toView(area.topLeft()), area.size() * m_zoom}; }
    [[nodiscard]] QRectF visibleScene() const { return {toScene(QPointF(0, 0)), QSizeF(size()) / m_zoom}; }

    [[nodiscard]] const CanvasWiring& wiring() const { return m_wiring; }
    void startWire();
    void cancelWire();
    [[nodiscard]] bool isDragging() const { return m_drag == Drag::Nodes; }
    // By whole steps of the grid; a burst of them is one undo step.
    void moveSelected(int columns, int rows);
    // The next wire of the current node, or of the wire's own start.
    void selectNextWire();
    void makeCurrent(std::size_t node);

Q_SIGNALS:
    void viewChanged(); // zoom, place, scene or selection: what mini map and controls show
    // A line for the person; empty: nothing to say.
    void saying(const QString& line);
    // An edit was refused.
    void refused(const QString& why);
    void openRequested(const gatehouse::authoring::NodeId& node);
    void menuRequested(const QPoint& globalPlace);
    void filesDropped(const QStringList& paths, const QPointF& scenePoint);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    enum class Drag { None, Pressed, Nodes, RubberBand, Pan, Wire };

    void takeGraph();
    void takeSelection();
    void fitOnce();
    void moveTo(const QPointF& offset, qreal zoom);
    [[nodiscard]] CardState cardState(const CanvasNode& node) const;
    [[nodiscard]] WireState wireState(const CanvasWire& wire) const;
    // What is shown looks different now, not only from elsewhere.
    void refresh();
    void paintArea(QPainter& painter, const QRect& area);
    void paintWires(QPainter& painter, const QRectF& area);
    void paintCards(QPainter& painter, const QRectF& area);
    void paintPorts(QPainter& painter, const QRectF& area);

    bool wiringKey(QKeyEvent* event);
    bool directionKey(QKeyEvent* event);
    void jumpTo(const QString& letters);
    void toggleCurrent();
    void finishWire();
    void connectTo(const authoring::NodeId& target);
    void tellWiring();

    void pressNode(std::size_t node, const QMouseEvent& event);
    void dragTo(const QPointF& place);
    void dropNodes();
    void selectRubberBand();
    void endDrag();
    [[nodiscard]] std::optional<std::size_t> portOwnerAt(const QPointF& place) const;
    void hover(const QPointF& place);

    static void makeAccessible();
    void tellFocus();

    WorkflowDocument& m_document;
    CanvasScene m_scene;
    CanvasScene::Update m_lastUpdate;
    CanvasWiring m_wiring;
    CanvasPicture m_picture;
    QPointF m_offset;
    qreal m_zoom = 1;
    bool m_fitted = false;
    int m_paintedCards = 0;

    Drag m_drag = Drag::None;
    QPointF m_pressed; // in the view
    QPointF m_pointer; // in the view
    QPointF m_shifted; // scene units that the dragged nodes were moved by
    std::vector<std::size_t> m_dragged;
    std::set<authoring::NodeId> m_before; // the rubber band adds to these
    bool m_narrowOnRelease = false;
    std::optional<std::size_t> m_hoveredNode;
    std::optional<std::size_t> m_hoveredWire;
    bool m_space = false;
    bool m_spaceUsed = false;
    std::optional<authoring::NodeId> m_wireAnchor;
    QString m_typed;
    qint64 m_typedAt = 0;
    int m_burst = 0;
};

} // namespace gatehouse::widgets
