#include "widgets/source/lineindex.h"

#include <algorithm>
#include <iterator>

namespace gatehouse::widgets {

static constexpr std::size_t chunkLines = 512;

std::vector<std::uint32_t> LineIndex::sizesOf(std::string_view text, bool isLast)
{
    std::vector<std::uint32_t> out;
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', start)) {
        out.push_back(static_cast<std::uint32_t>(end + 1 - start));
        start = end + 1;
    }
    if (isLast)
        out.push_back(static_cast<std::uint32_t>(text.size() - start));
    return out;
}

void LineIndex::assign(std::string_view text)
{
    m_chunks.clear();
    m_lines = 0;
    m_bytes = 0;
    insert(0, 0, sizesOf(text, true));
}

void LineIndex::update(std::string_view text, std::size_t begin, std::size_t removed, std::size_t added)
{
    const std::size_t first = lineAt(begin);
    const std::size_t last = lineAt(begin + removed);
    const std::size_t from = this->begin(first);
    const std::size_t length = this->begin(last + 1) - from - removed + added;
    const bool isLast = last + 1 == m_lines;
    replace(first, last + 1 - first, sizesOf(text.substr(std::min(from, text.size()), length), isLast));
}

std::size_t LineIndex::begin(std::size_t line) const
{
    std::size_t bytes = 0;
    for (const Chunk& chunk : m_chunks) {
        if (line < chunk.sizes.size()) {
            for (std::size_t i = 0; i < line; ++i)
                bytes += chunk.sizes[i];
            return bytes;
        }
        line -= chunk.sizes.size();
        bytes += chunk.bytes;
    }
    return bytes;
}

std::size_t LineIndex::lineAt(std::size_t offset) const
{
    std::size_t line = 0;
    for (const Chunk& chunk : m_chunks) {
        if (offset >= chunk.bytes) {
            offset -= chunk.bytes;
            line += chunk.sizes.size();
            continue;
        }
        for (const std::uint32_t size : chunk.sizes) {
            if (offset < size)
                return line;
            offset -= size;
            ++line;
        }
    }
    return m_lines - 1;
}

void LineIndex::replace(std::size_t first, std::size_t count, const std::vector<std::uint32_t>& sizes)
{
    std::size_t at = first;
    std::size_t chunk = 0;
    while (chunk < m_chunks.size() && at >= m_chunks[chunk].sizes.size() && chunk + 1 < m_chunks.size())
        at -= m_chunks[chunk++].sizes.size();
    const std::size_t place = chunk;
    for (std::size_t from = at; count > 0 && chunk < m_chunks.size(); ++chunk, from = 0) {
        Chunk& of = m_chunks[chunk];
        const std::size_t here = std::min(count, of.sizes.size() - from);
        const auto begin = of.sizes.begin() + std::ptrdiff_t(from);
        for (auto size = begin; size != begin + std::ptrdiff_t(here); ++size) {
            of.bytes -= *size;
            m_bytes -= *size;
        }
        of.sizes.erase(begin, begin + std::ptrdiff_t(here));
        m_lines -= here;
        count -= here;
    }
    insert(place, at, sizes);
    std::erase_if(m_chunks, [](const Chunk& of) { return of.sizes.empty(); });
}

void LineIndex::insert(std::size_t chunk, std::size_t at, const std::vector<std::uint32_t>& sizes)
{
    if (m_chunks.empty())
        m_chunks.emplace_back();
    Chunk& into = m_chunks[chunk];
    into.sizes.insert(into.sizes.begin() + std::ptrdiff_t(at), sizes.begin(), sizes.end());
    for (const std::uint32_t size : sizes) {
        into.bytes += size;
        m_bytes += size;
    }
    m_lines += sizes.size();
    if (into.sizes.size() <= 2 * chunkLines)
        return;
    const std::vector<std::uint32_t> whole = std::move(into.sizes);
    std::vector<Chunk> parts;
    for (std::size_t start = 0; start < whole.size(); start += chunkLines) {
        Chunk part;
        const auto end = std::min(whole.size(), start + chunkLines);
        part.sizes.assign(whole.begin() + std::ptrdiff_t(start), whole.begin() + std::ptrdiff_t(end));
        for (const std::uint32_t size : part.sizes)
            part.bytes += size;
        parts.push_back(std::move(part));
    }
    m_chunks.erase(m_chunks.begin() + std::ptrdiff_t(chunk));
    m_chunks.insert(m_chunks.begin() + std::ptrdiff_t(chunk), std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
}

} // namespace gatehouse::widgets
