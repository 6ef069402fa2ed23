// What keyboard and mouse do in a PatchView.
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>

#include "widgets/diff/changestrip.h"
#include "widgets/diff/patchview.h"
#include "widgets/style/fonts.h"

namespace gatehouse::widgets {

void PatchView::keyPressEvent(QKeyEvent* event)
{
    if (!handleCommandKey(event) && !handleMoveKey(event))
        event->ignore();
}

bool PatchView::handleMoveKey(QKeyEvent* event)
{
    const bool extend = event->modifiers() & Qt::ShiftModifier;
    const bool control = event->modifiers() & Qt::ControlModifier;
    const int page = std::max(1, verticalScrollBar()->pageStep() - 1);
    switch (event->key()) {
    case Qt::Key_Down:
        return moveTo(m_current + 1, extend), true;
    case Qt::Key_Up:
        return moveTo(m_current - 1, extend), true;
    case Qt::Key_PageDown:
        return moveTo(m_current + page, extend), true;
    case Qt::Key_PageUp:
        return moveTo(m_current - page, extend), true;
    case Qt::Key_Home:
        return moveTo(0, extend), true;
    case Qt::Key_End:
        return moveTo(rowCount() - 1, extend), true;
    case Qt::Key_Left:
        if (control)
            return setCurrentSide(DiffSide::Old), true;
        if (!foldAtCurrent(true))
            horizontalScrollBar()->triggerAction(QScrollBar::SliderSingleStepSub);
        return true;
    case Qt::Key_Right:
        if (control)
            return setCurrentSide(DiffSide::New), true;
        if (!foldAtCurrent(false))
            horizontalScrollBar()->triggerAction(QScrollBar::SliderSingleStepAdd);
        return true;
    default:
        return false;
    }
}

bool PatchView::handleCommandKey(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        return copy(m_shown == DiffLayout::Inline ? selectedText() : selectedText(m_side)), true;
    if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        return moveTo(rowCount() - 1, true), true;
    }
    const Direction direction = event->modifiers() & Qt::ShiftModifier ? Direction::Back : Direction::Forward;
    const bool control = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_F7:
        control ? goToFile(direction) : goToChange(direction);
        return true;
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return m_current >= 0 && foldAtCurrent(!isFolded(row(m_current).line()));
    default:
        return false;
    }
}

bool PatchView::isHeading(int line) const
{
    const PatchLineKind kind = m_document->patch.lines[std::size_t(line)].kind;
    return kind == PatchLineKind::File || kind == PatchLineKind::Hunk;
}

// False when the current row has nothing to fold, or is so already.
bool PatchView::foldAtCurrent(bool fold)
{
    if (m_current < 0 || !isHeading(row(m_current).line()) || isFolded(row(m_current).line()) == fold)
        return false;
    toggleFold(row(m_current).line());
    return true;
}

void PatchView::copy(const QString& text) const
{
    QApplication::clipboard()->setText(text);
}

int PatchView::rowAt(QPoint position) const
{
    const int row = verticalScrollBar()->value() + position.y() / rowHeight();
    return row >= 0 && row < rowCount() ? row : -1;
}

QRect PatchView::rowRect(int row) const
{
    if (row < 0 || row >= rowCount())
        return {};
    const QRect place(0, (row - verticalScrollBar()->value()) * rowHeight(), viewport()->width(), rowHeight());
    return place & viewport()->rect();
}

DiffSide PatchView::sideAt(QPoint position) const
{
    return sideRect(DiffSide::Old, viewport()->rect()).contains(position) ? DiffSide::Old : DiffSide::New;
}

void PatchView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || m_rows.empty())
        return;
    if (stickyFile() >= 0 && event->pos().y() < rowHeight())
        return goToFile(stickyFile());
    const int row = rowAt(event->pos());
    if (row < 0)
        return;
    if (m_shown == DiffLayout::SideBySide)
        m_side = sideAt(event->pos());
    moveTo(row, event->modifiers() & Qt::ShiftModifier);
    const int line = m_rows[std::size_t(row)].line();
    if (isHeading(line) && event->pos().x() < chevronWidth())
        toggleFold(line);
}

void PatchView::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_rows.empty())
        return;
    const int row = verticalScrollBar()->value() + event->pos().y() / rowHeight() - (event->pos().y() < 0 ? 1 : 0);
    moveTo(row, true);
}

void PatchView::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_rows.empty())
        return;
    QMenu menu(this);
    menu.addAction(tr("Copy the &old lines"), this, [this] { copy(selectedText(DiffSide::Old)); });
    menu.addAction(tr("Copy the &new lines"), this, [this] { copy(selectedText(DiffSide::New)); });
    menu.addAction(tr("Copy as a &patch"), this, [this] { copy(selectedPatch()); });
    menu.addSeparator();
    menu.addAction(tr("&Fold all"), this, &PatchView::foldAllHunks);
    menu.addAction(tr("&Unfold all"), this, &PatchView::unfoldAll);
    const QRect current = rowRect(m_current);
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard && !current.isEmpty();
    menu.exec(byKey ? viewport()->mapToGlobal(current.bottomLeft()) : event->globalPos());
}

bool PatchView::event(QEvent* event)
{
    if (event->type() == QEvent::LayoutDirectionChange)
        placeStrip();
    return QAbstractScrollArea::event(event);
}

void PatchView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    placeStrip();
    chooseLayout();
    updateScrollBars();
}

void PatchView::scrollContentsBy(int, int)
{
    viewport()->update();
    m_strip->update();
    if (m_current < 0)
        noteCurrent();
}

void PatchView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void PatchView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void PatchView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::StyleChange)
        return;
    viewport()->update();
    m_strip->update();
}

QSize PatchView::sizeHint() const
{
    return {px(420), rowHeight() * 16};
}

QSize PatchView::minimumSizeHint() const
{
    return {px(120), rowHeight() * 3};
}

} // namespace gatehouse::widgets
