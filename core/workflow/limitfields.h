// The fields of ProfileLimits by name: one table for reading, narrowing and writing. Internal to core/workflow.
#pragma once

#include "core/workflow/profile.h"

#include <array>
#include <string_view>

namespace gatehouse::workflow {

enum class LimitUnit { Count, Size, Rate };

struct CountLimit {
    std::string_view name;
    std::optional<std::uint64_t> ProfileLimits::* field;
    LimitUnit unit;
};
struct DurationLimit {
    std::string_view name;
    std::optional<std::chrono::milliseconds> ProfileLimits::* field;
};

inline constexpr std::array<CountLimit, 11> countLimits = {{
    {"memory", &ProfileLimits::memory, LimitUnit::Size},
    {"swap", &ProfileLimits::swap, LimitUnit::Size},
    {"processes", &ProfileLimits::processes, LimitUnit::Count},
    {"files", &ProfileLimits::files, LimitUnit::Count},
    {"fileSize", &ProfileLimits::fileSize, LimitUnit::Size},
    {"disk", &ProfileLimits::disk, LimitUnit::Size},
    {"inodes", &ProfileLimits::inodes, LimitUnit::Count},
    {"output", &ProfileLimits::output, LimitUnit::Size},
    {"diskBandwidth", &ProfileLimits::diskBandwidth, LimitUnit::Rate},
    {"networkBytes", &ProfileLimits::networkBytes, LimitUnit::Size},
    {"networkBandwidth", &ProfileLimits::networkBandwidth, LimitUnit::Rate},
}};

inline constexpr std::array<DurationLimit, 3> durationLimits = {{
    {"call", &ProfileLimits::call},
    {"session", &ProfileLimits::session},
    {"run", &ProfileLimits::run},
}};

} // namespace gatehouse::workflow
