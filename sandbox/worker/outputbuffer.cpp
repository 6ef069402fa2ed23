#include "sandbox/worker/outputbuffer.h"

#include <algorithm>

namespace gatehouse::worker {

std::string_view OutputBuffer::take(std::string_view bytes)
{
    const std::uint64_t room = m_total < m_limit ? m_limit - m_total : 0;
    m_total += bytes.size();
    if (m_mode == Mode::Streamed)
        return bytes;
    keep(bytes);
    return bytes.substr(0, std::min<std::uint64_t>(room, bytes.size()));
}

void OutputBuffer::keep(std::string_view bytes)
{
    const std::size_t capacity = m_limit / 2;
    if (bytes.size() > capacity)
        bytes.remove_prefix(bytes.size() - capacity);
    while (!bytes.empty()) {
        if (m_next == m_ring.size() && m_ring.size() < capacity) {
            const std::size_t count = std::min(bytes.size(), capacity - m_ring.size());
            m_ring.append(bytes.substr(0, count));
            bytes.remove_prefix(count);
            m_next = m_ring.size();
            continue;
        }
        m_next %= capacity;
        const std::size_t count = std::min(bytes.size(), capacity - m_next);
        std::copy_n(bytes.begin(), count, m_ring.begin() + static_cast<std::ptrdiff_t>(m_next));
        bytes.remove_prefix(count);
        m_next += count;
    }
}

std::string OutputBuffer::tail() const
{
    if (!truncated())
        return {};
    const std::size_t start = m_next % std::max<std::size_t>(1, m_ring.size());
    return m_ring.substr(start) + m_ring.substr(0, start);
}

} // namespace gatehouse::worker
