// What is kept of one output stream: the first bytes go to the host as they come; of the rest the last ones are kept
// for the end, and all are counted. Memory is bounded by the limit. A streamed one goes to the host whole, and nothing is kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::worker {

class OutputBuffer {
public:
    enum class Mode { Kept, Streamed };
    OutputBuffer(std::uint64_t limit, Mode mode) : m_limit(limit), m_mode(mode) { }
    // Takes what was read; gives the part of it that goes out now.
    [[nodiscard]] std::string_view take(std::string_view bytes);
    [[nodiscard]] std::uint64_t total() const { return m_total; }
    [[nodiscard]] bool truncated() const { return m_mode == Mode::Kept && m_total > m_limit; }
    // The last half-limit of the stream, when it is truncated.
    [[nodiscard]] std::string tail() const;

private:
    void keep(std::string_view bytes);

    std::uint64_t m_limit;
    Mode m_mode;
    std::uint64_t m_total = 0;
    std::string m_ring; // of the last half-limit
    std::size_t m_next = 0;
};

} // namespace gatehouse::worker
