// A clock that stands still until it is told to go on: 2026-01-31T12:00:00.000Z, ten seconds after boot.
#pragma once

#include "core/base/clock.h"

namespace gatehouse::test {

class FakeClock final : public Clock {
public:
    [[nodiscard]] std::chrono::sys_time<std::chrono::milliseconds> now() const override { return m_now; }
    [[nodiscard]] std::int64_t boottimeNanoseconds() const override { return m_boottime; }
    [[nodiscard]] std::string bootId() const override { return m_bootId; }

    // Both clocks.
    void advance(std::chrono::milliseconds by)
    {
        m_now += by;
        m_boottime += std::chrono::nanoseconds(by).count();
    }
    void setNow(std::chrono::sys_time<std::chrono::milliseconds> now) { m_now = now; }
    void setBootId(std::string bootId) { m_bootId = std::move(bootId); }

private:
    std::chrono::sys_time<std::chrono::milliseconds> m_now{std::chrono::milliseconds(1769860800000)};
    std::int64_t m_boottime = 10'000'000'000;
    std::string m_bootId = "00000000-0000-4000-8000-000000000001";
};

} // namespace gatehouse::test
