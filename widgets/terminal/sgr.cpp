// SGR: the numbers that set colours and styles.
#include "widgets/terminal/ansiparser.h"

#include <optional>
#include <span>

namespace gatehouse::widgets {

namespace {

// One parameter with those that follow it by colons: 4:3, 38:2::255:0:0. Of an empty one the value is 0.
struct Parameter {
    int value = 0;
    bool joined = false; // to the one before, by a colon
};

constexpr std::size_t mostParameters = AnsiState::longestParameters + 1;

std::size_t split(std::string_view text, std::array<Parameter, mostParameters>& out)
{
    std::size_t count = 1;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            out[count - 1].value = std::min(out[count - 1].value * 10 + (c - '0'), 1000);
        else
            out[count++].joined = c == ':';
    }
    return count;
}

std::optional<AnsiColour> colourFrom(std::span<const int> numbers)
{
    const auto isByte = [](int value) { return value >= 0 && value <= 255; };
    if (numbers.size() >= 2 && numbers[0] == 5 && isByte(numbers[1]))
        return AnsiColour::indexed(std::uint8_t(numbers[1]));
    if (numbers.size() >= 4 && numbers[0] == 2 && isByte(numbers[1]) && isByte(numbers[2]) && isByte(numbers[3]))
        return AnsiColour::rgb(std::uint8_t(numbers[1]), std::uint8_t(numbers[2]), std::uint8_t(numbers[3]));
    return std::nullopt;
}

// What belongs to a 38, 48 or 58: how many parameters behind it, and the colour if it is one.
std::size_t readColour(std::span<const Parameter> rest, std::optional<AnsiColour>& colour)
{
    std::array<int, 5> numbers{};
    std::size_t joined = 0;
    while (joined < rest.size() && rest[joined].joined)
        ++joined;
    if (joined > 0) {
        std::size_t count = 0;
        // With five behind a 2 the first of them names a colour space.
        const bool space = rest[0].value == 2 && joined >= 5;
        for (std::size_t i = 0; i < joined && count < numbers.size(); ++i)
            if (!(space && i == 1))
                numbers[count++] = rest[i].value;
        colour = colourFrom(std::span(numbers).first(count));
        return joined;
    }
    const std::size_t wanted = rest.empty() ? 0 : rest[0].value == 5 ? 2 : rest[0].value == 2 ? 4 : 1;
    const std::size_t count = std::min(wanted, rest.size());
    for (std::size_t i = 0; i < count; ++i)
        numbers[i] = rest[i].value;
    colour = colourFrom(std::span(numbers).first(count));
    return count;
}

void setFlags(AnsiStyle& pen, int on, int off)
{
    pen.flags = std::uint8_t((pen.flags & ~off) | on);
}

void applyOne(int value, AnsiStyle& pen)
{
    if (value >= 30 && value <= 37)
        pen.ink = AnsiColour::indexed(std::uint8_t(value - 30));
    else if (value >= 40 && value <= 47)
        pen.ground = AnsiColour::indexed(std::uint8_t(value - 40));
    else if (value >= 90 && value <= 97)
        pen.ink = AnsiColour::indexed(std::uint8_t(value - 90 + 8));
    else if (value >= 100 && value <= 107)
        pen.ground = AnsiColour::indexed(std::uint8_t(value - 100 + 8));
    switch (value) {
    case 0:
        pen = {};
        break;
    case 1:
        return setFlags(pen, AnsiStyle::Bold, 0);
    case 2:
        return setFlags(pen, AnsiStyle::Faint, 0);
    case 3:
        return setFlags(pen, AnsiStyle::Italic, 0);
    case 4:
    case 21:
        return setFlags(pen, AnsiStyle::Underline, 0);
    case 7:
        return setFlags(pen, AnsiStyle::Inverse, 0);
    case 22:
        return setFlags(pen, 0, AnsiStyle::Bold | AnsiStyle::Faint);
    case 23:
        return setFlags(pen, 0, AnsiStyle::Italic);
    case 24:
        return setFlags(pen, 0, AnsiStyle::Underline);
    case 27:
        return setFlags(pen, 0, AnsiStyle::Inverse);
    case 39:
        pen.ink = {};
        break;
    case 49:
        pen.ground = {};
        break;
    default:
        break; // blinking, concealed and the like: text is shown as it is
    }
}

} // namespace

void applySgr(std::string_view parameters, AnsiStyle& pen)
{
    std::array<Parameter, mostParameters> all{};
    const std::size_t count = split(parameters, all);
    for (std::size_t i = 0; i < count; ++i) {
        const int value = all[i].value;
        const std::span<const Parameter> rest = std::span(all).subspan(i + 1, count - i - 1);
        if (value == 38 || value == 48 || value == 58) {
            std::optional<AnsiColour> colour;
            i += readColour(rest, colour);
            if (colour && value != 58)
                (value == 38 ? pen.ink : pen.ground) = *colour;
            continue;
        }
        std::size_t joined = 0;
        while (joined < rest.size() && rest[joined].joined)
            ++joined;
        if (value == 4 && joined > 0 && rest[0].value == 0)
            setFlags(pen, 0, AnsiStyle::Underline);
        else
            applyOne(value, pen);
        i += joined;
    }
}

} // namespace gatehouse::widgets
