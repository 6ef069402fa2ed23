// Durations, sizes, money, rates: the spellings of documents and their values. Pure functions; any thread.
// Errors are ErrorCode::InvalidInput without a place: readers add file, line and column.
#pragma once

#include "core/foundation/result.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::workflow {

// ISO 8601: "PT30S", "PT1H30M", "P1DT12H", "PT0.5S", "P2W". No years and no months: they have no fixed length.
[[nodiscard]] Result<std::chrono::milliseconds> parseDuration(std::string_view text);

// ISO 8601 with years, months, weeks or days only, for periods that a calendar counts, such as "P12M".
struct Period {
    unsigned months = 0;
    unsigned days = 0;
    bool operator==(const Period&) const = default;
};
[[nodiscard]] Result<Period> parsePeriod(std::string_view text);

// "512MiB", "1.5GiB", "100MB", "4096B" or "4096". KiB … TiB count in 1024, kB … TB in 1000.
[[nodiscard]] Result<std::uint64_t> parseSize(std::string_view text);
// A size a second: "100MiB/s".
[[nodiscard]] Result<std::uint64_t> parseRate(std::string_view text);

// "2.00 USD": never a binary fraction. Up to six digits after the point.
struct Money {
    std::int64_t micros = 0; // millionths of the currency
    std::string currency;    // three capital letters
    bool operator==(const Money&) const = default;
};
[[nodiscard]] Result<Money> parseMoney(std::string_view text);

} // namespace gatehouse::workflow
