#include "core/tools/outcometext.h"

#include <array>
#include <cstdio>
#include <cstring>

#include "core/base/utf8.h"

namespace gatehouse::tools {

using execution::ExecEnd;
using execution::ExecOutcome;
using execution::Limit;

namespace {

std::string tenths(double value, const char* unit)
{
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    std::string out = text.data();
    if (out.ends_with(".0"))
        out.resize(out.size() - 2);
    return out + ' ' + unit;
}

std::string bytesText(std::int64_t bytes)
{
    constexpr const char* units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < std::size(units); ++unit)
        value /= 1024;
    return tenths(value, units[unit]);
}

std::string amount(Limit limit, std::int64_t value)
{
    switch (limit) {
    case Limit::Memory:
    case Limit::Disk:
        return bytesText(value);
    case Limit::Cpu:
    case Limit::Call:
    case Limit::Session:
    case Limit::Run:
        return tenths(static_cast<double>(value) / 1000, "s");
    default:
        return std::to_string(value);
    }
}

std::string limitsText(const ExecOutcome& outcome)
{
    std::string out;
    for (const execution::LimitBreach& breach : outcome.limits)
        out += (out.empty() ? "" : ", ") + limitText(breach);
    return out.empty() ? "unknown" : out;
}

} // namespace

std::string limitText(const execution::LimitBreach& breach)
{
    return std::string(limitName(breach.limit)) + " (" + amount(breach.limit, breach.value) + " of " +
        amount(breach.limit, breach.maximum) + ')';
}

std::string endText(const ExecOutcome& outcome)
{
    switch (outcome.end) {
    case ExecEnd::Exited:
        return "Process exited with code " + std::to_string(outcome.status);
    case ExecEnd::Signalled: {
        const char* name = sigabbrev_np(outcome.status);
        return "Process ended by signal " + std::to_string(outcome.status) + (name ? " (" + std::string(name) + ')' : "");
    }
    case ExecEnd::Limit:
        return "Process ended by limit: " + limitsText(outcome);
    case ExecEnd::Cancelled:
        return "Process was stopped";
    }
    return {};
}

std::string streamText(const execution::CapturedStream& stream)
{
    std::string out = toValidUtf8(stream.head);
    if (stream.truncated())
        out += "\n…" + std::to_string(stream.total - stream.head.size() - stream.tail.size()) + " bytes not kept…\n";
    return out + toValidUtf8(stream.tail);
}

std::string mergedText(const ExecOutcome& outcome)
{
    std::string out = streamText(outcome.output);
    const std::string error = streamText(outcome.error);
    if (!out.empty() && !error.empty() && out.back() != '\n')
        out += '\n';
    return out + error;
}

std::uint64_t writtenBytes(const ExecOutcome& outcome)
{
    return outcome.output.total + outcome.error.total;
}

bool succeeded(const ExecOutcome& outcome)
{
    return outcome.end == ExecEnd::Exited && outcome.status == 0;
}

} // namespace gatehouse::tools
