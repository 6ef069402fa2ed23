#include "core/journal/linereader.h"

#include "core/journal/record.h"

#include <cerrno>
#include <unistd.h>

namespace gatehouse::journal {

Result<bool> LineReader::fill()
{
    constexpr std::size_t chunk = 256 * 1024;
    m_buffer.erase(0, std::exchange(m_begin, 0));
    const std::size_t old = m_buffer.size();
    m_buffer.resize(old + chunk);
    ssize_t got = 0;
    do {
        got = ::pread(m_fd, m_buffer.data() + old, chunk, static_cast<off_t>(m_offset + old));
    } while (got < 0 && errno == EINTR);
    m_buffer.resize(old + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0)
        return failErrno(m_name, "Could not read", errno);
    return got > 0;
}

Result<std::optional<LineReader::Line>> LineReader::next()
{
    const auto take = [&](std::size_t text, std::size_t bytes, bool terminated, bool oversized) {
        const Line line{unread().substr(0, text), m_offset, terminated, oversized};
        m_begin += bytes;
        m_offset += bytes;
        return line;
    };
    for (std::size_t searched = 0;;) {
        const std::size_t newline = unread().find('\n', searched);
        if (newline != std::string_view::npos) {
            const Line line = take(newline, newline + 1, true, newline >= maximumRecordBytes);
            if (!std::exchange(m_skipping, false))
                return line;
            searched = 0;
            continue;
        }
        searched = unread().size();
        if (searched >= maximumRecordBytes) {
            const Line line = take(searched, searched, true, true);
            if (!std::exchange(m_skipping, true))
                return line;
            searched = 0;
        }
        GH_ASSIGN(const bool more, fill());
        if (more)
            continue;
        if (unread().empty() || m_skipping)
            return std::nullopt;
        return take(searched, searched, false, false);
    }
}

} // namespace gatehouse::journal
