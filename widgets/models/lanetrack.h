// LaneTrack: intervals of time one after the other, as one line of bars, with what is needed to paint any stretch of a million of
// them at the cost of its pixels.
//
// Items come in the order of their beginnings; one that is not over when the next begins is shown up to there. Above the items
// stands a pyramid: what states occur in each 4, 16, 64 … of them, one byte each, so that the one denial in a million is found
// in some ten steps. Appending is amortised O(1), a change and a question O(log n). A value; GUI thread.
#pragma once

#include "widgets/models/runrow.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace gatehouse::widgets {

// Which states occur: one bit each, the worse the higher.
using StateMask = std::uint8_t;
[[nodiscard]] StateMask maskOf(RowState state);
// Of a mask that is not empty.
[[nodiscard]] RowState worstOf(StateMask mask);
// What a person should look at: asks, unknown, failed, denied.
[[nodiscard]] StateMask problemMask();

struct LaneItem {
    static constexpr std::int64_t goesOn = std::numeric_limits<std::int64_t>::max();
    std::int64_t start = 0; // ms since 1970
    std::int64_t end = goesOn;
    int row = 0;
    RowState state = RowState::Note;
    bool operator==(const LaneItem&) const = default;
};

class LaneTrack {
public:
    [[nodiscard]] std::size_t size() const { return m_items.size(); }
    [[nodiscard]] const LaneItem& at(std::size_t index) const { return m_items[index]; }
    // Its beginning is not before that of the last one.
    void append(const LaneItem& item);
    // Its beginning and row stay as they are.
    void change(std::size_t index, std::int64_t end, RowState state);

    // Up to where it is shown: its end or the next one's beginning.
    [[nodiscard]] std::int64_t shownEnd(std::size_t index) const;
    // The first that begins at that time or later; size(): none.
    [[nodiscard]] std::size_t firstFrom(std::int64_t milliseconds) const;
    // The first that is shown at that time or later.
    [[nodiscard]] std::size_t firstShown(std::int64_t milliseconds) const;
    // The states of [first, last).
    [[nodiscard]] StateMask states(std::size_t first, std::size_t last) const;
    // The first of [first, last) in one of these states; last: none.
    [[nodiscard]] std::size_t firstWith(StateMask wanted, std::size_t first, std::size_t last) const;

private:
    static constexpr std::size_t fan = 4;
    // Of one unit: an item at height 0, above it a block of fan units.
    [[nodiscard]] StateMask unit(std::size_t height, std::size_t index) const;
    [[nodiscard]] StateMask block(std::size_t height, std::size_t index) const;

    std::vector<LaneItem> m_items;
    std::vector<std::vector<StateMask>> m_blocks; // complete ones only; [0]: of fan items each
};

} // namespace gatehouse::widgets
