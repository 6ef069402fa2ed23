// RFC 8785 (JSON Canonicalization Scheme): one spelling for each value, the only form that is digested.
//
// Records and bindings use the subset Integers: whole numbers within ±(2^53−1); a 64-bit value or a fraction stands there as
// a string. Any adds the doubles of the RFC, for foreign JSON such as a tool's schema. Object members are ordered by
// UTF-16 code units. Pure functions; any thread. Errors are ErrorCode::InvalidInput and name the pointer or the byte.
#pragma once

#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse {

inline constexpr std::int64_t maximumSafeInteger = 9007199254740991;

enum class CanonicalNumbers { Integers, Any };

[[nodiscard]] Result<std::string> canonicalJson(const nlohmann::json& value, CanonicalNumbers numbers = CanonicalNumbers::Integers);
// Appends; on an error out is as it was.
[[nodiscard]] Result<void> appendCanonicalJson(std::string& out, const nlohmann::json& value,
                                               CanonicalNumbers numbers = CanonicalNumbers::Integers);
// Appends a quoted string with its canonical escapes. The text must be valid UTF-8 (false: it is not, and out is as it was).
[[nodiscard]] bool appendCanonicalString(std::string& out, std::string_view text);
// Bytes that appendCanonicalString would add, the quotes included.
[[nodiscard]] std::size_t canonicalStringSize(std::string_view text);

// One pass, no allocation for most texts: the bytes are the canonical form (subset Integers) of the value they spell.
[[nodiscard]] Result<void> checkCanonicalJson(std::string_view text);
// Checks, then builds: never a value from bytes that are not their own canonical form.
[[nodiscard]] Result<nlohmann::json> parseCanonical(std::string_view text);

// The order of RFC 8785's member names, for valid UTF-8: negative, zero, positive.
[[nodiscard]] int compareUtf16(std::string_view a, std::string_view b);

} // namespace gatehouse
