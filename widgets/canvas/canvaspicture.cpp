#include "widgets/canvas/canvaspicture.h"

#include <QPainter>
#include <QRegion>

#include <cmath>

namespace gatehouse::widgets {

const QPixmap& CanvasPicture::take(const QSize& size, qreal scale, const QPointF& offset, qreal zoom, const Paint& paint)
{
    const bool same = m_known && size == m_size && scale == m_picture.devicePixelRatio() && zoom == m_zoom && currentTheme() == m_theme;
    if (same && (offset == m_offset || scrollTo(offset, paint)))
        return m_picture;
    if (size != m_size || m_picture.isNull() || scale != m_picture.devicePixelRatio()) {
        m_picture = QPixmap((QSizeF(size) * scale).toSize());
        m_picture.setDevicePixelRatio(scale);
    }
    m_size = size;
    m_offset = offset;
    m_zoom = zoom;
    m_theme = currentTheme();
    m_known = true;
    paintArea(QRect(QPoint(), size), paint);
    return m_picture;
}

// False: the step is no whole number of the screen's pixels, or nothing of the old picture stays.
bool CanvasPicture::scrollTo(const QPointF& offset, const Paint& paint)
{
    const qreal scale = m_picture.devicePixelRatio();
    const QPointF step = (offset - m_offset) * scale;
    const QPoint whole(int(std::lround(step.x())), int(std::lround(step.y())));
    if (QPointF(whole) != step || std::abs(whole.x()) >= m_picture.width() || std::abs(whole.y()) >= m_picture.height())
        return false;
    QRegion bare;
    m_picture.scroll(whole.x(), whole.y(), m_picture.rect(), &bare);
    m_offset = offset;
    for (const QRect& strip : bare)
        paintArea(QRectF(strip.x() / scale, strip.y() / scale, strip.width() / scale, strip.height() / scale).toAlignedRect(), paint);
    return true;
}

void CanvasPicture::paintArea(const QRect& area, const Paint& paint)
{
    QPainter painter(&m_picture);
    painter.setLayoutDirection(Qt::LeftToRight);
    painter.setClipRect(area);
    paint(painter, area);
}

} // namespace gatehouse::widgets
