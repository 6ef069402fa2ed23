// Output of programs: any bytes give lines within the bounds, the same ones however they are split, and nothing in them that a terminal
// or a reordering could act on.
#include "widgets/terminal/logstore.h"

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
    // Streams take turns: each has its own state.
    LogStore turns;
    for (std::size_t at = 0; at < size; at += 3)
        turns.append(at % 2 == 0 ? LogStream::Output : LogStream::Error, bytes.substr(at, 3));
    for (std::uint64_t line = 0; line < turns.endLine(); ++line)
        requireSafe(*turns.line(line));
    return 0;
}
