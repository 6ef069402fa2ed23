// One benchmark: what it measures, and a baseline measured beside it in the same run. One thread.
#pragma once

#include "core/foundation/result.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::bench {

// What every benchmark may need to know.
struct Setting {
    std::string folder;   // on a real disk, private, empty; gone after the run
    std::string programs; // where our programs stand
};

struct Title {
    std::string name; // "sandbox.call"
    std::string unit = "ms";
    std::string baseline; // "fork+exec /bin/true"
    // The gate: median over the baseline's median. Absolute times differ from machine to machine; ratios hardly.
    std::optional<double> maximumRatio;
    int rounds = 100;
    // A promise to a person, who sees no ratios: the median in the unit, on a machine of today.
    std::optional<double> maximum = std::nullopt;
};

class Benchmark {
public:
    virtual ~Benchmark() = default;
    [[nodiscard]] virtual const Title& title() const = 0;
    [[nodiscard]] virtual Result<void> prepare(const Setting& setting) = 0;
    // One sample of each, in the title's unit.
    [[nodiscard]] virtual Result<double> sample() = 0;
    [[nodiscard]] virtual Result<double> baselineSample() = 0;
};

using Benchmarks = std::vector<std::unique_ptr<Benchmark>>;

// In sandboxbench.cpp, journalbench.cpp, windowbench.cpp, peerbench.cpp.
void addSandboxBenchmarks(Benchmarks& all);
void addJournalBenchmarks(Benchmarks& all);
void addWindowBenchmarks(Benchmarks& all);
void addPeerBenchmarks(Benchmarks& all);

} // namespace gatehouse::bench
