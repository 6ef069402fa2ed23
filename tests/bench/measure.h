// Samples and what they say. Values; any thread.
#pragma once

#include "core/foundation/result.h"
#include "tests/bench/benchmark.h"

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace gatehouse::bench {

struct Measurement {
    Title title;
    std::vector<double> samples;
    std::vector<double> baseline;

    [[nodiscard]] double ratio() const;
    [[nodiscard]] bool holds() const;
    // docs/command-line.md, bench: one JSON line.
    [[nodiscard]] nlohmann::ordered_json json() const;
    [[nodiscard]] std::string row() const;
};

[[nodiscard]] std::string headRow();
[[nodiscard]] double median(std::vector<double> samples);

// Interleaved, subject and baseline taking turns at going first; the first round warms up and does not count.
[[nodiscard]] Result<Measurement> measure(Benchmark& benchmark, int rounds);

class Stopwatch {
public:
    [[nodiscard]] double milliseconds() const
    {
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_start).count();
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace gatehouse::bench
