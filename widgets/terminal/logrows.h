// LogRows: which line stands in which row of the screen. Without wrapping a row is a line; with it a line takes as many rows as it needs.
//
// Programs' output is wrapped where the columns end, as a terminal does; words of models and notes between words. Behind a wrapped line
// that was cut there is one more row, to say so in. Values; one thread.
#pragma once

#include "widgets/terminal/logstore.h"

#include <QDeadlineTimer>

#include <deque>
#include <vector>

namespace gatehouse::widgets {

class LogRows {
public:
    // 0: no wrapping. Of no lines until it follows a store.
    explicit LogRows(int columns = 0) : m_columns(columns) { }
    [[nodiscard]] int columns() const { return m_columns; }
    // The store has more lines, fewer, or a longer last one. Costs what is new. False: at the deadline there were lines left, lay them out
    // by calling again; until then this is of no use.
    bool follow(const LogStore& store, QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));

    [[nodiscard]] int count() const;
    struct Place {
        std::uint64_t line = 0;
        int row = 0; // within the line
    };
    [[nodiscard]] Place at(int row) const;
    // The first row of a line.
    [[nodiscard]] int rowOf(std::uint64_t line) const;
    // The columns at which a line's rows begin; the first is 0. Of a wrapped line that was cut the last one is its width.
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
