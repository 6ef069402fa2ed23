// LineIndex: how many bytes each line of a text has, so that a place in bytes is found among the lines and the other way round
// without reading the text: in steps that grow with the root of the number of lines. A value; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gatehouse::widgets {

class LineIndex {
public:
    LineIndex() { assign({}); }

    // A line ends with its line feed; there is always a last one, which may be empty.
    void assign(std::string_view text);
    // Of the text as it is after an edit: [begin, begin + removed) of the one before became [begin, begin + added).
    void update(std::string_view text, std::size_t begin, std::size_t removed, std::size_t added);

    [[nodiscard]] std::size_t lines() const { return m_lines; }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    // Of the line's first byte; of the number of lines: bytes().
    [[nodiscard]] std::size_t begin(std::size_t line) const;
    // The line that the byte stands in; the last one for what is beyond.
    [[nodiscard]] std::size_t lineAt(std::size_t offset) const;

private:
    struct Chunk {
        std::vector<std::uint32_t> sizes;
        std::size_t bytes = 0;
    };
    static std::vector<std::uint32_t> sizesOf(std::string_view text, bool isLast);
    void replace(std::size_t first, std::size_t count, const std::vector<std::uint32_t>& sizes);
    void insert(std::size_t chunk, std::size_t at, const std::vector<std::uint32_t>& sizes);

    std::vector<Chunk> m_chunks;
    std::size_t m_lines = 0;
    std::size_t m_bytes = 0;
};

} // namespace gatehouse::widgets
