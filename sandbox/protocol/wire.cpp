#include "sandbox/protocol/wire.h"

namespace gatehouse::protocol {

void ByteWriter::integer(std::uint64_t value, int width)
{
    for (int i = 0; i < width; ++i)
        m_bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

void ByteWriter::bytes(std::string_view value)
{
    u32(static_cast<std::uint32_t>(value.size()));
    m_bytes.append(value);
}

std::uint64_t ByteReader::integer(std::size_t width)
{
    if (!m_ok || m_rest.size() < width) {
        m_ok = false;
        return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(m_rest[i])) << (8 * i);
    m_rest.remove_prefix(width);
    return value;
}

std::string_view ByteReader::bytes(std::size_t maximum)
{
    const std::size_t length = u32();
    if (!m_ok || length > maximum || length > m_rest.size()) {
        m_ok = false;
        return {};
    }
    const std::string_view value = m_rest.substr(0, length);
    m_rest.remove_prefix(length);
    return value;
}

std::uint32_t ByteReader::count(std::uint32_t maximum)
{
    const std::uint32_t value = u32();
    if (!m_ok || value > maximum || value > m_rest.size()) {
        m_ok = false;
        return 0;
    }
    return value;
}

} // namespace gatehouse::protocol
