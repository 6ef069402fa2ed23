// A schema's patterns as RE2 takes them. Internal to core/base.
#pragma once

#include <memory>
#include <string>

namespace re2 {
class RE2;
}

namespace gatehouse {

// Look at ok() and error(): RE2 has no look-around and no back references, and refuses what would take too much memory.
[[nodiscard]] std::shared_ptr<const re2::RE2> compilePattern(const std::string& pattern);
// As a schema's pattern means it: anywhere in the text. False for what is no pattern.
[[nodiscard]] bool matchesPattern(const std::string& pattern, const std::string& text);

} // namespace gatehouse
