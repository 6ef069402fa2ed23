// RunClock: when a record happened, in milliseconds since 1970, never going back from record to record.
//
// Within a boot the boot clock counts, from the wall time of the boot's first record: a wall clock that was set back does not
// show. A time that can't be read is that of the record before. Belongs to one RunFold; one thread.
#pragma once

#include "core/journal/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::widgets {

// "2026-01-31T23:59:59.123Z"; nothing else is one.
[[nodiscard]] std::optional<std::int64_t> wallMilliseconds(std::string_view wall);
// Decimal nanoseconds as whole milliseconds; what is none counts as 0.
[[nodiscard]] std::int64_t monoMilliseconds(std::string_view nanoseconds);

class RunClock {
public:
    std::int64_t take(const journal::Record& record);

private:
    std::string m_boot;
    std::int64_t m_offset = 0; // wall − boot clock, of the boot's first record
    std::int64_t m_last = 0;
};

} // namespace gatehouse::widgets
