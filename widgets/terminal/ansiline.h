// AnsiLine: one line as a terminal would show it, on a grid of columns, with what can't be shown as visible escapes.
//
// AnsiLineBuilder makes it from what AnsiParser tells; it is bounded: by mostColumns in width, and in work by the bytes that came, so that
// neither a line of megabytes nor a million erasures cost more than reading them. Who makes many lines passes on what one has left to the
// next, so that neither do a million short lines that reach far. Values; one thread at a time.
#pragma once

#include "core/approval/span.h"
#include "widgets/terminal/ansiparser.h"

#include <QString>

#include <algorithm>
#include <vector>

namespace gatehouse::widgets {

// Characters of one style, side by side.
struct AnsiSpan {
    int start = 0; // UTF-16 units of the text
    int length = 0;
    AnsiStyle style;
    bool operator==(const AnsiSpan&) const = default;
};

struct AnsiLine {
    QString text;
    std::vector<AnsiSpan> spans;        // without gaps from the first unit to the last; none of a line without a style
    std::vector<std::uint16_t> columns; // of each unit, where not every unit is one column wide; else empty
    int width = 0;                      // columns
    bool cut = false;                   // there was more than is shown

    [[nodiscard]] int columnAt(int unit) const;
    // The first unit that begins at the column or behind it; the text's length: none.
    [[nodiscard]] int unitAt(int column) const;
    [[nodiscard]] QString textBetween(int fromColumn, int toColumn) const;
    // Bytes of memory.
    [[nodiscard]] std::size_t footprint() const;
    bool operator==(const AnsiLine&) const = default;
};

class AnsiLineBuilder final : public AnsiSink {
public:
    static constexpr int mostColumns = 16384;
    static constexpr int tabWidth = 8;
    // Cells that may be filled or erased without having come as text: so many at first, and some more for each byte.
    static constexpr std::size_t fullCredit = 64 * 1024;
    static constexpr std::size_t creditPerByte = 16;

    AnsiLineBuilder() = default;
    explicit AnsiLineBuilder(std::size_t credit) : m_credit(credit) { }

    void plain(std::string_view text, const AnsiStyle& style) override;
    void character(char32_t c, const AnsiStyle& style) override;
    void invalid(unsigned char byte) override;
    void control(unsigned char c) override;
    void erase(Erase what) override;
    void moveBy(int columns) override;
    void moveTo(int column) override;

    void clear();
    [[nodiscard]] AnsiLine line() const;
    // What is left, for the next line's builder; never more than there was at first.
    [[nodiscard]] std::size_t credit() const { return std::min(m_credit, fullCredit); }

private:
    // What stands in a column. Behind a wide character's column is one with no character.
    struct Cell {
        char32_t character = U' ';       // 0: the second half
        std::array<char32_t, 2> marks{}; // combining
        AnsiStyle style;
        bool blank = false; // never written: none of the text where nothing stands behind it
    };
    static constexpr Cell nothing{U' ', {}, {}, true};

    [[nodiscard]] bool pay(std::size_t cells);
    [[nodiscard]] bool reach(int column);
    void put(char32_t c, const AnsiStyle& style, int width);
    void halve(int column);
    void mark(approval::SpanKind kind, std::string_view name);
    void combine(char32_t c);

    std::vector<Cell> m_cells;
    int m_cursor = 0;
    int m_markEnd = -1; // behind the last mark, while nothing was written or moved since
    approval::SpanKind m_markKind = approval::SpanKind::Text;
    bool m_cut = false;
    std::size_t m_credit = fullCredit;
};

} // namespace gatehouse::widgets
