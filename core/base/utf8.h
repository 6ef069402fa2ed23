// UTF-8: checked, walked by code point, and made valid where it is not. Pure functions; any thread.
// Valid means RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse {

inline constexpr char32_t replacementCharacter = 0xFFFD;

// One step of a walk. Of invalid input: valid is false, value the replacement character, length at least 1.
struct CodePoint {
    char32_t value = replacementCharacter;
    std::size_t length = 1;
    bool valid = false;
};

// What stands at offset, which must be inside the text.
[[nodiscard]] CodePoint codePointAt(std::string_view text, std::size_t offset);
// Bytes of the longest valid beginning; the text's size when all of it is valid.
[[nodiscard]] std::size_t validUtf8Prefix(std::string_view text);
[[nodiscard]] bool isValidUtf8(std::string_view text);
// Invalid bytes count as one each.
[[nodiscard]] std::size_t codePointCount(std::string_view text);
// A surrogate or a value beyond U+10FFFF is appended as the replacement character.
void appendUtf8(std::string& out, char32_t codePoint);
// Each invalid sequence becomes one U+FFFD. For showing; never for what is digested.
[[nodiscard]] std::string toValidUtf8(std::string_view text);

} // namespace gatehouse
