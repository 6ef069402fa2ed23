// Cutting a command's output to a budget of tokens (four bytes each), the way models know it. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::tools {

// What a tool's result may cost when the model names no maximum: an endless log must not fill its context.
inline constexpr std::uint64_t defaultOutputTokens = 10000;

// Rounded up; an empty text has none.
[[nodiscard]] std::uint64_t tokenCount(std::uint64_t bytes);
// The text (valid UTF-8), or, when it is longer than maximumTokens * 4 bytes: "Total output lines: N", a blank line, its
// first half, "…K tokens truncated…", its second half, all within the budget. Cuts never split a code point. When the
// budget is small the header goes first, then the marker is cut.
[[nodiscard]] std::string truncateOutput(std::string_view text, std::uint64_t maximumTokens);

} // namespace gatehouse::tools
