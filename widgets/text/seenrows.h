// SeenRows: which rows of a text have been drawn on the screen. In any order, but each one: a jump to the end shows the end only.
//
// Rows belong to lines and change when a text is wrapped anew; a line counts as seen after that if all its rows were. One thread.
#pragma once

#include <algorithm>
#include <vector>

namespace gatehouse::widgets {

class SeenRows {
public:
    void reset(int rows)
    {
        m_seen.assign(std::size_t(rows), false);
        m_left = rows;
        m_first = 0;
    }

    // Rows [first, end) have been drawn.
    void note(int first, int end)
    {
        for (int row = std::max(0, first); row < std::min(end, int(m_seen.size())); ++row) {
            if (m_seen[std::size_t(row)])
                continue;
            m_seen[std::size_t(row)] = true;
            --m_left;
        }
        while (m_first < int(m_seen.size()) && m_seen[std::size_t(m_first)])
            ++m_first;
    }

    [[nodiscard]] bool contains(int row) const { return m_seen[std::size_t(row)]; }
    // How many have not been drawn, and the first of them; the number of rows when there is none.
    [[nodiscard]] int left() const { return m_left; }
    [[nodiscard]] int firstUnseen() const { return m_first; }

private:
    std::vector<bool> m_seen;
    int m_left = 0;
    int m_first = 0;
};

} // namespace gatehouse::widgets
