// What of a track is painted in which pixels. Bars that are too narrow share a cell of narrowest pixels, and the worst state in it
// is what the cell says; so there are never more bars than cells, however many items. Pure; GUI thread.
#pragma once

#include "widgets/models/lanemodel.h"

#include <vector>

namespace gatehouse::widgets {

// The stretch of the axis that a plot shows.
struct TimeWindow {
    double left = 0;     // of the axis, at pixel 0
    double perPixel = 1; // of the axis
    [[nodiscard]] double pixelOf(const TimeScale& scale, std::int64_t milliseconds) const
    {
        return (scale.axisOf(milliseconds) - left) / perPixel;
    }
    [[nodiscard]] double axisAt(double pixel) const { return left + pixel * perPixel; }
    [[nodiscard]] std::int64_t timeAt(const TimeScale& scale, double pixel) const { return scale.timeOf(axisAt(pixel)); }
};

struct PlannedBar {
    static constexpr double narrowest = 3;
    double left = 0; // pixels of the plot
    double right = 0;
    std::size_t first = 0; // items of the track: [first, last)
    std::size_t last = 0;
    StateMask states = 0;
    [[nodiscard]] bool isOne() const { return last - first == 1; }
};

// The bars that touch [from, to), from the left.
[[nodiscard]] std::vector<PlannedBar> planTrack(const LaneModel& lanes, const LaneTrack& track, const TimeWindow& window, double from,
                                                double to);
// The item under a pixel, the worst where several share it; track.size(): none within reach.
[[nodiscard]] std::size_t itemAt(const LaneModel& lanes, const LaneTrack& track, const TimeWindow& window, double pixel, double reach);

} // namespace gatehouse::widgets
