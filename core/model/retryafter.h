// Retry-After (RFC 9110 10.2.3): seconds, or an HTTP date.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace gatehouse::model {

// now: seconds since 1970. A date in the past gives 0; anything that is neither form gives nothing. At most ten years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parseRetryAfter(std::string_view value, std::chrono::seconds now);

} // namespace gatehouse::model
