#include "core/tools/truncation.h"

#include <algorithm>

namespace gatehouse::tools {

namespace {

constexpr std::uint64_t bytesPerToken = 4;

bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// At most count bytes from the front, or from the back, in whole code points.
std::string_view front(std::string_view text, std::size_t count)
{
    while (count > 0 && count < text.size() && isContinuation(text[count]))
        --count;
    return text.substr(0, count);
}

std::string_view back(std::string_view text, std::size_t count)
{
    std::size_t start = text.size() - std::min(count, text.size());
    while (start < text.size() && isContinuation(text[start]))
        ++start;
    return text.substr(start);
}

std::string marker(std::uint64_t removedBytes)
{
    return "…" + std::to_string(tokenCount(removedBytes)) + " tokens truncated…";
}

std::string header(std::string_view text)
{
    auto lines = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
    if (!text.empty() && text.back() != '\n')
        ++lines;
    return "Total output lines: " + std::to_string(lines) + "\n\n";
}

} // namespace

std::uint64_t tokenCount(std::uint64_t bytes)
{
    return bytes / bytesPerToken + (bytes % bytesPerToken != 0 ? 1 : 0);
}

std::string truncateOutput(std::string_view text, std::uint64_t maximumTokens)
{
    if (tokenCount(text.size()) <= maximumTokens)
        return std::string(text);
    const std::size_t budget = maximumTokens * bytesPerToken;
    // The marker is longest when all of the text goes.
    const std::size_t markerSize = marker(text.size()).size();
    if (budget <= markerSize)
        return std::string(front(marker(text.size()), budget));
    std::string out = header(text);
    if (out.size() + markerSize >= budget)
        out.clear();
    const std::size_t kept = budget - markerSize - out.size();
    const std::string_view first = front(text, kept / 2);
    const std::string_view second = back(text, kept - kept / 2);
    return (out += first) + marker(text.size() - first.size() - second.size()).append(second);
}

} // namespace gatehouse::tools
