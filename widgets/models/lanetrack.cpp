#include "widgets/models/lanetrack.h"

#include <algorithm>
#include <array>
#include <bit>

namespace gatehouse::widgets {

namespace {

// The worse the later.
constexpr std::array bySeverity = {RowState::Note, RowState::Done,    RowState::Allowed, RowState::Running,
                                   RowState::Asks, RowState::Unknown, RowState::Failed,  RowState::Denied};
static_assert(bySeverity.size() == 8);

} // namespace

StateMask maskOf(RowState state)
{
    return StateMask(1U << (std::ranges::find(bySeverity, state) - bySeverity.begin()));
}

RowState worstOf(StateMask mask)
{
    return mask == 0 ? RowState::Note : bySeverity[std::size_t(std::bit_width(mask)) - 1];
}

StateMask problemMask()
{
    return maskOf(RowState::Asks) | maskOf(RowState::Unknown) | maskOf(RowState::Failed) | maskOf(RowState::Denied);
}

StateMask LaneTrack::unit(std::size_t height, std::size_t index) const
{
    return height == 0 ? maskOf(m_items[index].state) : m_blocks[height - 1][index];
}

// What the units of one block say together.
StateMask LaneTrack::block(std::size_t height, std::size_t index) const
{
    StateMask mask = 0;
    for (std::size_t i = index * fan; i < (index + 1) * fan; ++i)
        mask |= unit(height, i);
    return mask;
}

void LaneTrack::append(const LaneItem& item)
{
    m_items.push_back(item);
    std::size_t units = m_items.size();
    for (std::size_t height = 0; units % fan == 0; ++height) {
        units /= fan;
        if (m_blocks.size() == height)
            m_blocks.emplace_back();
        m_blocks[height].push_back(block(height, units - 1));
    }
}

void LaneTrack::change(std::size_t index, std::int64_t end, RowState state)
{
    m_items[index].end = end;
    if (m_items[index].state == state)
        return;
    m_items[index].state = state;
    for (std::size_t height = 0, at = index / fan; height < m_blocks.size() && at < m_blocks[height].size(); ++height, at /= fan)
        m_blocks[height][at] = block(height, at);
}

std::int64_t LaneTrack::shownEnd(std::size_t index) const
{
    const std::int64_t end = m_items[index].end;
    return index + 1 < m_items.size() ? std::min(end, m_items[index + 1].start) : end;
}

std::size_t LaneTrack::firstFrom(std::int64_t milliseconds) const
{
    const auto found = std::ranges::lower_bound(m_items, milliseconds, {}, &LaneItem::start);
    return std::size_t(found - m_items.begin());
}

std::size_t LaneTrack::firstShown(std::int64_t milliseconds) const
{
    const std::size_t next = firstFrom(milliseconds);
    return next > 0 && shownEnd(next - 1) >= milliseconds ? next - 1 : next;
}

StateMask LaneTrack::states(std::size_t first, std::size_t last) const
{
    StateMask mask = 0;
    for (std::size_t height = 0; first < last; ++height, first /= fan, last /= fan) {
        for (; first < last && first % fan != 0; ++first)
            mask |= unit(height, first);
        for (; first < last && last % fan != 0; --last)
            mask |= unit(height, last - 1);
    }
    return mask;
}

std::size_t LaneTrack::firstWith(StateMask wanted, std::size_t first, std::size_t last) const
{
    const std::size_t none = last;
    std::size_t tallest = m_blocks.size(); // height of the units that may be looked at
    while (first < last) {
        std::size_t height = 0;
        std::size_t length = 1;
        while (height < tallest && first % (length * fan) == 0 && first + length * fan <= last) {
            length *= fan;
            ++height;
        }
        if ((unit(height, first / length) & wanted) == 0) {
            first += length;
            continue;
        }
        if (height == 0)
            return first;
        last = first + length; // it is in here
        tallest = height - 1;
    }
    return none;
}

} // namespace gatehouse::widgets
