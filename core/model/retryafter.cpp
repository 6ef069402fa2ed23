#include "core/model/retryafter.h"

#include <QDateTime>
#include <QLocale>
#include <QString>
#include <QTimeZone>

#include <algorithm>
#include <charconv>

namespace gatehouse::model {
namespace {

constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 3653);

std::optional<std::chrono::seconds> secondsOfDate(const QString& text)
{
    // The form to be sent and the two obsolete ones to be understood. English names, whatever the program's locale.
    static const QString formats[] = {QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"), QStringLiteral("dddd, dd-MMM-yy HH:mm:ss 'GMT'"),
                                      QStringLiteral("ddd MMM d HH:mm:ss yyyy")};
    for (const QString& format : formats) {
        QDateTime date = QLocale::c().toDateTime(text, format);
        if (!date.isValid())
            continue;
        date.setTimeSpec(Qt::UTC);
        // Two-digit years are read as 19xx; RFC 9110 wants those far in the past in this century.
        if (date.date().year() < 1970)
            date = date.addYears(100);
        return std::chrono::seconds(date.toSecsSinceEpoch());
    }
    return {};
}

} // namespace

std::optional<std::chrono::milliseconds> parseRetryAfter(std::string_view value, std::chrono::seconds now)
{
    const QString text = QString::fromLatin1(value.data(), static_cast<qsizetype>(std::min<std::size_t>(value.size(), 64))).simplified();
    const std::string digits = text.toStdString();
    std::uint64_t seconds = 0;
    const char* end = digits.data() + digits.size();
    if (const auto read = std::from_chars(digits.data(), end, seconds); !digits.empty() && read.ptr == end) {
        const bool huge = read.ec != std::errc() || seconds > static_cast<std::uint64_t>(longest / std::chrono::seconds(1));
        return huge ? longest : std::chrono::milliseconds(std::chrono::seconds(seconds));
    }
    const auto date = secondsOfDate(text);
    if (!date)
        return {};
    return std::clamp<std::chrono::milliseconds>(*date - now, std::chrono::milliseconds(0), longest);
}

} // namespace gatehouse::model
