// The ruler of a timeline: where it is marked and what stands there. Clock times are local, in the ISO way; elapsed ones count from
// the run's beginning. Pure; GUI thread.
#pragma once

#include "widgets/timeline/timelineplan.h"

#include <QString>

#include <vector>

namespace gatehouse::widgets {

enum class RulerTimes { Clock, Elapsed };

struct RulerMark {
    double pixel = 0;
    QString text;
};

struct RulerBreak {
    double left = 0; // pixels
    double right = 0;
    std::int64_t taken = 0; // ms that are not shown
};

// A step that people count in, at least this long.
[[nodiscard]] std::int64_t rulerStep(double leastMilliseconds);
// Marks of the pixels [0, width), at least spacing apart; none within a break.
[[nodiscard]] std::vector<RulerMark> rulerMarks(const TimeScale& scale, const TimeWindow& window, double width, double spacing,
                                                RulerTimes times);
// Those that touch [0, width); of many in one place the first.
[[nodiscard]] std::vector<RulerBreak> rulerBreaks(const TimeScale& scale, const TimeWindow& window, double width);
// "2 h 10 m", "42 s".
[[nodiscard]] QString shownStretch(std::int64_t milliseconds);

} // namespace gatehouse::widgets
