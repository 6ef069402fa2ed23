// AnsiParser: bytes of a terminal program as text, styles and movements within one line. Input is hostile.
//
// Incremental: bytes may be split anywhere, also within a character or an escape sequence; what comes out is the same. Interpreted are
// SGR colours and styles, carriage return, backspace, tab, erase in line, and moves of the cursor within its line. Every other sequence is
// swallowed whole and counted: no title is set, no link opened, no clipboard written. A sequence that does not end is given up after a
// bound, and what follows is text again. Knows no widgets. One thread at a time; values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gatehouse::widgets {

// A colour as the program named it: none, one of 256, or 24 bits.
class AnsiColour {
public:
    enum class Kind : std::uint8_t { Default, Indexed, Rgb };

    constexpr AnsiColour() = default;
    [[nodiscard]] static constexpr AnsiColour indexed(std::uint8_t index) { return AnsiColour(1U << 24 | index); }
    [[nodiscard]] static constexpr AnsiColour rgb(std::uint8_t red, std::uint8_t green, std::uint8_t blue)
    {
        return AnsiColour(2U << 24 | std::uint32_t(red) << 16 | std::uint32_t(green) << 8 | blue);
    }
    [[nodiscard]] constexpr Kind kind() const { return Kind(m_value >> 24); }
    // Of Indexed 0…255, of Rgb 0xRRGGBB.
    [[nodiscard]] constexpr std::uint32_t value() const { return m_value & 0xFFFFFF; }
    bool operator==(const AnsiColour&) const = default;

private:
    explicit constexpr AnsiColour(std::uint32_t value) : m_value(value) { }
    std::uint32_t m_value = 0;
};

struct AnsiStyle {
    enum Flag : std::uint8_t {
        Bold = 1,
        Faint = 2,
        Italic = 4,
        Underline = 8,
        Inverse = 16,
        Mark = 32, // not the program's: a visible escape of what can't be shown
    };
    AnsiColour ink;
    AnsiColour ground;
    std::uint8_t flags = 0;
    [[nodiscard]] bool has(Flag flag) const { return (flags & flag) != 0; }
    bool operator==(const AnsiStyle&) const = default;
};

// What the parser tells. Text comes with the style that is in force.
class AnsiSink {
public:
    virtual ~AnsiSink() = default;
    virtual void plain(std::string_view printableAscii, const AnsiStyle& style) = 0;
    virtual void character(char32_t beyondAscii, const AnsiStyle& style) = 0;
    virtual void invalid(unsigned char byte) = 0; // not UTF-8
    virtual void control(unsigned char c) = 0;    // C0 but line feed and escape, and DEL
    enum class Erase : std::uint8_t { ToEnd, ToStart, All };
    virtual void erase(Erase what) = 0;
    virtual void moveBy(int columns) = 0;
    virtual void moveTo(int column) = 0; // from 0
};

// Where a parser stands between two bytes. A line's beginning can be parsed again from the state that it had.
struct AnsiState {
    enum class Mode : std::uint8_t { Text, Escape, EscapeRest, Csi, String, StringEscape };
    static constexpr std::size_t longestParameters = 64;

    AnsiStyle pen;
    Mode mode = Mode::Text;
    bool bellEnds = false;         // of a String: OSC
    bool overlong = false;         // of a Csi: its parameters were not kept
    std::uint8_t pendingCount = 0; // bytes of a character that is not whole yet; of a String: of its end
    std::uint8_t parameterCount = 0;
    std::array<unsigned char, 4> pending{};
    std::array<char, longestParameters> parameters{};
    std::uint32_t length = 0; // of the sequence so far

    // Nothing but the pen differs from a fresh one.
    [[nodiscard]] bool isBetweenCharacters() const { return mode == Mode::Text && pendingCount == 0; }
};

class AnsiParser {
public:
    // Longer ones are given up: what follows is text, so that nothing hides more than this.
    static constexpr std::uint32_t longestString = 64 * 1024;
    static constexpr std::uint32_t longestSequence = 256;
    // Of a move; what is further is the same to every sink.
    static constexpr int furthestMove = 1'000'000;

    AnsiParser() = default;
    explicit AnsiParser(const AnsiState& state) : m_state(state) { }

    struct Taken {
        std::size_t bytes = 0;
        bool lineEnded = false;
    };
    // Takes bytes up to and with the first line feed of the text, or all.
    Taken feed(std::string_view bytes, AnsiSink& sink);
    // No more bytes will come: half a character is no character.
    void finish(AnsiSink& sink);
    // What comes is no continuation of what was.
    void restart() { m_state = {}; }

    [[nodiscard]] const AnsiState& state() const { return m_state; }
    // Sequences so far that were not interpreted.
    [[nodiscard]] std::uint64_t swallowed() const { return m_swallowed; }

private:
    bool feedText(std::string_view bytes, std::size_t& at, AnsiSink& sink);
    void feedEscape(unsigned char c, std::size_t& at);
    void feedCsi(unsigned char c, std::size_t& at, AnsiSink& sink);
    void feedString(unsigned char c, std::size_t& at);
    void beginUtf8(unsigned char c, AnsiSink& sink);
    bool continueUtf8(unsigned char c, AnsiSink& sink);
    void dropPending(AnsiSink& sink);
    void character(char32_t c, AnsiSink& sink);
    void begin(AnsiState::Mode mode, bool bellEnds = false);
    void swallow();
    void finishCsi(unsigned char final, AnsiSink& sink);

    AnsiState m_state;
    std::uint64_t m_swallowed = 0;
};

// The parameters of one SGR applied to a pen; what it does not know leaves the pen alone. In sgr.cpp.
void applySgr(std::string_view parameters, AnsiStyle& pen);

} // namespace gatehouse::widgets
