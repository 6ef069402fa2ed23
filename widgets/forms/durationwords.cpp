#include "widgets/forms/durationwords.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include "core/workflow/quantities.h"
#include "widgets/source/shieldedtext.h"

#include <array>
#include <cstdint>
#include <limits>
#include <utility>

namespace gatehouse::widgets {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Words)
};

struct Unit {
    std::int64_t seconds;
    const char* designator; // null: only typed
    const char* word;       // as shown
    QStringList also;       // as typed; nothing that another word begins with
};

const std::array<Unit, 5>& units()
{
    static const std::array<Unit, 5> all = {{
        {604800, nullptr, nullptr, {QStringLiteral("week"), QStringLiteral("weeks")}},
        {86400, "D", QT_TRANSLATE_NOOP("Words", "d"), {QStringLiteral("d"), QStringLiteral("day"), QStringLiteral("days")}},
        {3600, "H", QT_TRANSLATE_NOOP("Words", "h"), {QStringLiteral("h"), QStringLiteral("hour"), QStringLiteral("hours")}},
        {60, "M", QT_TRANSLATE_NOOP("Words", "min"), {QStringLiteral("min"), QStringLiteral("minute"), QStringLiteral("minutes")}},
        {1,
         "S",
         QT_TRANSLATE_NOOP("Words", "s"),
         {QStringLiteral("s"), QStringLiteral("sec"), QStringLiteral("second"), QStringLiteral("seconds")}},
    }};
    return all;
}

const Unit* unitOf(const QString& word)
{
    for (const Unit& unit : units())
        if (unit.also.contains(word.toLower()) || (unit.word && word == Words::tr(unit.word)))
            return &unit;
    return nullptr;
}

std::string spelled(std::int64_t seconds)
{
    std::string out = "P";
    bool time = false;
    for (const Unit& unit : units()) {
        if (!unit.designator)
            continue;
        const std::int64_t count = seconds / unit.seconds;
        seconds %= unit.seconds;
        if (count == 0)
            continue;
        if (unit.seconds < 86400 && !std::exchange(time, true))
            out += 'T';
        out += std::to_string(count) + unit.designator;
    }
    return out == "P" ? "PT0S" : out;
}

} // namespace

QString durationWords(std::string_view duration)
{
    const auto parsed = workflow::parseDuration(duration);
    QString asItStands = shielded(duration);
    if (!parsed || parsed->count() % 1000 != 0)
        return asItStands;
    QStringList out;
    std::int64_t seconds = parsed->count() / 1000;
    if (seconds == 0)
        return QStringLiteral("0 ") + Words::tr(units().back().word);
    for (const Unit& unit : units()) {
        if (!unit.word)
            continue;
        if (seconds >= unit.seconds)
            out << QString::number(seconds / unit.seconds) + u' ' + Words::tr(unit.word);
        seconds %= unit.seconds;
    }
    return out.join(u' ');
}

std::optional<std::string> durationOf(const QString& words)
{
    const QString text = words.trimmed();
    if (std::string itself = unshielded(text.toUpper()); workflow::parseDuration(itself))
        return itself;
    static const QRegularExpression part(
        QStringLiteral("\\G[\\s\\x{A0}\\x{202F}]*([0-9]{1,9})[\\s\\x{A0}\\x{202F}]*([^\\s0-9\\x{A0}\\x{202F}]+)"));
    std::int64_t seconds = 0;
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    qsizetype at = 0;
    while (at < text.size()) {
        const QRegularExpressionMatch match = part.match(text, at);
        const Unit* unit = match.hasMatch() ? unitOf(match.captured(2)) : nullptr;
        if (!unit || unit->seconds >= before)
            return std::nullopt; // "5 min 1 h", "5 min 5 min"
        seconds += match.captured(1).toLongLong() * unit->seconds;
        before = unit->seconds;
        at = match.capturedEnd();
    }
    const std::string out = spelled(seconds);
    return at > 0 && workflow::parseDuration(out) ? std::optional(out) : std::nullopt;
}

} // namespace gatehouse::widgets
