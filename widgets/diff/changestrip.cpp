#include "widgets/diff/changestrip.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

#include "widgets/diff/patchview.h"
#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

ChangeStrip::ChangeStrip(PatchView& view) : QWidget(&view), m_view(view)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setToolTip(tr("Where the changes are: removed lines left, added lines right"));
}

QSize ChangeStrip::sizeHint() const
{
    return {px(13), px(60)};
}

void ChangeStrip::countAnew()
{
    m_isCounted = false;
    update();
}

int ChangeStrip::ends() const
{
    return std::min(height(), m_view.rowCount() * m_view.rowHeight());
}

void ChangeStrip::count()
{
    m_marks.assign(std::size_t(std::max(0, height())), {});
    m_isCounted = true;
    const int rows = m_view.rowCount();
    for (int row = 0; row < rows; ++row) {
        if (!m_view.isChangedRow(row))
            continue;
        const DiffRow place = m_view.row(row);
        const int from = int(qint64(row) * ends() / rows);
        const int to = std::max(from + 2, int(qint64(row + 1) * ends() / rows));
        for (int y = from; y < std::min(to, height()); ++y) {
            m_marks[std::size_t(y)].removed |= place.left >= 0;
            m_marks[std::size_t(y)].added |= place.right >= 0;
        }
    }
}

void ChangeStrip::paintEvent(QPaintEvent*)
{
    if (!m_isCounted)
        count();
    const Tokens& t = tokens();
    QPainter painter(this);
    painter.fillRect(rect(), t.panel);
    paintRule(painter, rect(), Qt::LeftEdge, t.lineFaint);
    const int half = (width() - px(5)) / 2;
    for (int y = 0; y < int(m_marks.size()); ++y) {
        if (m_marks[std::size_t(y)].removed)
            painter.fillRect(px(2), y, half, 1, t.deny);
        if (m_marks[std::size_t(y)].added)
            painter.fillRect(px(3) + half, y, half, 1, t.ok);
    }
    const int rows = m_view.rowCount();
    const QScrollBar& bar = *m_view.verticalScrollBar();
    if (rows == 0 || bar.maximum() == 0)
        return;
    const int top = int(qint64(bar.value()) * ends() / rows);
    const int bottom = int(qint64(std::min(rows, bar.value() + bar.pageStep())) * ends() / rows);
    QColor shade = t.text;
    shade.setAlphaF(t.highContrast ? 0 : 0.10F);
    paintRoundedRect(painter, QRectF(0.5, top, width() - 1, std::max(px(6), bottom - top)), px(2), shade,
                     t.highContrast ? t.text : QColor());
}

void ChangeStrip::resizeEvent(QResizeEvent*)
{
    countAnew();
}

void ChangeStrip::mousePressEvent(QMouseEvent* event)
{
    scrollTo(event->pos().y());
}

void ChangeStrip::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        scrollTo(event->pos().y());
}

void ChangeStrip::scrollTo(int y)
{
    QScrollBar& bar = *m_view.verticalScrollBar();
    bar.setValue(int(qint64(y) * m_view.rowCount() / std::max(1, ends())) - bar.pageStep() / 2);
}

} // namespace gatehouse::widgets
