#include "widgets/terminal/ansiline.h"

#include "core/base/utf8.h"

#include <QChar>

#include <algorithm>
#include <cstdio>

namespace gatehouse::widgets {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// East Asian wide and full-width characters, and emoji that terminals draw over two columns.
constexpr std::array wideRanges = {
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x23E9, 0x23EC},   Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},
    Range{0x2693, 0x2693},   Range{0x26A1, 0x26A1},   Range{0x26AA, 0x26AB},   Range{0x26BD, 0x26BE},   Range{0x26C4, 0x26C5},
    Range{0x26CE, 0x26CE},   Range{0x26D4, 0x26D4},   Range{0x26EA, 0x26EA},   Range{0x26F2, 0x26F3},   Range{0x26F5, 0x26F5},
    Range{0x26FA, 0x26FA},   Range{0x26FD, 0x26FD},   Range{0x2705, 0x2705},   Range{0x270A, 0x270B},   Range{0x2728, 0x2728},
    Range{0x274C, 0x274C},   Range{0x274E, 0x274E},   Range{0x2753, 0x2755},   Range{0x2757, 0x2757},   Range{0x2795, 0x2797},
    Range{0x27B0, 0x27B0},   Range{0x2B1B, 0x2B1C},   Range{0x2B50, 0x2B50},   Range{0x2B55, 0x2B55},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF01, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
    Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x1FA70, 0x1FAFF}, Range{0x20000, 0x3FFFD},
};

bool isWide(char32_t c)
{
    const auto found = std::ranges::lower_bound(wideRanges, c, {}, &Range::last);
    return found != wideRanges.end() && c >= found->first;
}

bool isCombining(char32_t c)
{
    const QChar::Category category = QChar::category(c);
    return category == QChar::Mark_NonSpacing || category == QChar::Mark_SpacingCombining;
}

approval::Span spanOf(char32_t c, std::string_view before)
{
    std::string bytes(before);
    appendUtf8(bytes, c);
    return approval::escape(bytes).back();
}

void append(QString& text, char32_t c)
{
    if (c > 0xFFFF)
        text += QChar(QChar::highSurrogate(c));
    text += c > 0xFFFF ? QChar(QChar::lowSurrogate(c)) : QChar(char16_t(c));
}

} // namespace

int AnsiLine::columnAt(int unit) const
{
    if (unit >= text.size())
        return width;
    return columns.empty() ? unit : columns[std::size_t(std::max(unit, 0))];
}

int AnsiLine::unitAt(int column) const
{
    if (columns.empty())
        return std::clamp(column, 0, int(text.size()));
    return int(std::ranges::lower_bound(columns, column) - columns.begin());
}

QString AnsiLine::textBetween(int fromColumn, int toColumn) const
{
    const int from = unitAt(fromColumn);
    return text.mid(from, std::max(0, unitAt(toColumn) - from));
}

std::size_t AnsiLine::footprint() const
{
    return sizeof(AnsiLine) + std::size_t(text.size()) * 2 + spans.size() * sizeof(AnsiSpan) + columns.size() * 2;
}

void AnsiLineBuilder::clear()
{
    *this = {};
}

bool AnsiLineBuilder::pay(std::size_t cells)
{
    m_cut = m_cut || cells > m_credit;
    if (cells > m_credit)
        return false;
    m_credit -= cells;
    return true;
}

// Columns up to this one stand there, blank; false where there can be none.
bool AnsiLineBuilder::reach(int column)
{
    const auto missing = std::size_t(std::max(0, column - int(m_cells.size())));
    if (column >= mostColumns || (missing > 0 && !pay(missing))) {
        m_cut = true;
        return false;
    }
    if (missing > 0)
        m_cells.resize(std::size_t(column), nothing);
    return true;
}

// What is half overwritten is gone.
void AnsiLineBuilder::halve(int column)
{
    const auto at = std::size_t(column);
    if (at < m_cells.size() && m_cells[at].character == 0 && at > 0)
        m_cells[at] = m_cells[at - 1] = Cell();
}

void AnsiLineBuilder::put(char32_t c, const AnsiStyle& style, int width)
{
    if (!reach(m_cursor) || m_cursor + width > mostColumns) {
        m_cut = true;
        return;
    }
    halve(m_cursor);
    halve(m_cursor + width);
    const auto at = std::size_t(m_cursor);
    if (m_cells.size() < at + std::size_t(width))
        m_cells.resize(at + std::size_t(width));
    m_cells[at] = {c, {}, style, false};
    if (width == 2)
        m_cells[at + 1] = {0, {}, style, false};
    m_cursor += width;
}

void AnsiLineBuilder::plain(std::string_view text, const AnsiStyle& style)
{
    m_credit += text.size() * creditPerByte;
    m_markEnd = -1;
    for (const char c : text) {
        if (m_cursor >= mostColumns) {
            m_cut = true;
            return;
        }
        put(char32_t(c), style, 1);
    }
}

void AnsiLineBuilder::character(char32_t c, const AnsiStyle& style)
{
    m_credit += creditPerByte * 2;
    if (isCombining(c))
        return combine(c);
    const QChar::Category category = QChar::category(c);
    const bool special = category < QChar::Number_DecimalDigit || category == QChar::Separator_Space || category >= QChar::Separator_Line;
    const bool filler = c == 0x115F || c == 0x1160 || c == 0x2800 || c == 0x3164 || c == 0xFFA0 || (c & 0xFFFE) == 0xFFFE;
    const bool letterOrSign = category >= QChar::Letter_Uppercase && !filler;
    if (!letterOrSign && (special || filler)) {
        const approval::Span span = spanOf(c, {});
        if (span.kind != approval::SpanKind::Text && span.kind != approval::SpanKind::Homoglyph)
            return mark(span.kind, span.text);
    }
    m_markEnd = -1;
    put(c, style, isWide(c) ? 2 : 1);
}

// On the character before the cursor where one stands and has room; else it is shown by name.
void AnsiLineBuilder::combine(char32_t c)
{
    int column = m_cursor - 1;
    if (column >= 0 && column < int(m_cells.size()) && m_cells[std::size_t(column)].character == 0)
        --column;
    const bool stands = column >= 0 && column < int(m_cells.size()) && !m_cells[std::size_t(column)].blank &&
        !m_cells[std::size_t(column)].style.has(AnsiStyle::Mark) && m_cells[std::size_t(column)].character > U' ';
    const approval::Span span = spanOf(c, stands ? "a" : "");
    if (stands && span.kind == approval::SpanKind::Text) {
        for (char32_t& place : m_cells[std::size_t(column)].marks) {
            if (place == 0) {
                place = c;
                return;
            }
        }
    }
    const approval::Span alone = spanOf(c, {});
    mark(alone.kind, alone.text);
}

void AnsiLineBuilder::invalid(unsigned char byte)
{
    std::array<char, 4> name;
    std::snprintf(name.data(), name.size(), "%02X", byte);
    mark(approval::SpanKind::Invalid, name.data());
}

// As markedText() groups them: what follows its like shares the brackets.
void AnsiLineBuilder::mark(approval::SpanKind kind, std::string_view name)
{
    AnsiStyle style;
    style.flags = AnsiStyle::Mark;
    const bool more = m_markEnd == m_cursor && m_markKind == kind && m_cursor > 0 && m_cursor < mostColumns;
    if (more)
        --m_cursor;
    put(more ? U' ' : U'[', style, 1);
    for (const char c : name)
        put(char32_t(c), style, 1);
    put(U']', style, 1);
    m_markEnd = m_cursor;
    m_markKind = kind;
}

void AnsiLineBuilder::control(unsigned char c)
{
    m_credit += creditPerByte;
    switch (c) {
    case '\r':
        return moveTo(0);
    case '\b':
        return moveBy(-1);
    case '\t':
        return moveTo((m_cursor / tabWidth + 1) * tabWidth);
    default:
        break;
    }
    std::array<char, 8> name;
    std::snprintf(name.data(), name.size(), "U+%04X", c);
    mark(approval::SpanKind::Control, name.data());
}

void AnsiLineBuilder::moveBy(int columns)
{
    moveTo(m_cursor + columns);
}

void AnsiLineBuilder::moveTo(int column)
{
    m_credit += creditPerByte;
    m_markEnd = -1;
    m_cursor = std::clamp(column, 0, mostColumns);
}

void AnsiLineBuilder::erase(Erase what)
{
    m_credit += creditPerByte;
    m_markEnd = -1;
    const auto at = std::size_t(m_cursor);
    if (what == Erase::All)
        return m_cells.clear();
    if (what == Erase::ToEnd) {
        halve(m_cursor);
        m_cells.resize(std::min(m_cells.size(), at));
        return;
    }
    const std::size_t end = std::min(at + 1, m_cells.size());
    if (!pay(end))
        return;
    halve(int(end));
    std::fill_n(m_cells.begin(), end, nothing);
}

AnsiLine AnsiLineBuilder::line() const
{
    AnsiLine line;
    line.cut = m_cut;
    std::size_t end = m_cells.size();
    while (end > 0 && m_cells[end - 1].blank)
        --end;
    line.width = int(end);
    line.text.reserve(qsizetype(end));
    const auto cells = std::span(m_cells).first(end);
    const bool regular = std::ranges::all_of(cells, [](const Cell& cell) { return cell.character - 1 < 0xFFFF && cell.marks[0] == 0; });
    for (std::size_t column = 0; column < end; ++column) {
        const Cell& cell = cells[column];
        if (cell.character == 0)
            continue;
        const int start = int(line.text.size());
        append(line.text, cell.character);
        for (const char32_t mark : cell.marks)
            if (mark != 0)
                append(line.text, mark);
        const int length = int(line.text.size()) - start;
        if (!regular)
            line.columns.insert(line.columns.end(), std::size_t(length), std::uint16_t(column));
        if (line.spans.empty() || line.spans.back().style != cell.style)
            line.spans.push_back({start, 0, cell.style});
        line.spans.back().length += length;
    }
    if (line.spans.size() == 1 && line.spans[0].style == AnsiStyle())
        line.spans.clear();
    return line;
}

} // namespace gatehouse::widgets
