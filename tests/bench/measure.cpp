#include "tests/bench/measure.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace gatehouse::bench {
namespace {

// Four significant digits: more would be noise.
double rounded(double value)
{
    if (value == 0 || !std::isfinite(value))
        return value;
    const double scale = std::pow(10, 3 - std::floor(std::log10(std::fabs(value))));
    return std::round(value * scale) / scale;
}

std::string mustText(const Title& title)
{
    char text[64] = "";
    if (title.maximumRatio)
        std::snprintf(text, sizeof text, "<= %g", *title.maximumRatio);
    std::string must = text;
    if (title.maximum) {
        std::snprintf(text, sizeof text, "%s<= %g %s", must.empty() ? "" : ", ", *title.maximum, title.unit.c_str());
        must += text;
    }
    return must;
}

Result<void> takeOne(Benchmark& benchmark, bool subject, Measurement& into, bool counts)
{
    GH_ASSIGN(const double value, subject ? benchmark.sample() : benchmark.baselineSample());
    if (counts)
        (subject ? into.samples : into.baseline).push_back(value);
    return {};
}

} // namespace

double median(std::vector<double> samples)
{
    if (samples.empty())
        return 0;
    std::sort(samples.begin(), samples.end());
    const std::size_t half = samples.size() / 2;
    return samples.size() % 2 == 1 ? samples[half] : (samples[half - 1] + samples[half]) / 2;
}

double Measurement::ratio() const
{
    const double base = median(baseline);
    return base > 0 ? median(samples) / base : HUGE_VAL;
}

bool Measurement::holds() const
{
    return (!title.maximumRatio || ratio() <= *title.maximumRatio) && (!title.maximum || median(samples) <= *title.maximum);
}

nlohmann::ordered_json Measurement::json() const
{
    const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
    nlohmann::ordered_json must = mustText(title).empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(mustText(title));
    return {{"name", title.name},
            {"value", rounded(median(samples))},
            {"unit", title.unit},
            {"samples", samples.size()},
            {"min", rounded(*least)},
            {"max", rounded(*most)},
            {"baseline", {{"name", title.baseline}, {"value", rounded(median(baseline))}}},
            {"ratio", rounded(ratio())},
            {"must", std::move(must)},
            {"holds", holds()}};
}

std::string headRow()
{
    char text[200];
    std::snprintf(text, sizeof text, "%-26s %11s %9s %9s %8s  %-34s %9s %7s  %s", "name", "median", "min", "max", "samples", "baseline",
                  "median", "ratio", "must");
    return text;
}

std::string Measurement::row() const
{
    const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
    char text[300];
    std::snprintf(text, sizeof text, "%-26s %8.4g %-2s %9.4g %9.4g %8zu  %-34s %9.4g %7.3g  %s%s", title.name.c_str(), median(samples),
                  title.unit.c_str(), *least, *most, samples.size(), title.baseline.c_str(), median(baseline), ratio(),
                  mustText(title).c_str(), holds() ? "" : "  FAILS");
    return text;
}

Result<Measurement> measure(Benchmark& benchmark, int rounds)
{
    Measurement measurement;
    measurement.title = benchmark.title();
    for (int round = 0; round <= rounds; ++round) {
        const bool subjectFirst = round % 2 == 0;
        GH_TRY(takeOne(benchmark, subjectFirst, measurement, round > 0));
        GH_TRY(takeOne(benchmark, !subjectFirst, measurement, round > 0));
    }
    return measurement;
}

} // namespace gatehouse::bench
