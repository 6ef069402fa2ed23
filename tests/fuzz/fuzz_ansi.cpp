// Output of programs: any bytes give lines within the bounds, the same ones however they are split, and nothing in them that a terminal
// or a reordering could act on.
#include "widgets/terminal/logstore.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace gatehouse::widgets;

static void require(bool condition)
{
    if (!condition)
        std::abort();
}

static void requireSafe(const AnsiLine& line)
{
    require(line.width <= AnsiLineBuilder::mostColumns);
    require(line.columns.empty() || line.columns.size() == std::size_t(line.text.size()));
    int end = 0;
    for (const AnsiSpan& span : line.spans) {
        require(span.start == end && span.length > 0);
        end += span.length;
    }
    require(line.spans.empty() || end == line.text.size());
    for (const QChar c : line.text) {
        const char16_t unit = c.unicode();
        require(unit >= 0x20 && !(unit >= 0x7F && unit < 0xA0));
        require(!(unit >= 0x202A && unit <= 0x202E) && !(unit >= 0x2066 && unit <= 0x2069) && unit != 0x200E && unit != 0x200F);
    }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    LogStore whole;
    whole.append(LogStream::Output, bytes);
    LogStore pieces;
    for (std::size_t at = 0; at < size;) {
        const std::size_t length = 1 + data[at] % 5;
        pieces.append(LogStream::Output, bytes.substr(at, length));
        at += length;
    }
    require(whole.endLine() == pieces.endLine() && whole.swallowed() == pieces.swallowed());
    for (std::uint64_t line = 0; line < whole.endLine(); ++line) {
        const AnsiLinePtr made = whole.line(line);
        requireSafe(*made);
        require(*made == *pieces.line(line));
        require(whole.width(line) == made->width);
    }
    // Streams take turns: each has its own state. A store that lets its first lines go has the others as they are.
    LogStore turns;
    constexpr LogLimits few{.bytes = 2048, .lines = 20};
    LogStore bounded(few);
    for (std::size_t at = 0; at < size; at += 3) {
        const LogStream stream = at % 2 == 0 ? LogStream::Output : LogStream::Error;
        turns.append(stream, bytes.substr(at, 3));
        for (std::size_t one = at; one < std::min(at + 3, size); ++one)
            bounded.append(stream, bytes.substr(one, 1));
        require(bounded.endLine() - bounded.firstLine() <= few.lines);
    }
    require(turns.firstLine() == 0 && turns.endLine() == bounded.endLine() && turns.swallowed() == bounded.swallowed());
    for (std::uint64_t line = 0; line < turns.endLine(); ++line)
        requireSafe(*turns.line(line));
    for (std::uint64_t line = bounded.firstLine(); line < bounded.endLine(); ++line) {
        require(*bounded.line(line) == *turns.line(line));
        require(bounded.stream(line) == turns.stream(line) && bounded.isCut(line) == turns.isCut(line));
    }
    return 0;
}
