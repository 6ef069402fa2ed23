#include "widgets/timeline/timeruler.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>
#include <array>
#include <cmath>

namespace gatehouse::widgets {

namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;

constexpr std::array<std::int64_t, 32> steps = {
    1,          2,           5,           10,          20,     50,         100,        200,         500,         second,      2 * second,
    5 * second, 10 * second, 15 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour,
    2 * hour,   3 * hour,    6 * hour,    12 * hour,   day,    2 * day,    7 * day,    30 * day,    90 * day,    365 * day};

QString clockText(std::int64_t milliseconds, std::int64_t step, QDate& lastDay)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(milliseconds);
    const bool otherDay = lastDay.isValid() && time.date() != lastDay;
    lastDay = time.date();
    if (step >= day)
        return time.toString(QStringLiteral("yyyy-MM-dd"));
    const QString clock = time.toString(step < second       ? QStringLiteral("HH:mm:ss.zzz")
                                            : step < minute ? QStringLiteral("HH:mm:ss")
                                                            : QStringLiteral("HH:mm"));
    return otherDay ? time.toString(QStringLiteral("MM-dd ")) + clock : clock;
}

QString elapsedText(std::int64_t milliseconds, std::int64_t step)
{
    const std::int64_t hours = milliseconds / hour;
    const QLatin1Char zero('0');
    QString text = hours > 0 ? QStringLiteral("+%1:%2").arg(hours).arg(milliseconds / minute % 60, 2, 10, zero)
                             : QStringLiteral("+%1").arg(milliseconds / minute);
    text += QStringLiteral(":%1").arg(milliseconds / second % 60, 2, 10, zero);
    return step < second ? text + QStringLiteral(".%1").arg(milliseconds % second, 3, 10, zero) : text;
}

// The next multiple of step at or behind a time, counted from origin.
std::int64_t nextMark(std::int64_t milliseconds, std::int64_t step, std::int64_t origin)
{
    const std::int64_t past = (milliseconds - origin) % step;
    return past == 0 ? milliseconds : milliseconds + (past > 0 ? step - past : -past);
}

} // namespace

std::int64_t rulerStep(double leastMilliseconds)
{
    for (const std::int64_t step : steps)
        if (double(step) >= leastMilliseconds)
            return step;
    const double years = std::ceil(leastMilliseconds / double(steps.back()));
    return steps.back() * std::int64_t(std::pow(10, std::ceil(std::log10(std::min(years, 1e5)))));
}

std::vector<RulerMark> rulerMarks(const TimeScale& scale, const TimeWindow& window, double width, double spacing, RulerTimes times)
{
    std::vector<RulerMark> marks;
    const std::int64_t step = rulerStep(spacing * window.perPixel);
    const std::int64_t first = window.timeAt(scale, 0);
    const std::int64_t origin =
        times == RulerTimes::Elapsed ? scale.origin() : -QDateTime::fromMSecsSinceEpoch(first).offsetFromUtc() * second;
    QDate lastDay = QDateTime::fromMSecsSinceEpoch(scale.origin()).date();
    // By pixels, not by steps: behind a break the next mark may be hours on.
    for (double from = 0; from < width;) {
        const double axis = std::max(0.0, window.axisAt(from));
        const TimeScale::Break* ahead = scale.breakFrom(axis);
        std::int64_t time = nextMark(scale.timeOf(axis), step, origin);
        if (ahead && time > ahead->from && time < ahead->to)
            time = nextMark(ahead->to, step, origin);
        const double pixel = window.pixelOf(scale, time);
        if (pixel >= width)
            break;
        // Where the clock's marks go past a break, some may come to stand close.
        if (marks.empty() || pixel - marks.back().pixel >= spacing * 0.9)
            marks.push_back(
                {pixel, times == RulerTimes::Elapsed ? elapsedText(time - scale.origin(), step) : clockText(time, step, lastDay)});
        from = std::max(from, pixel) + 1;
    }
    return marks;
}

std::vector<RulerBreak> rulerBreaks(const TimeScale& scale, const TimeWindow& window, double width)
{
    constexpr double apart = 4;
    std::vector<RulerBreak> breaks;
    for (double from = 0; from < width;) {
        const TimeScale::Break* next = scale.breakFrom(window.axisAt(from));
        if (!next)
            break;
        const double left = (double(next->axis) - window.left) / window.perPixel;
        const double right = left + double(TimeScale::squeezedLength) / window.perPixel;
        if (left >= width)
            break;
        breaks.push_back({left, right, next->to - next->from});
        from = std::max(right, left + apart) + 0.01;
    }
    return breaks;
}

QString shownStretch(std::int64_t milliseconds)
{
    const auto tr = [](const char* text) { return QCoreApplication::translate("TimeRuler", text); };
    const qint64 seconds = std::max<qint64>(0, milliseconds / second);
    if (seconds == 0)
        return tr("%1 ms").arg(std::max<qint64>(0, milliseconds));
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return tr("%1 m %2 s").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    if (seconds < 2 * 24 * 3600)
        return tr("%1 h %2 m").arg(seconds / 3600).arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
    return tr("%1 days").arg(seconds / (24 * 3600));
}

} // namespace gatehouse::widgets
