#include "core/workflow/quantities.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace gatehouse::workflow {

namespace {

constexpr std::chrono::milliseconds longestDuration = std::chrono::hours(24 * 366 * 10);

std::unexpected<Error> bad(const char* sentence, std::string_view text)
{
    return fail(ErrorCode::InvalidInput, {}, Message(sentence, {std::string(text.substr(0, 80))}));
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

// Digits and at most `fraction` more after a point, as a whole number of 10^-fraction. Moves text behind them.
std::optional<std::uint64_t> takeDecimal(std::string_view& text, unsigned fraction)
{
    std::size_t end = 0;
    while (end < text.size() && isDigit(text[end]))
        ++end;
    if (end == 0 || end > 15)
        return std::nullopt;
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + end, value);
    text.remove_prefix(end);
    unsigned digits = 0;
    if (!text.empty() && text[0] == '.') {
        text.remove_prefix(1);
        for (; !text.empty() && isDigit(text[0]); text.remove_prefix(1), ++digits) {
            if (digits == fraction || value > std::numeric_limits<std::uint64_t>::max() / 20)
                return std::nullopt;
            value = value * 10 + static_cast<std::uint64_t>(text[0] - '0');
        }
        if (digits == 0)
            return std::nullopt;
    }
    for (; digits < fraction; ++digits) {
        if (value > std::numeric_limits<std::uint64_t>::max() / 20)
            return std::nullopt;
        value *= 10;
    }
    return value;
}

struct Designator {
    char letter;
    bool time; // stands after the T
    std::uint64_t milliseconds;
};

// In the order in which they may stand.
constexpr std::array<Designator, 5> designators = {{
    {'W', false, 7ull * 24 * 3600 * 1000},
    {'D', false, 24ull * 3600 * 1000},
    {'H', true, 3600ull * 1000},
    {'M', true, 60ull * 1000},
    {'S', true, 1000},
}};

struct Unit {
    std::string_view name;
    std::uint64_t bytes;
};

constexpr std::array<Unit, 12> units = {{
    {"", 1},
    {"B", 1},
    {"kB", 1000},
    {"KB", 1000},
    {"MB", 1000ull * 1000},
    {"GB", 1000ull * 1000 * 1000},
    {"TB", 1000ull * 1000 * 1000 * 1000},
    {"kiB", 1ull << 10},
    {"KiB", 1ull << 10},
    {"MiB", 1ull << 20},
    {"GiB", 1ull << 30},
    {"TiB", 1ull << 40},
}};

} // namespace

Result<std::chrono::milliseconds> parseDuration(std::string_view text)
{
    constexpr const char* sentence = "\"%1\" is no duration; write it as PT30S, PT10M or P1DT12H";
    std::string_view rest = text;
    if (rest.size() < 3 || rest[0] != 'P')
        return bad(sentence, text);
    rest.remove_prefix(1);
    bool time = false;
    std::size_t next = 0;
    std::uint64_t total = 0;
    while (!rest.empty()) {
        if (rest[0] == 'T' && !time && rest.size() > 1) {
            time = true;
            rest.remove_prefix(1);
        }
        const auto thousandths = takeDecimal(rest, 3);
        if (!thousandths || rest.empty())
            return bad(sentence, text);
        while (next < designators.size() && (designators[next].letter != rest[0] || designators[next].time != time))
            ++next;
        if (next == designators.size())
            return bad(sentence, text);
        const std::uint64_t unit = designators[next].milliseconds;
        if (*thousandths / 1000 > static_cast<std::uint64_t>(longestDuration.count()) / unit)
            return bad("The duration \"%1\" is longer than ten years", text);
        total += *thousandths / 1000 * unit + *thousandths % 1000 * unit / 1000;
        ++next;
        rest.remove_prefix(1);
    }
    const std::chrono::milliseconds out(static_cast<std::int64_t>(total));
    if (out > longestDuration)
        return bad("The duration \"%1\" is longer than ten years", text);
    return out;
}

Result<Period> parsePeriod(std::string_view text)
{
    constexpr const char* sentence = "\"%1\" is no period; write it as P12M, P1Y or P90D";
    std::string_view rest = text;
    if (rest.size() < 3 || rest[0] != 'P')
        return bad(sentence, text);
    rest.remove_prefix(1);
    Period out;
    constexpr std::string_view order = "YMWD";
    std::size_t next = 0;
    while (!rest.empty()) {
        const auto count = takeDecimal(rest, 0);
        const std::size_t place = rest.empty() ? std::string_view::npos : order.find(rest[0], next);
        if (!count || *count > 10000 || place == std::string_view::npos)
            return bad(sentence, text);
        const auto number = static_cast<unsigned>(*count);
        (place < 2 ? out.months : out.days) += number * (place == 0 ? 12 : place == 2 ? 7 : 1);
        next = place + 1;
        rest.remove_prefix(1);
    }
    return out;
}

Result<std::uint64_t> parseSize(std::string_view text)
{
    constexpr const char* sentence = "\"%1\" is no size; write it as 512MiB, 100MB or as a number of bytes";
    std::string_view rest = text;
    const auto thousandths = takeDecimal(rest, 3);
    if (!thousandths)
        return bad(sentence, text);
    if (rest.size() > 1 && rest[0] == ' ')
        rest.remove_prefix(1);
    for (const Unit& unit : units) {
        if (unit.name != rest)
            continue;
        const std::uint64_t whole = *thousandths / 1000;
        if (whole > (1ull << 53) / unit.bytes)
            return bad("The size \"%1\" is beyond 8 PiB", text);
        return whole * unit.bytes + *thousandths % 1000 * unit.bytes / 1000;
    }
    return bad(sentence, text);
}

Result<std::uint64_t> parseRate(std::string_view text)
{
    if (!text.ends_with("/s"))
        return bad("\"%1\" is no rate; write it as 100MiB/s", text);
    return parseSize(text.substr(0, text.size() - 2));
}

Result<Money> parseMoney(std::string_view text)
{
    constexpr const char* sentence = "\"%1\" is no amount of money; write it as 2.00 USD";
    std::string_view rest = text;
    const auto micros = takeDecimal(rest, 6);
    if (!micros || *micros > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) || rest.size() != 4 || rest[0] != ' ')
        return bad(sentence, text);
    Money out{static_cast<std::int64_t>(*micros), std::string(rest.substr(1))};
    for (const char c : out.currency) {
        if (c < 'A' || c > 'Z')
            return bad(sentence, text);
    }
    return out;
}

} // namespace gatehouse::workflow
