// Strong identifiers: a RunId is not an ApprovalId. Values; any thread.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

template <typename Tag> class Id {
public:
    Id() = default;
    explicit Id(std::string text) : m_text(std::move(text)) { }
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] bool empty() const { return m_text.empty(); }
    auto operator<=>(const Id&) const = default;

private:
    std::string m_text;
};

using RunId = Id<struct RunTag>;           // UUID version 7
using ApprovalId = Id<struct ApprovalTag>; // "ap-" and 12 hex digits of the binding's digest and a nonce
using SpanId = Id<struct SpanTag>;         // 16 hex digits: groups the records of one step

// A UUID version 7 (RFC 9562): sortable by time, 74 random bits from the kernel.
[[nodiscard]] std::string makeUuidV7();
// count random bytes from the kernel, as hex.
[[nodiscard]] std::string randomHex(std::size_t count);

} // namespace gatehouse
