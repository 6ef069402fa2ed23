// TimeScale: the times of a run along an axis on which long idle stretches are short, so that hours of waiting for a person do not
// push the work out of sight.
//
// The axis counts milliseconds from the run's beginning. A stretch in which nothing runs takes squeezedLength of it, whatever its
// length. What a stretch does to the axis never changes what lies before it. A value; GUI thread.
#pragma once

#include "widgets/models/runrow.h"

#include <cstdint>
#include <vector>

namespace gatehouse::widgets {

enum class Idle { AsLong, Squeezed };

class TimeScale {
public:
    static constexpr std::int64_t squeezedLength = 5'000;

    // Where a stretch was taken out.
    struct Break {
        std::int64_t from = 0; // ms since 1970
        std::int64_t to = 0;
        std::int64_t axis = 0; // of from
    };

    void setOrigin(std::int64_t milliseconds) { m_origin = milliseconds; }
    [[nodiscard]] std::int64_t origin() const { return m_origin; }
    // In order, never overlapping; one that is not, or too short to be squeezed, is dropped.
    void append(const IdleStretch& stretch);
    // The stretch that goes on now, behind all others; replaced by each call.
    void setTail(const IdleStretch& stretch);
    void setIdle(Idle idle) { m_idle = idle; }
    [[nodiscard]] Idle idle() const { return m_idle; }

    [[nodiscard]] double axisOf(std::int64_t milliseconds) const;
    // The inverse; within a break proportional.
    [[nodiscard]] std::int64_t timeOf(double axis) const;
    // The first break that ends behind this place of the axis; null: none.
    [[nodiscard]] const Break* breakFrom(double axis) const;
    [[nodiscard]] const std::vector<Break>& breaks() const { return m_breaks; }
    // Of all breaks together, what was taken out.
    [[nodiscard]] std::int64_t squeezedAway() const;

private:
    [[nodiscard]] std::int64_t nextAxis(std::int64_t milliseconds) const;

    std::vector<Break> m_breaks; // with the tail, if there is one
    std::int64_t m_origin = 0;
    Idle m_idle = Idle::Squeezed;
    bool m_hasTail = false;
};

} // namespace gatehouse::widgets
