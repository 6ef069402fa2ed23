// WindowPlace: where programs show their windows while they are measured. Owner: the benchmark.
#pragma once

#include "tests/bench/benchmark.h"
#include "tests/bench/display.h"

#include <memory>

namespace gatehouse::bench {

struct WindowPlace {
    std::unique_ptr<Display> display; // null: they paint offscreen
    Environment environment;          // nothing of whoever measures counts or is changed
};

// On a display of its own; NotFound where what that needs is not installed.
[[nodiscard]] Result<WindowPlace> visiblePlace(const Setting& setting);
// The same, or offscreen, which is said once on standard error: then no frame is counted that anybody could see.
[[nodiscard]] Result<WindowPlace> windowPlace(const Setting& setting);

} // namespace gatehouse::bench
