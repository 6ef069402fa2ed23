// Lower-case hexadecimal, both ways.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

[[nodiscard]] std::string toHex(std::span<const unsigned char> bytes);
// Null for an odd length, upper case or any other character: one digest has one spelling.
[[nodiscard]] std::optional<std::vector<unsigned char>> fromHex(std::string_view text);

} // namespace gatehouse
