#include "widgets/source/sourcetext.h"

#include <QScopedValueRollback>
#include <QTextBlock>
#include <QTextCursor>

#include "widgets/source/shieldedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

static constexpr std::size_t sliceBytes = 128u << 10;

SourceText::SourceText(WorkflowDocument& document, QTextDocument& text, QObject* parent)
    : QObject(parent), m_document(document), m_text(text)
{
    m_text.setUndoRedoEnabled(false);
    m_slices.setSingleShot(true);
    connect(&m_slices, &QTimer::timeout, this, &SourceText::fillSlice);
    connect(&m_text, &QTextDocument::contentsChange, this, [this](int position, int, int added) { noteChange(position, added); });
    // Passed on when the QTextDocument is at rest again: what the document's other views do then may not meet it half changed.
    connect(&m_text, &QTextDocument::contentsChanged, this, &SourceText::passOn);
    connect(&m_document, &WorkflowDocument::textChanged, this, &SourceText::take);
    connect(&m_document, &WorkflowDocument::stateChanged, this, [this] {
        if (!m_typing && m_index.bytes() != m_document.text().size())
            reload();
    });
    reload();
}

static bool hasLineBeyond(std::string_view text, std::size_t most)
{
    std::size_t start = 0;
    while (text.size() - start > most) {
        const std::size_t end = text.substr(start, most + 1).rfind('\n');
        if (end == std::string_view::npos)
            return true;
        start += end + 1;
    }
    return false;
}

void SourceText::reload()
{
    Q_EMIT reloading();
    m_index.assign(m_document.text());
    m_longLine = hasLineBeyond(m_document.text(), longestLine);
    m_filled = 0;
    m_whole = false;
    {
        const QScopedValueRollback writing(m_writing, true);
        m_text.clear();
        m_text.setUndoRedoEnabled(false); // clear() keeps it; setPlainText() would not
    }
    fillSlice();
    if (!m_whole)
        Q_EMIT wholeChanged();
}

// Whole lines, at least one.
static std::size_t endOfSlice(std::string_view text, std::size_t from)
{
    if (text.size() - from <= sliceBytes)
        return text.size();
    const std::size_t end = text.find('\n', from + sliceBytes);
    return end == std::string_view::npos ? text.size() : end + 1;
}

void SourceText::fillSlice()
{
    const std::string_view text = m_document.text();
    const std::size_t end = m_longLine ? text.size() : endOfSlice(text, m_filled);
    if (!m_longLine) {
        const int at = last();
        const QString slice = shielded(text.substr(m_filled, end - m_filled));
        replaceUnits(at, at, slice);
        Q_EMIT edited(at, int(slice.size()), Origin::Elsewhere);
    }
    m_filled = end;
    m_whole = m_filled == text.size();
    if (m_whole)
        Q_EMIT wholeChanged();
    else
        m_slices.start(0);
}

void SourceText::replaceUnits(int from, int to, const QString& text)
{
    const QScopedValueRollback writing(m_writing, true);
    QTextCursor cursor(&m_text);
    cursor.setPosition(from);
    cursor.setPosition(to, QTextCursor::KeepAnchor);
    cursor.insertText(text);
}

int SourceText::position(std::size_t offset) const
{
    const std::size_t line = m_index.lineAt(offset);
    const QTextBlock block = m_text.findBlockByNumber(int(line));
    if (!block.isValid())
        return last();
    return block.position() + int(unitsBefore(block.text(), offset - m_index.begin(line)));
}

std::size_t SourceText::offset(int position) const
{
    const QTextBlock block = m_text.findBlock(std::clamp(position, 0, last()));
    const QString line = block.text();
    // Never in the middle of a character.
    int column = position - block.position();
    if (column > 0 && column < line.size() && line[column].isLowSurrogate())
        --column;
    return m_index.begin(std::size_t(block.blockNumber())) + unshieldedSize(QStringView(line).left(column));
}

QString SourceText::units(int from, int to) const
{
    QString out;
    for (QTextBlock block = m_text.findBlock(from); block.isValid() && block.position() < to; block = block.next()) {
        const int start = std::max(0, from - block.position());
        const int end = std::min(block.length() - 1, to - block.position());
        out += QStringView(block.text()).mid(start, end - start);
        if (block.position() + block.length() <= to)
            out += u'\n';
    }
    return out;
}

void SourceText::noteChange(int position, int added)
{
    if (m_writing)
        return;
    // Qt may count the end of the last paragraph as changed, or more than was; what did not change is found in passOn().
    const int after = std::max(0, last() - position - added);
    const int begin = std::min(position, last());
    m_change = m_change ? Change{std::min(m_change->begin, begin), std::min(m_change->after, after)} : Change{begin, after};
}

static qsizetype commonBegin(QStringView a, QStringView b)
{
    const auto [inA, inB] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    const qsizetype common = inA - a.begin();
    return common > 0 && a[common - 1].isHighSurrogate() ? common - 1 : common;
}

static qsizetype commonEnd(QStringView a, QStringView b)
{
    const qsizetype most = std::min(a.size(), b.size());
    qsizetype common = 0;
    while (common < most && a[a.size() - 1 - common] == b[b.size() - 1 - common])
        ++common;
    return common > 0 && a[a.size() - common].isLowSurrogate() ? common - 1 : common;
}

void SourceText::passOn()
{
    if (!m_change || m_writing || m_typing)
        return;
    const Change change = *std::exchange(m_change, std::nullopt);
    if (!m_whole || m_longLine)
        return; // read-only then
    // Lines before the change and behind it are as they were, so the index of the text before says where they stand.
    const int end = last() - change.after;
    const QTextBlock endBlock = m_text.findBlock(end);
    const auto grown = std::ptrdiff_t(m_text.blockCount()) - std::ptrdiff_t(m_index.lines());
    const auto oldEndLine = std::size_t(std::ptrdiff_t(endBlock.blockNumber()) - grown);
    const QString endText = endBlock.text();
    const bool isLast = oldEndLine + 1 == m_index.lines();
    const std::size_t behind = unshieldedSize(QStringView(endText).mid(end - endBlock.position())) + (isLast ? 0 : 1);
    const std::size_t begin = offset(change.begin);
    const std::size_t oldEnd = m_index.begin(oldEndLine + 1) - behind;

    const QString before = shielded(std::string_view(m_document.text()).substr(begin, oldEnd - begin));
    const QString now = units(change.begin, end);
    const qsizetype same = commonBegin(before, now);
    const QStringView oldRest = QStringView(before).mid(same);
    const QStringView newRest = QStringView(now).mid(same);
    const qsizetype sameEnd = commonEnd(oldRest, newRest);
    const QStringView gone = oldRest.chopped(sameEnd);
    const QStringView come = newRest.chopped(sameEnd);
    if (gone.isEmpty() && come.isEmpty())
        return;

    TextEdit edit;
    edit.range.begin = begin + unshieldedSize(QStringView(before).left(same));
    edit.range.end = edit.range.begin + unshieldedSize(gone);
    edit.text = unshielded(come);
    const std::size_t removed = edit.range.end - edit.range.begin;
    {
        const QScopedValueRollback typing(m_typing, true);
        m_document.type(edit);
    }
    m_index.update(m_document.text(), edit.range.begin, removed, edit.text.size());
    const int place = change.begin + int(same);
    // What came in raw, from the clipboard or an input method, is shielded from now on.
    const QString safe = shielded(edit.text);
    if (safe != come)
        replaceUnits(place, place + int(come.size()), safe);
    if (m_index.bytes() != m_document.text().size()) {
        reload(); // the document did something else with it
        return;
    }
    Q_EMIT moved(edit.range.begin, removed, edit.text.size());
    Q_EMIT edited(place, int(safe.size()), Origin::Typing);
}

// One change where no line's end is between two: while the second is not made yet, its line reads as it does in neither text.
static std::vector<TextChange> apartByLines(const std::vector<TextChange>& changes, std::string_view text)
{
    std::vector<TextChange> out;
    for (const TextChange& change : changes) {
        const std::size_t behind = out.empty() ? 0 : out.back().begin + out.back().added;
        const std::string_view between = text.substr(behind, change.begin - behind);
        if (out.empty() || between.find('\n') != std::string_view::npos) {
            out.push_back(change);
            continue;
        }
        out.back().removed += between.size() + change.removed;
        out.back().added += between.size() + change.added;
    }
    return out;
}

bool SourceText::canTake(const std::vector<TextChange>& changes) const
{
    std::size_t size = m_index.bytes();
    std::size_t added = 0;
    for (const TextChange& change : changes) {
        if (change.begin + change.removed > size)
            return false;
        size = size - change.removed + change.added;
        added += change.added;
    }
    return m_whole && !m_longLine && added <= sliceBytes && size == m_document.text().size();
}

void SourceText::take(const std::vector<TextChange>& changes)
{
    if (m_typing)
        return;
    const std::string_view text = m_document.text();
    if (!canTake(changes))
        return reload();
    const std::vector<TextChange> apart = apartByLines(changes, text);
    for (const TextChange& change : apart)
        takeOne(change);
    if (std::ranges::any_of(apart,
                            [&](const TextChange& change) { return hasLineBeyond(text.substr(change.begin, change.added), longestLine); }))
        reload();
}

void SourceText::takeOne(const TextChange& change)
{
    Q_EMIT takingEdit();
    const auto& [begin, removed, added] = change;
    const std::string_view text = m_document.text();
    const int from = position(begin);
    const int to = position(begin + removed);
    const QString units = shielded(text.substr(begin, added));
    replaceUnits(from, to, units);
    m_index.update(text, begin, removed, added);
    Q_EMIT moved(begin, removed, added);
    Q_EMIT edited(from, int(units.size()), Origin::Elsewhere);
}

} // namespace gatehouse::widgets
