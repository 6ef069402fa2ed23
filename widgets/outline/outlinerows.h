// Makes one list of rows equal to another by the fewest announced changes: what is gone is removed, what is new inserted, what
// changed its place moved. A row that is gone where a new one stands is the same row renamed. Internal to OutlineModel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gatehouse::widgets {

// Steps: remove(i), insert(i, Item&& new), move(from, to), change(i, Item& new).
template <typename Item, typename Same, typename Steps>
void followRows(std::vector<Item>& rows, std::vector<Item>& now, Same same, Steps& steps)
{
    const auto standsIn = [&same](const std::vector<Item>& list, const Item& item) {
        return std::ranges::any_of(list, [&](const Item& each) { return same(each, item); });
    };
    const bool couldBeRenamed = rows.size() == now.size();
    // An edit changes few of many: what is in its place at either end is not searched for.
    const std::size_t shorter = std::min(rows.size(), now.size());
    std::size_t front = 0;
    while (front < shorter && same(rows[front], now[front]))
        ++front;
    std::size_t back = 0;
    while (back < shorter - front && same(rows[rows.size() - 1 - back], now[now.size() - 1 - back]))
        ++back;
    for (std::size_t i = rows.size() - back; i-- > front;) {
        if (standsIn(now, rows[i]))
            continue;
        if (couldBeRenamed && !standsIn(rows, now[i]))
            steps.change(i, now[i]);
        else
            steps.remove(i);
    }
    for (std::size_t i = 0; i < now.size(); ++i) {
        std::size_t at = i;
        while (at < rows.size() && !same(rows[at], now[i]))
            ++at;
        if (at == rows.size()) {
            steps.insert(i, now[i]);
            continue;
        }
        if (at != i)
            steps.move(at, i);
        steps.change(i, now[i]);
    }
}

} // namespace gatehouse::widgets
