// The one vocabulary of limits, and what a sandbox may use. Values; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::execution {

enum class Limit { Cpu, Memory, Processes, Disk, Call, Session, Run, Turns, Tokens, Cost, Inodes };

[[nodiscard]] std::string_view limitName(Limit limit);
[[nodiscard]] std::optional<Limit> limitFromName(std::string_view name);

// A limit that was hit. The figures are whole numbers in the limit's unit: bytes, milliseconds, a count.
struct LimitBreach {
    Limit limit = Limit::Call;
    std::int64_t value = 0;   // what was used or asked for when it was stopped
    std::int64_t maximum = 0; // what was allowed
    bool operator==(const LimitBreach&) const = default;
};

// What one sandbox may use. The defaults are those of the built-in profile "delivery".
struct ResourceLimits {
    double cpu = 1.0; // cores
    std::uint64_t memory = 2ull << 30;
    std::uint64_t processes = 256; // threads count
    std::uint64_t files = 1024;    // open files per process
    std::uint64_t fileSize = 1ull << 30;
    std::uint64_t disk = 4ull << 30;
    std::uint64_t inodes = 400000;
    std::uint64_t output = 1ull << 20; // bytes kept per stream of a call; the rest is counted
    std::chrono::milliseconds call{std::chrono::minutes(10)};
    std::chrono::milliseconds session{std::chrono::minutes(60)};
    std::chrono::milliseconds run{std::chrono::minutes(60)};
};

} // namespace gatehouse::execution
