// The lines of a growing file, one after the other, without holding the file. Borrowed descriptor; one thread.
#pragma once

#include "core/foundation/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::journal {

class LineReader {
public:
    struct Line {
        std::string_view text; // without its newline; good until the next call
        std::uint64_t offset = 0;
        bool terminated = false;
        bool oversized = false; // longer than any record: only its beginning is told
        [[nodiscard]] std::uint64_t end() const { return offset + text.size() + (terminated ? 1 : 0); } // not of an oversized one
    };

    LineReader(int fd, std::uint64_t offset, std::string name) : m_fd(fd), m_offset(offset), m_name(std::move(name)) { }
    // Nothing at the end. The last line may be unterminated; it is told once.
    [[nodiscard]] Result<std::optional<Line>> next();

private:
    // Reads more behind what is unread; false at the end of the file.
    [[nodiscard]] Result<bool> fill();
    [[nodiscard]] std::string_view unread() const { return std::string_view(m_buffer).substr(m_begin); }

    int m_fd;
    std::uint64_t m_offset; // in the file, of the unread bytes
    std::string m_name;
    std::string m_buffer;
    std::size_t m_begin = 0;
    bool m_skipping = false; // the rest of an oversized line
};

} // namespace gatehouse::journal
