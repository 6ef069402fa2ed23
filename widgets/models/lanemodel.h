// LaneModel: a run's rows by who does them and when: a lane of the run itself, of each agent, of each agent's tool calls and of the
// gateway. Fed by the same batches as RunRecordModel; its rows are that model's rows.
//
// Appending a row is amortised O(1), changing one O(log n). Calls that go on side by side lie in tracks below each other, up to
// mostTracks; what more there is shares the last. Lanes are bounded too: names come from the journal. A value; GUI thread.
#pragma once

#include "widgets/models/lanetrack.h"
#include "widgets/models/timescale.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::widgets {

enum class LaneKind { Run, Agent, Tools, Gateway };

struct Lane {
    LaneKind kind = LaneKind::Run;
    std::string name; // of the agent as journaled; empty: nobody's or of many
    std::vector<LaneTrack> tracks;
    std::vector<int> rows; // of all tracks, in order
};

struct LanePlace {
    int lane = -1; // −1: no such row
    int track = 0;
    std::size_t index = 0;
    bool operator==(const LanePlace&) const = default;
};

class LaneModel {
public:
    static constexpr int mostTracks = 4;
    static constexpr int mostLanes = 64;

    void apply(const RunBatch& batch);

    [[nodiscard]] int laneCount() const { return int(m_order.size()); }
    // From the top: the run, each agent with its calls below, the gateway.
    [[nodiscard]] const Lane& lane(int position) const { return m_lanes[std::size_t(m_order[std::size_t(position)])]; }
    [[nodiscard]] int rowCount() const { return int(m_places.size()); }
    // Where a row is; its lane is a position.
    [[nodiscard]] LanePlace place(int row) const;
    [[nodiscard]] const LaneItem& item(const LanePlace& place) const;
    // In the same lane, that many before (−) or behind; −1: none there.
    [[nodiscard]] int neighbour(int row, int distance) const;
    // The row of a lane that begins last before or at that time, else its first; −1: the lane is empty.
    [[nodiscard]] int rowAt(int position, std::int64_t milliseconds) const;

    [[nodiscard]] const TimeScale& scale() const { return m_scale; }
    void setIdle(Idle idle) { m_scale.setIdle(idle); }
    // Of the first and the last that happened.
    [[nodiscard]] std::int64_t firstMs() const { return m_scale.origin(); }
    [[nodiscard]] std::int64_t lastMs() const { return m_last; }
    // What is not over goes on until here: the clock of a run that is written, else its last record. The stretch since its last
    // record is idle when nothing runs.
    void setNow(std::int64_t milliseconds);
    [[nodiscard]] std::int64_t nowMs() const { return m_now; }
    // Where an item is shown to end.
    [[nodiscard]] std::int64_t shownEnd(const LaneTrack& track, std::size_t index) const;

private:
    [[nodiscard]] int laneOf(const RunRow& row);
    int addLane(LaneKind kind, const std::string& name);
    void append(const RunRow& row);
    void change(int index, const RunRow& row);

    struct Stored {
        int lane = 0; // in m_lanes
        int track = 0;
        std::uint32_t index = 0;
    };
    std::vector<Lane> m_lanes; // as they came
    std::vector<int> m_order;  // of m_lanes, from the top
    std::vector<int> m_positions;
    std::map<std::pair<LaneKind, std::string>, int> m_byName;
    std::vector<Stored> m_places; // by row
    TimeScale m_scale;
    std::int64_t m_last = 0;
    std::int64_t m_now = 0;
    bool m_idle = true;
};

} // namespace gatehouse::widgets
