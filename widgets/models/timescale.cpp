#include "widgets/models/timescale.h"

#include <algorithm>

namespace gatehouse::widgets {

// Where a time behind all breaks lies.
std::int64_t TimeScale::nextAxis(std::int64_t milliseconds) const
{
    if (m_breaks.empty())
        return milliseconds - m_origin;
    const Break& last = m_breaks.back();
    return last.axis + squeezedLength + (milliseconds - last.to);
}

void TimeScale::append(const IdleStretch& stretch)
{
    if (m_hasTail)
        m_breaks.pop_back();
    m_hasTail = false;
    const std::int64_t least = m_breaks.empty() ? m_origin : m_breaks.back().to;
    if (stretch.fromMs >= least && stretch.toMs - stretch.fromMs > squeezedLength)
        m_breaks.push_back({stretch.fromMs, stretch.toMs, nextAxis(stretch.fromMs)});
}

void TimeScale::setTail(const IdleStretch& stretch)
{
    const std::size_t before = m_breaks.size() - (m_hasTail ? 1 : 0);
    append(stretch);
    m_hasTail = m_breaks.size() > before;
}

double TimeScale::axisOf(std::int64_t milliseconds) const
{
    if (m_idle == Idle::AsLong)
        return double(milliseconds - m_origin);
    const auto next = std::upper_bound(m_breaks.begin(), m_breaks.end(), milliseconds,
                                       [](std::int64_t time, const Break& each) { return time < each.from; });
    if (next == m_breaks.begin())
        return double(milliseconds - m_origin);
    const Break& last = *(next - 1);
    if (milliseconds >= last.to)
        return double(last.axis + squeezedLength + (milliseconds - last.to));
    return double(last.axis) + double(squeezedLength) * double(milliseconds - last.from) / double(last.to - last.from);
}

std::int64_t TimeScale::timeOf(double axis) const
{
    if (m_idle == Idle::AsLong)
        return m_origin + std::int64_t(axis);
    const auto next =
        std::upper_bound(m_breaks.begin(), m_breaks.end(), axis, [](double place, const Break& each) { return place < double(each.axis); });
    if (next == m_breaks.begin())
        return m_origin + std::int64_t(axis);
    const Break& last = *(next - 1);
    const double behind = axis - double(last.axis);
    if (behind >= double(squeezedLength))
        return last.to + std::int64_t(behind - double(squeezedLength));
    return last.from + std::int64_t(behind / double(squeezedLength) * double(last.to - last.from));
}

const TimeScale::Break* TimeScale::breakFrom(double axis) const
{
    if (m_idle == Idle::AsLong)
        return nullptr;
    const auto found = std::upper_bound(m_breaks.begin(), m_breaks.end(), axis,
                                        [](double place, const Break& each) { return place < double(each.axis + squeezedLength); });
    return found == m_breaks.end() ? nullptr : &*found;
}

std::int64_t TimeScale::squeezedAway() const
{
    if (m_breaks.empty() || m_idle == Idle::AsLong)
        return 0;
    const Break& last = m_breaks.back();
    return (last.to - m_origin) - (last.axis + squeezedLength);
}

} // namespace gatehouse::widgets
