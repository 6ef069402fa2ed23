// Patterns on paths, host names and addresses. Pure functions; any thread; values are hostile, patterns are checked by the reader.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::policy {

// A path in its one spelling: "." and empty segments gone, ".." resolved. Absent: it leaves its root, or holds a NUL.
[[nodiscard]] std::optional<std::string> normalPath(std::string_view path);

// Whole match of a normal path: * and ? stay inside a segment, [a-z] and [!a-z] are one character, ** as a whole segment is any
// number of segments (also none), a backslash takes the next character as it is.
[[nodiscard]] bool globMatches(std::string_view pattern, std::string_view path);
// An unfinished bracket or escape, or ** beside something else in its segment.
[[nodiscard]] bool isGlob(std::string_view pattern);

// A host name in its one spelling: lower-case, punycode, no final dot; an IPv6 address without brackets. Absent: it is no host.
[[nodiscard]] std::optional<std::string> normalHost(std::string_view host);
// pattern is a host name, an address, or "*." before a host name: any name beneath it, never itself.
[[nodiscard]] bool isHostPattern(std::string_view pattern);
[[nodiscard]] bool hostMatches(std::string_view pattern, std::string_view host);

struct Network {
    std::array<std::uint8_t, 16> address{}; // IPv4 as ::ffff:0:0/96
    unsigned prefix = 128;
    bool operator==(const Network&) const = default;
};
// "10.0.0.0/8", "fd00::/8"; host bits must be zero.
[[nodiscard]] std::optional<Network> parseNetwork(std::string_view text);
// Absent: text is no address.
[[nodiscard]] std::optional<bool> networkHolds(const Network& network, std::string_view text);

} // namespace gatehouse::policy
