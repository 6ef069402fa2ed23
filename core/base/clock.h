// The time, through a seam: what is journaled must be the same in a test each day. A Clock is shared by reference and outlives
// its users; the system's may be used from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace gatehouse {

class Clock {
public:
    virtual ~Clock() = default;
    // Milliseconds since 1970 UTC.
    [[nodiscard]] virtual std::chrono::sys_time<std::chrono::milliseconds> now() const = 0;
    // Since boot, suspension included; only comparable under the same bootId().
    [[nodiscard]] virtual std::int64_t boottimeNanoseconds() const = 0;
    // A UUID that the kernel makes at each boot.
    [[nodiscard]] virtual std::string bootId() const = 0;

    // now() as "2026-01-31T23:59:59.123Z".
    [[nodiscard]] std::string wall() const;
};

class SystemClock final : public Clock {
public:
    SystemClock();
    [[nodiscard]] std::chrono::sys_time<std::chrono::milliseconds> now() const override;
    [[nodiscard]] std::int64_t boottimeNanoseconds() const override;
    [[nodiscard]] std::string bootId() const override { return m_bootId; }

private:
    std::string m_bootId; // read once: it can't change while we live
};

[[nodiscard]] std::string formatUtc(std::chrono::sys_time<std::chrono::milliseconds> time);

} // namespace gatehouse
