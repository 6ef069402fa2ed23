// Flat little-endian encoding of integers and byte strings. The reader never trusts a length: what is claimed must be there.
// Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::protocol {

class ByteWriter {
public:
    void u8(std::uint8_t value) { m_bytes.push_back(static_cast<char>(value)); }
    void u16(std::uint16_t value) { integer(value, 2); }
    void u32(std::uint32_t value) { integer(value, 4); }
    void u64(std::uint64_t value) { integer(value, 8); }
    void i64(std::int64_t value) { integer(static_cast<std::uint64_t>(value), 8); }
    void bytes(std::string_view value);
    [[nodiscard]] std::string take() { return std::move(m_bytes); }

private:
    void integer(std::uint64_t value, int width);
    std::string m_bytes;
};

// After the first failure every read gives zero or nothing and ok() is false; check once at the end with done().
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : m_rest(bytes) { }
    std::uint8_t u8() { return static_cast<std::uint8_t>(integer(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(integer(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(integer(4)); }
    std::uint64_t u64() { return integer(8); }
    std::int64_t i64() { return static_cast<std::int64_t>(integer(8)); }
    std::string_view bytes(std::size_t maximum);
    // A count of things that follow, each at least one byte: a larger one fails here, before anything is allocated for it.
    std::uint32_t count(std::uint32_t maximum);
    void refuse() { m_ok = false; }
    [[nodiscard]] bool ok() const { return m_ok; }
    // Everything was read and nothing failed.
    [[nodiscard]] bool done() const { return m_ok && m_rest.empty(); }

private:
    std::uint64_t integer(std::size_t width);
    std::string_view m_rest;
    bool m_ok = true;
};

} // namespace gatehouse::protocol
