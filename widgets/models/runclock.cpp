#include "widgets/models/runclock.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace gatehouse::widgets {

std::optional<std::int64_t> wallMilliseconds(std::string_view wall)
{
    constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";
    if (wall.size() != shape.size())
        return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] == '0' ? wall[i] < '0' || wall[i] > '9' : wall[i] != shape[i])
            return std::nullopt;
    const auto number = [wall](std::size_t from, std::size_t length) {
        int value = 0;
        for (const char digit : wall.substr(from, length))
            value = value * 10 + (digit - '0');
        return value;
    };
    const std::chrono::year_month_day day(std::chrono::year(number(0, 4)), std::chrono::month(unsigned(number(5, 2))),
                                          std::chrono::day(unsigned(number(8, 2))));
    if (!day.ok())
        return std::nullopt;
    const std::int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
    return (((days * 24 + number(11, 2)) * 60 + number(14, 2)) * 60 + number(17, 2)) * 1000 + number(20, 3);
}

std::int64_t monoMilliseconds(std::string_view nanoseconds)
{
    std::int64_t value = 0;
    std::from_chars(nanoseconds.data(), nanoseconds.data() + nanoseconds.size(), value);
    return value / 1'000'000;
}

std::int64_t RunClock::take(const journal::Record& record)
{
    const std::int64_t mono = monoMilliseconds(record.monoNs);
    if (m_last == 0 || record.boot != m_boot) {
        m_boot = record.boot;
        m_offset = wallMilliseconds(record.wall).value_or(m_last) - mono;
    }
    return m_last = std::max(m_last, m_offset + mono);
}

} // namespace gatehouse::widgets
