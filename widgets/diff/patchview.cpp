#include "widgets/diff/patchview.h"

#include <QAccessible>
#include <QScrollBar>

#include <algorithm>

#include "widgets/diff/changestrip.h"
#include "widgets/diff/diffline.h"
#include "widgets/style/fonts.h"

namespace gatehouse::widgets {

PatchView::PatchView(QWidget* parent)
    : QAbstractScrollArea(parent), m_document(std::make_shared<DiffDocument>()), m_strip(new ChangeStrip(*this))
{
    makeAccessible(); // first: a name that is set makes a face, and Qt keeps it
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::IBeamCursor);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    connect(&m_ink, &DiffInk::changed, this, [this] { viewport()->update(); });
    placeStrip();
}

int PatchView::rowHeight() const
{
    return px(20);
}

void PatchView::setDocument(DiffDocumentPtr document)
{
    m_document = std::move(document);
    m_ink.setDocument(m_document);
    m_folded.clear();
    m_current = m_anchor = m_notedFile = -1;
    m_widest = int(std::min(m_document->longestLine, longestCutLine));
    m_rows.clear(); // before anything scrolls: they are of the document before
    verticalScrollBar()->setValue(0);
    horizontalScrollBar()->setValue(0);
    chooseLayout();
    rebuildRows();
}

void PatchView::setChosenLayout(DiffLayout layout)
{
    m_chosen = layout;
    chooseLayout();
}

// Two columns of numbers and of about forty characters.
int PatchView::sideBySideWidth()
{
    return px(640);
}

void PatchView::chooseLayout()
{
    const DiffLayout fits = viewport()->width() >= sideBySideWidth() ? m_chosen : DiffLayout::Inline;
    const bool changed = fits != m_shown;
    m_shown = fits;
    if (changed)
        rebuildRows();
    Q_EMIT layoutChanged();
}

void PatchView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

// The current line stays current, and where it was on the screen.
void PatchView::rebuildRows()
{
    const int line = m_current >= 0 && m_current < rowCount() ? row(m_current).line() : -1;
    const int top = m_current - verticalScrollBar()->value();
    const int topLine = verticalScrollBar()->value() < rowCount() ? row(verticalScrollBar()->value()).line() : -1;
    m_rows.clear();
    const Patch& patch = m_document->patch;
    bool fileFolded = false;
    bool hunkFolded = false;
    for (const DiffRow& row : m_document->rows(m_shown)) {
        const PatchLineKind kind = patch.lines[std::size_t(row.line())].kind;
        if (kind == PatchLineKind::File) {
            fileFolded = isFolded(row.line());
            hunkFolded = false;
        } else if (kind == PatchLineKind::Hunk) {
            hunkFolded = isFolded(row.line());
        }
        const bool heads = kind == PatchLineKind::File || (kind == PatchLineKind::Hunk && !fileFolded);
        // What stands behind a hunk without being part of it stays: it is about the file.
        const bool inFolded = hunkFolded && (kind >= PatchLineKind::Context || m_document->hunkOf(row.line()) >= 0);
        if (heads || (!fileFolded && !inFolded))
            m_rows.push_back(row);
    }
    ++m_generation;
    m_current = m_anchor = line >= 0 ? rowOfLine(line) : -1;
    updateScrollBars();
    if (m_current >= 0)
        verticalScrollBar()->setValue(std::max(0, m_current - std::max(0, top)));
    else if (topLine >= 0)
        verticalScrollBar()->setValue(rowOfLine(topLine));
    m_strip->countAnew();
    viewport()->update();
    noteCurrent();
}

// The row that shows the line, or the nearest before it: its heading, when it is folded away.
int PatchView::rowOfLine(int line) const
{
    int found = m_rows.empty() ? -1 : 0;
    for (int i = 0; i < rowCount(); ++i) {
        const DiffRow& place = m_rows[std::size_t(i)];
        if (place.left == line || place.right == line)
            return i;
        if (place.line() < line)
            found = i;
    }
    return found;
}

void PatchView::updateScrollBars()
{
    const int page = std::max(1, viewport()->height() / rowHeight());
    verticalScrollBar()->setRange(0, std::max(0, rowCount() - page));
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setSingleStep(1);
    const int room = sideRect(DiffSide::New, viewport()->rect()).width() - gutterWidth();
    horizontalScrollBar()->setRange(0, m_rows.empty() ? 0 : std::max(0, textWidth() - room));
    horizontalScrollBar()->setPageStep(std::max(1, room));
    horizontalScrollBar()->setSingleStep(QFontMetrics(monoFont()).horizontalAdvance(u'0') * 4);
}

void PatchView::placeStrip()
{
    const int width = m_strip->sizeHint().width();
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    setViewportMargins(mirrored ? width : 0, 0, mirrored ? 0 : width, 0);
    const QRect view = viewport()->geometry();
    m_strip->setGeometry(mirrored ? view.left() - width : view.right() + 1, view.top(), width, view.height());
}

void PatchView::setCurrentRow(int row)
{
    moveTo(row, false);
}

void PatchView::moveTo(int row, bool extend)
{
    const int target = m_rows.empty() ? -1 : std::clamp(row, 0, rowCount() - 1);
    if (!extend || m_anchor < 0)
        m_anchor = extend && m_current >= 0 ? m_current : target;
    m_current = target;
    scrollTo(target);
    viewport()->update();
    noteCurrent();
    if (target >= 0 && QAccessible::isActive()) {
        QAccessibleEvent event(this, QAccessible::Focus);
        event.setChild(target);
        QAccessible::updateAccessibility(&event);
    }
}

// Below the heading that stays on top.
void PatchView::scrollTo(int row)
{
    if (row < 0)
        return;
    const int page = verticalScrollBar()->pageStep();
    const bool heads = m_document->patch.lines[std::size_t(m_rows[std::size_t(row)].line())].kind == PatchLineKind::File;
    const int covered = heads || m_document->patch.files.empty() || page < 3 ? 0 : 1;
    if (row < verticalScrollBar()->value() + covered)
        verticalScrollBar()->setValue(std::max(0, row - covered));
    else if (row >= verticalScrollBar()->value() + page)
        verticalScrollBar()->setValue(row - page + 1);
}

void PatchView::setCurrentSide(DiffSide side)
{
    m_side = side;
    viewport()->update();
}

int PatchView::fileOfRow(int row) const
{
    return row >= 0 && row < rowCount() ? m_document->patch.lines[std::size_t(m_rows[std::size_t(row)].line())].file : -1;
}

int PatchView::currentFile() const
{
    return m_current >= 0 ? fileOfRow(m_current) : fileOfRow(verticalScrollBar()->value());
}

int PatchView::stickyFile() const
{
    const int top = verticalScrollBar()->value();
    const int file = fileOfRow(top);
    if (file < 0)
        return -1;
    return m_rows[std::size_t(top)].line() == m_document->patch.files[std::size_t(file)].firstLine ? -1 : file;
}

void PatchView::noteCurrent()
{
    const int file = currentFile();
    if (file == m_notedFile)
        return;
    m_notedFile = file;
    Q_EMIT currentFileChanged(file);
}

bool PatchView::isChangedRow(int row) const
{
    return m_document->patch.isChange(m_rows[std::size_t(row)].line());
}

bool PatchView::goToChange(Direction direction)
{
    const int step = int(direction);
    const int from = m_current >= 0 ? m_current : direction == Direction::Forward ? -1 : rowCount();
    for (int row = from + step; row >= 0 && row < rowCount(); row += step) {
        if (!isChangedRow(row) || (row > 0 && isChangedRow(row - 1)))
            continue;
        // Some of what is around it is to be seen too.
        const int page = verticalScrollBar()->pageStep();
        if (row < verticalScrollBar()->value() + 2 || row >= verticalScrollBar()->value() + page - 2)
            verticalScrollBar()->setValue(row - page / 3);
        moveTo(row, false);
        return true;
    }
    return false;
}

bool PatchView::goToFile(Direction direction)
{
    const int files = int(m_document->patch.files.size());
    int file = currentFile();
    const bool atHeading = m_current >= 0 && file >= 0 && row(m_current).line() == m_document->patch.files[std::size_t(file)].firstLine;
    // Back from within a file is to its own heading first.
    if (direction == Direction::Forward || atHeading || m_current < 0)
        file += int(direction);
    if (file < 0 || file >= files)
        return false;
    goToFile(file);
    return true;
}

void PatchView::goToFile(int file)
{
    if (file < 0 || file >= int(m_document->patch.files.size()))
        return;
    const int row = rowOfLine(m_document->patch.files[std::size_t(file)].firstLine);
    verticalScrollBar()->setValue(row);
    moveTo(row, false);
}

void PatchView::toggleFold(int line)
{
    if (!m_folded.erase(line))
        m_folded.insert(line);
    rebuildRows();
}

void PatchView::foldAllHunks()
{
    for (const DiffHunk& hunk : m_document->hunks)
        m_folded.insert(hunk.heading);
    rebuildRows();
}

void PatchView::unfoldAll()
{
    m_folded.clear();
    rebuildRows();
}

std::pair<int, int> PatchView::selection() const
{
    if (m_current < 0)
        return {0, rowCount() - 1};
    return std::minmax(m_current, m_anchor < 0 ? m_current : m_anchor);
}

bool PatchView::isSelected(int row) const
{
    const auto [first, last] = selection();
    return m_current >= 0 && row >= first && row <= last;
}

QString PatchView::selectedLines(std::initializer_list<DiffSide> sides) const
{
    const auto [first, last] = selection();
    QStringList code;
    QStringList headings;
    for (int i = first; i <= last; ++i) {
        int before = -1;
        for (const DiffSide side : sides) {
            const int line = row(i).on(side);
            if (line < 0 || line == before)
                continue;
            before = line;
            const bool isCode = m_document->patch.lines[std::size_t(line)].kind >= PatchLineKind::Context;
            (isCode ? code : headings) << copiedLine(m_document->patch, line);
        }
    }
    return (code.isEmpty() ? headings : code).join(u'\n');
}

QString PatchView::selectedText(DiffSide side) const
{
    return selectedLines({side});
}

QString PatchView::selectedText() const
{
    return selectedLines({DiffSide::Old, DiffSide::New});
}

QString PatchView::selectedPatch() const
{
    const Patch& patch = m_document->patch;
    const auto [first, last] = selection();
    QStringList lines;
    const auto put = [&](int line) {
        const PatchLineKind kind = patch.lines[std::size_t(line)].kind;
        const QChar sign = kind == PatchLineKind::Added ? u'+' : kind == PatchLineKind::Removed ? u'-' : u' ';
        lines << (kind >= PatchLineKind::Context ? QString(sign) : QString()) + copiedLine(patch, line);
    };
    for (int i = first; i <= last; ++i) {
        const DiffRow place = row(i);
        if (place.left >= 0)
            put(place.left);
        if (place.right >= 0 && place.right != place.left)
            put(place.right);
    }
    return lines.join(u'\n');
}

} // namespace gatehouse::widgets
