// Letters of other scripts, and decorated ones, that look like a Latin letter or digit. A constant table; any thread.
// Conservative: only shapes that a hurried reader takes for the Latin letter. Compatibility forms are left to NFKC.
#pragma once

namespace gatehouse::policy {

// The Latin letter or digit that it looks like, or the code point itself.
[[nodiscard]] char32_t latinLookAlike(char32_t codePoint);

// Drawn exactly like a Latin letter in common fonts: a whole word of these can't be told from a Latin one.
[[nodiscard]] bool isLatinTwin(char32_t codePoint);

} // namespace gatehouse::policy
