#include "widgets/timeline/timelineplan.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

namespace {

class Planner {
public:
    Planner(const LaneModel& lanes, const LaneTrack& track, const TimeWindow& window) : m_lanes(lanes), m_track(track), m_window(window) { }

    // The bar that begins with this item.
    [[nodiscard]] PlannedBar bar(std::size_t first) const
    {
        const double left = pixelOf(m_track.at(first).start);
        const double right = rightOf(first);
        if (right - left >= PlannedBar::narrowest)
            return {left, right, first, first + 1, maskOf(m_track.at(first).state)};
        return narrow(first, left);
    }

private:
    [[nodiscard]] double pixelOf(std::int64_t milliseconds) const { return m_window.pixelOf(m_lanes.scale(), milliseconds); }
    [[nodiscard]] double rightOf(std::size_t index) const { return pixelOf(m_lanes.shownEnd(m_track, index)); }

    // Cells stand on the axis, not on the window: a panned bar keeps its company.
    [[nodiscard]] PlannedBar narrow(std::size_t first, double left) const
    {
        const double width = PlannedBar::narrowest * m_window.perPixel;
        const double cell = std::floor(m_window.axisAt(left) / width);
        const double cellEnd = (cell + 1) * width;
        const std::int64_t until = m_lanes.scale().timeOf(cellEnd) + (cellEnd > std::floor(cellEnd) ? 1 : 0); // rounded up
        // At least all of one millisecond: what can't be told apart at any zoom is one bar.
        std::size_t last = m_track.firstFrom(std::max(until, m_track.at(first).start + 1));
        const double cellLeft = (cell * width - m_window.left) / m_window.perPixel;
        if (last - first > 1 && rightOf(last - 1) > cellLeft + 2 * PlannedBar::narrowest)
            --last; // it begins in the cell and has a bar of its own
        if (last - first == 1)
            return {left, left + PlannedBar::narrowest, first, last, maskOf(m_track.at(first).state)};
        const double right = std::max(cellLeft + PlannedBar::narrowest, rightOf(last - 1));
        return {cellLeft, right, first, last, m_track.states(first, last)};
    }

    const LaneModel& m_lanes;
    const LaneTrack& m_track;
    const TimeWindow& m_window;
};

} // namespace

std::vector<PlannedBar> planTrack(const LaneModel& lanes, const LaneTrack& track, const TimeWindow& window, double from, double to)
{
    std::vector<PlannedBar> bars;
    const Planner planner(lanes, track, window);
    const double slack = 2 * PlannedBar::narrowest;
    for (std::size_t i = track.firstShown(window.timeAt(lanes.scale(), from - slack)); i < track.size();) {
        const PlannedBar bar = planner.bar(i);
        if (bar.left >= to)
            break;
        i = bar.last;
        const bool joins = !bars.empty() && !bars.back().isOne() && !bar.isOne() && bars.back().states == bar.states &&
            bar.left <= bars.back().right + 0.5;
        if (joins) {
            bars.back().right = bar.right;
            bars.back().last = bar.last;
        } else if (bar.right >= from) {
            bars.push_back(bar);
        }
    }
    return bars;
}

std::size_t itemAt(const LaneModel& lanes, const LaneTrack& track, const TimeWindow& window, double pixel, double reach)
{
    constexpr double easilyHit = 6;
    const PlannedBar* nearest = nullptr;
    double distance = reach;
    const std::vector<PlannedBar> bars = planTrack(lanes, track, window, pixel - reach, pixel + reach);
    for (const PlannedBar& bar : bars) {
        const double away = std::max({0.0, bar.left - pixel, pixel - bar.right});
        if (away > reach)
            continue;
        if (away == 0 && bar.isOne() && bar.right - bar.left >= easilyHit)
            return bar.first;
        // Of what is too small to aim at, the worst; of the equally bad, the nearest.
        const int worse = nearest ? int(bar.states > nearest->states) - int(bar.states < nearest->states) : 1;
        if (worse > 0 || (worse == 0 && away <= distance)) {
            nearest = &bar;
            distance = away;
        }
    }
    if (!nearest)
        return track.size();
    if (nearest->isOne())
        return nearest->first;
    const std::size_t first = std::clamp(track.firstFrom(window.timeAt(lanes.scale(), pixel - reach)), nearest->first, nearest->last - 1);
    const std::size_t last = std::clamp(track.firstFrom(window.timeAt(lanes.scale(), pixel + reach)), first + 1, nearest->last);
    const StateMask worst = maskOf(worstOf(track.states(first, last)));
    const std::size_t here = std::clamp(track.firstShown(window.timeAt(lanes.scale(), pixel)), first, last - 1);
    return maskOf(track.at(here).state) == worst ? here : track.firstWith(worst, first, last);
}

} // namespace gatehouse::widgets
