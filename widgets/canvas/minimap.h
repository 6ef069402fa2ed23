// MiniMap: the whole workflow in a corner, and what part of it is seen; pressing or dragging goes there. For the pointer only: the
// keyboard has fit and the arrows. Owner: the canvas. GUI thread.
#pragma once

#include <QWidget>

namespace gatehouse::widgets {

class CanvasView;

class MiniMap final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MiniMap)
public:
    explicit MiniMap(CanvasView& view);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    [[nodiscard]] QRectF shownScene() const;
    [[nodiscard]] qreal scale() const;
    [[nodiscard]] QPointF origin() const;
    CanvasView& m_view;
};

} // namespace gatehouse::widgets
