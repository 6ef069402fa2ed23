// LogRows: which line stands in which row of the screen. Without wrapping a row is a line; with it a line takes as many rows as it needs.
//
// Programs' output is wrapped where the columns end, as a terminal does; words of models and notes between words. Values; one thread.
#pragma once

#include "widgets/terminal/logstore.h"

#include <deque>
#include <vector>

namespace gatehouse::widgets {

class LogRows {
public:
    // 0: no wrapping. Everything is laid out anew.
    void setColumns(int columns, const LogStore& store);
    [[nodiscard]] int columns() const { return m_columns; }
    // The store has more lines, fewer, or a longer last one. Costs what is new.
    void follow(const LogStore& store);

    [[nodiscard]] int count() const;
    struct Place {
        std::uint64_t line = 0;
        int row = 0; // within the line
    };
    [[nodiscard]] Place at(int row) const;
    // The first row of a line.
    [[nodiscard]] int rowOf(std::uint64_t line) const;
    // The columns at which a line's rows begin; the first is 0.
    [[nodiscard]] std::vector<int> starts(const LogStore& store, std::uint64_t line) const;

private:
    [[nodiscard]] int rowsOf(const LogStore& store, std::uint64_t line) const;

    int m_columns = 0;
    std::uint64_t m_first = 0; // line
    std::uint64_t m_end = 0;   // behind the last known line
    bool m_lastOpen = false;
    std::deque<std::uint64_t> m_ends; // rows up to and with each line, of all that ever were; only with wrapping
    std::uint64_t m_gone = 0;         // rows of lines that went
};

} // namespace gatehouse::widgets
