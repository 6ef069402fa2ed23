// Rows with times, for tests of lanes and timelines.
#pragma once

#include "widgets/models/lanemodel.h"

#include <memory>
#include <string>

namespace gatehouse::test {

inline constexpr std::int64_t laneStart = 4'102'488'060'000; // 2100-01-01T12:01:00Z: the clock of a live run is before it

struct LaneRow {
    std::int64_t from = 0; // ms behind laneStart
    std::int64_t to = -1;
    widgets::RowState state = widgets::RowState::Done;
    widgets::RowKind kind = widgets::RowKind::Call;
    std::string agent = "planner";
};

inline widgets::RowPtr laneRow(const LaneRow& wanted)
{
    widgets::RunRow row;
    row.kind = wanted.kind;
    row.state = wanted.state;
    row.agent = wanted.agent;
    row.title = "exec_command";
    row.summary = "true";
    row.wall = "2026-11-26T12:01:00.000Z";
    row.startMs = laneStart + wanted.from;
    row.endMs = wanted.to < 0 ? -1 : laneStart + wanted.to;
    row.durationMs = wanted.to < 0 ? -1 : wanted.to - wanted.from;
    return std::make_shared<const widgets::RunRow>(std::move(row));
}

// A batch of new rows, the last of which is the run's last word.
inline widgets::RunBatch laneBatch(const std::vector<LaneRow>& rows)
{
    widgets::RunBatch batch;
    for (const LaneRow& each : rows) {
        batch.appended.push_back(laneRow(each));
        batch.info.lastMs = std::max(batch.info.lastMs, laneStart + std::max(each.from, each.to));
    }
    batch.info.over = true;
    return batch;
}

} // namespace gatehouse::test
