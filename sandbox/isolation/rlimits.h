// Resource limits of one command. They are only ever lowered: root may lack the right to raise them. Async-signal-safe but for the Error.
#pragma once

#include "core/foundation/result.h"

#include <cstdint>

namespace gatehouse::isolation {

struct RlimitPlan {
    std::uint64_t processes = 0;
    std::uint64_t files = 0;
    std::uint64_t fileSize = 0;
    std::uint64_t data = 0; // private writable memory; 0: not limited here
};

[[nodiscard]] Result<void> applyRlimits(const RlimitPlan& plan);

} // namespace gatehouse::isolation
