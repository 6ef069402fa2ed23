#include "widgets/models/lanemodel.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace gatehouse::widgets {

namespace {

LaneItem itemOf(const RunRow& row, int index)
{
    return {row.startMs, row.endMs < 0 ? LaneItem::goesOn : row.endMs, index, row.state};
}

LaneKind kindOf(const RunRow& row)
{
    switch (row.kind) {
    case RowKind::Model:
    case RowKind::Retry:
        return LaneKind::Agent;
    case RowKind::Call:
        return LaneKind::Tools;
    case RowKind::Egress:
        return LaneKind::Gateway;
    default:
        return LaneKind::Run;
    }
}

} // namespace

int LaneModel::addLane(LaneKind kind, const std::string& name)
{
    const int added = int(m_lanes.size());
    Lane lane;
    lane.kind = kind;
    lane.name = name;
    m_lanes.push_back(std::move(lane));
    // An agent and its calls stand together, where the first of them came.
    std::map<std::string, int> came;
    for (int i = added; i >= 0; --i)
        came[m_lanes[std::size_t(i)].name] = i;
    const auto key = [&](int index) {
        const Lane& each = m_lanes[std::size_t(index)];
        const int group = each.kind == LaneKind::Run ? 0 : each.kind == LaneKind::Gateway ? 2 : 1;
        return std::tuple(group, came.at(each.name), each.kind);
    };
    m_order.push_back(added);
    std::ranges::sort(m_order, {}, key);
    m_positions.resize(m_lanes.size());
    for (std::size_t i = 0; i < m_order.size(); ++i)
        m_positions[std::size_t(m_order[i])] = int(i);
    return added;
}

int LaneModel::laneOf(const RunRow& row)
{
    const LaneKind kind = kindOf(row);
    const bool named = kind == LaneKind::Agent || kind == LaneKind::Tools;
    std::string name = named ? row.agent : std::string();
    // Room is kept for the lanes of all the others together.
    if (named && !m_byName.contains({kind, name}) && int(m_lanes.size()) >= mostLanes - 4)
        name.clear();
    const auto [found, added] = m_byName.try_emplace({kind, name}, 0);
    if (added)
        found->second = addLane(kind, name);
    return found->second;
}

void LaneModel::append(const RunRow& row)
{
    if (m_places.empty())
        m_scale.setOrigin(row.startMs);
    const int index = int(m_places.size());
    const int laneIndex = laneOf(row);
    Lane& lane = m_lanes[std::size_t(laneIndex)];
    LaneItem item = itemOf(row, index);
    item.start = std::max(item.start, m_scale.origin());
    std::size_t track = 0;
    const auto isFree = [&](const LaneTrack& each) { return each.size() == 0 || each.at(each.size() - 1).end <= item.start; };
    while (track < lane.tracks.size() && !isFree(lane.tracks[track]))
        ++track;
    if (track == lane.tracks.size() && int(track) < mostTracks)
        lane.tracks.emplace_back();
    track = std::min(track, lane.tracks.size() - 1);
    LaneTrack& into = lane.tracks[track];
    if (into.size() > 0)
        item.start = std::max(item.start, into.at(into.size() - 1).start);
    m_places.push_back({laneIndex, int(track), std::uint32_t(into.size())});
    into.append(item);
    lane.rows.push_back(index);
}

void LaneModel::change(int index, const RunRow& row)
{
    if (index < 0 || std::size_t(index) >= m_places.size())
        return;
    const Stored& stored = m_places[std::size_t(index)];
    m_lanes[std::size_t(stored.lane)].tracks[std::size_t(stored.track)].change(stored.index, itemOf(row, index).end, row.state);
}

void LaneModel::apply(const RunBatch& batch)
{
    for (const auto& [index, row] : batch.changed)
        change(index, *row);
    for (const RowPtr& row : batch.appended)
        append(*row);
    for (const IdleStretch& stretch : batch.idle)
        m_scale.append(stretch);
    m_last = std::max(batch.info.lastMs, m_scale.origin());
    m_idle = batch.info.idle;
    setNow(std::max(m_now, m_last));
}

void LaneModel::setNow(std::int64_t milliseconds)
{
    constexpr std::int64_t shortestTail = 60'000;
    m_now = std::max(milliseconds, m_last);
    m_scale.setTail(m_idle && m_now - m_last >= shortestTail ? IdleStretch{m_last, m_now} : IdleStretch{});
}

std::int64_t LaneModel::shownEnd(const LaneTrack& track, std::size_t index) const
{
    return std::min(track.shownEnd(index), std::max(m_now, track.at(index).start));
}

LanePlace LaneModel::place(int row) const
{
    if (row < 0 || std::size_t(row) >= m_places.size())
        return {};
    const Stored& stored = m_places[std::size_t(row)];
    return {m_positions[std::size_t(stored.lane)], stored.track, stored.index};
}

const LaneItem& LaneModel::item(const LanePlace& place) const
{
    return lane(place.lane).tracks[std::size_t(place.track)].at(place.index);
}

int LaneModel::neighbour(int row, int distance) const
{
    const LanePlace here = place(row);
    if (here.lane < 0)
        return -1;
    const std::vector<int>& rows = lane(here.lane).rows;
    const auto at = std::ranges::lower_bound(rows, row) - rows.begin() + distance;
    return at >= 0 && at < std::ptrdiff_t(rows.size()) ? rows[std::size_t(at)] : -1;
}

int LaneModel::rowAt(int position, std::int64_t milliseconds) const
{
    const std::vector<int>& rows = lane(position).rows;
    const auto start = [this](int row) { return item(place(row)).start; };
    const auto next = std::ranges::upper_bound(rows, milliseconds, {}, start);
    return rows.empty() ? -1 : next == rows.begin() ? rows.front() : *(next - 1);
}

} // namespace gatehouse::widgets
