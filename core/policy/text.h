// Readings of one text that a rule's words must not escape from. Pure functions; any thread; input is hostile.
//
// Out of reach here: base64 and other encodings, other alphabets' words, blanks and line breaks between letters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::policy {

// Unicode NFKC, of valid and invalid UTF-8 (invalid bytes become U+FFFD).
[[nodiscard]] std::string nfkc(std::string_view text);
// NFKC and the escapes of JSON and C (\u0074, \u{74}, \U00000074, \x74, \164, \n, \\ …) decoded, again and again until nothing changes
// or too much would have to be gone over.
[[nodiscard]] std::string normalised(std::string_view text);
// NFKC, and percent escapes (%74) and character references (&#116; &#x74; &amp; …) decoded in the same way.
[[nodiscard]] std::string webDecoded(std::string_view text);
// What it looks like: normalised, without invisible and combining characters, look-alikes of Latin letters folded to them.
[[nodiscard]] std::string skeleton(std::string_view normalisedText);
// Without quotes and backslashes, as a shell would join d"e"l\ete.
[[nodiscard]] std::string unquoted(std::string_view text);

struct Readings {
    std::vector<std::string> texts; // the text itself, then every other reading that differs from it
    bool whole = true;              // false: it was given up on, so that nothing was found in it means nothing
};
[[nodiscard]] Readings readings(std::string_view text);

} // namespace gatehouse::policy
