// CanvasPicture: what a canvas shows, kept, so that panning paints only what comes into sight. Owner: the view. GUI thread.
#pragma once

#include <QPixmap>
#include <QPointF>

#include "widgets/style/tokens.h"

#include <functional>

namespace gatehouse::widgets {

class CanvasPicture {
public:
    // Paints the area, in the view's pixels.
    using Paint = std::function<void(QPainter& painter, const QRect& area)>;

    // Something of it looks different now.
    void forget() { m_known = false; }
    // Of a view of this size with the scene's origin at offset. The same zoom, theme and scale: only the strips that are new.
    const QPixmap& take(const QSize& size, qreal scale, const QPointF& offset, qreal zoom, const Paint& paint);

private:
    [[nodiscard]] bool scrollTo(const QPointF& offset, const Paint& paint);
    void paintArea(const QRect& area, const Paint& paint);

    QPixmap m_picture;
    QPointF m_offset;
    QSize m_size;
    qreal m_zoom = 0;
    Theme m_theme = Theme::Light;
    bool m_known = false;
};

} // namespace gatehouse::widgets
