#include "core/base/clock.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <time.h>

namespace gatehouse {

std::string formatUtc(std::chrono::sys_time<std::chrono::milliseconds> time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::array<char, 40> out;
    std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return out.data();
}

std::string Clock::wall() const
{
    return formatUtc(now());
}

SystemClock::SystemClock()
{
    std::ifstream in("/proc/sys/kernel/random/boot_id");
    std::getline(in, m_bootId);
}

std::chrono::sys_time<std::chrono::milliseconds> SystemClock::now() const
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::int64_t SystemClock::boottimeNanoseconds() const
{
    struct timespec time = {};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace gatehouse
