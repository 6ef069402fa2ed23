// LogStore: the output of a program as it came, found by lines. Only what is asked for is parsed into text and styles.
//
// Kept are the bytes in blocks, for each line where it begins and how wide it is, and the parser's state where it is not a fresh one: a
// line costs twelve bytes beside its own. Of a line longer than longestKept only the rendering is kept, which is bounded. Beyond its
// limits the store lets the first lines go and says how many: the journal has them. Appending costs what reading the bytes costs: how far
// its lines may reach without text (AnsiLineBuilder's credit) goes from line to line, so that no number of short ones costs more.
// Owner: a LogView. One thread. Lines are numbered from 0 and keep their number when the first ones go.
#pragma once

#include "widgets/terminal/ansiline.h"

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gatehouse::widgets {

// Whose words a line is.
enum class LogStream : std::uint8_t {
    Output, // standard output
    Error,  // standard error
    Says,   // a model's, a person's or the policy's words
    Note,   // ours, about what is shown
};
inline constexpr std::size_t logStreams = 4;

// Some bytes of one stream.
struct LogPiece {
    LogStream stream = LogStream::Output;
    std::string bytes;
    bool fresh = false; // whatever a stream began before, a colour or half of a sequence, has ended
};

struct LogLimits {
    std::size_t bytes = 64 << 20;
    std::size_t lines = 1'000'000;
};

using AnsiLinePtr = std::shared_ptr<const AnsiLine>;

class LogStore {
public:
    // Of a line's bytes; what is longer keeps its rendering.
    static constexpr std::size_t longestKept = 32 * 1024;

    explicit LogStore(LogLimits limits = {}) : m_limits(limits) { }

    void append(LogStream stream, std::string_view bytes);
    // From here on somebody else speaks: no colour and no half of a sequence or character of before reaches what comes.
    void beginAnew();
    void clear();

    // The numbers of the lines that are kept: firstLine() … endLine() − 1.
    [[nodiscard]] std::uint64_t firstLine() const { return m_first; }
    [[nodiscard]] std::uint64_t endLine() const { return m_first + m_starts.size(); }
    [[nodiscard]] bool isEmpty() const { return m_starts.empty(); }
    // The last line may still change: no line feed has ended it.
    [[nodiscard]] bool isLastOpen() const { return m_isOpen; }

    // What is no line that is kept is an empty one.
    [[nodiscard]] AnsiLinePtr line(std::uint64_t number) const;
    [[nodiscard]] int width(std::uint64_t number) const; // columns
    [[nodiscard]] LogStream stream(std::uint64_t number) const;
    [[nodiscard]] bool isCut(std::uint64_t number) const; // there was more of it than is shown
    [[nodiscard]] bool hasStream(LogStream stream) const { return m_seen[std::size_t(stream)]; }
    // Of a line of nothing but printable ASCII: its text without a copy where it stands in one piece, in scratch otherwise. Null: it is
    // another kind of line, line() has it.
    [[nodiscard]] const char* plainText(std::uint64_t number, std::size_t& length, std::string& scratch) const;

    // Escape sequences that were not interpreted.
    [[nodiscard]] std::uint64_t swallowed() const;
    [[nodiscard]] std::uint64_t bytesTaken() const { return m_taken; }
    // Bytes of memory that the lines and their places take.
    [[nodiscard]] std::size_t footprint() const;

private:
    static constexpr std::size_t blockBytes = 256 * 1024;
    enum Flag : std::uint32_t { Plain = 1U << 15, Cut = 1U << 16 };
    static constexpr std::uint32_t widthMask = 0x7FFF;
    static constexpr unsigned streamShift = 17;

    // Listens to the scan for what makes a line more than plain text.
    class Scan final : public AnsiSink {
    public:
        void plain(std::string_view text, const AnsiStyle& style) override;
        void character(char32_t, const AnsiStyle&) override { m_exact = true; }
        void invalid(unsigned char) override { m_exact = true; }
        void control(unsigned char c) override;
        void erase(Erase) override { m_exact = true; }
        void moveBy(int) override { m_exact = true; }
        void moveTo(int) override { m_exact = true; }
        void clear() { *this = {}; }
        // Its width is not that of the plain text alone.
        [[nodiscard]] bool needsRendering() const { return m_exact || m_width > std::size_t(AnsiLineBuilder::mostColumns); }
        [[nodiscard]] std::size_t width() const { return m_width; }

    private:
        std::size_t m_width = 0;
        bool m_exact = false;
        bool m_returned = false; // a carriage return that may belong to the line feed
    };

    void beginLine(LogStream stream);
    void finishLine(bool lineFeed);
    void noteRendered(const AnsiLine& line);
    void keep(std::string_view bytes);
    void feedOpen() const;
    void letGo();
    void dropFirst();
    template <typename Visit> void visitBytes(std::uint64_t from, std::uint64_t to, Visit visit) const;
    [[nodiscard]] std::uint64_t startOf(std::uint64_t number) const { return m_starts[std::size_t(number - m_first)]; }
    [[nodiscard]] std::uint64_t endOf(std::uint64_t number) const;
    [[nodiscard]] AnsiState stateOf(std::uint64_t number) const;
    [[nodiscard]] AnsiLineBuilder build(std::uint64_t number) const;

    LogLimits m_limits;
    std::deque<std::string> m_blocks; // all but the last are full
    std::uint64_t m_blocksStart = 0;  // offset of the first block's first byte
    std::uint64_t m_end = 0;          // offset behind the last byte
    std::deque<std::uint64_t> m_starts;
    std::deque<std::uint32_t> m_facts; // width, flags, stream
    std::uint64_t m_first = 0;
    std::map<std::uint64_t, AnsiState> m_states;    // of lines that do not begin fresh
    std::map<std::uint64_t, std::size_t> m_credits; // of lines that do not begin with the full one
    std::size_t m_credit = AnsiLineBuilder::fullCredit;
    std::map<std::uint64_t, AnsiLinePtr> m_big;
    std::size_t m_bigBytes = 0;
    std::array<AnsiParser, logStreams> m_parsers;
    std::array<bool, logStreams> m_seen = {};
    std::uint64_t m_taken = 0;

    // The last line while it is open.
    bool m_isOpen = false;
    LogStream m_openStream = LogStream::Output;
    Scan m_scan;
    bool m_openMidway = false;   // it began within a character or a sequence
    std::size_t m_openBytes = 0; // all of them; beyond longestKept they are only in the rendering
    mutable AnsiParser m_openParser;
    mutable AnsiLineBuilder m_openBuilder;
    mutable std::uint64_t m_openFed = 0; // offset up to which the builder has read
    mutable AnsiLinePtr m_openLine;      // until more of it comes

    mutable std::unordered_map<std::uint64_t, AnsiLinePtr> m_rendered; // a cache of what is on the screen
};

} // namespace gatehouse::widgets
