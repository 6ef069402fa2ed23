// Cutting a command's output to a budget of tokens (four bytes each), the way models know it. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::tools {

// Rounded up; an empty text has none.
[[nodiscard]] std::uint64_t tokenCount(std::uint64_t bytes);
// The text, or, when it is longer than maximumTokens * 4 bytes: "Total output lines: N", a blank line, its first half,
// "…K tokens truncated…", its second half, all within the budget. Cuts never split a code point. When the budget is
// small the header goes first, then the marker is cut.
[[nodiscard]] std::string truncateOutput(std::string_view text, std::optional<std::uint64_t> maximumTokens);
// Valid UTF-8: each undecodable byte sequence becomes U+FFFD.
[[nodiscard]] std::string decodeLossy(std::string_view bytes);

} // namespace gatehouse::tools
