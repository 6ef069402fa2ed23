#include "widgets/terminal/ansiparser.h"

#include <algorithm>

namespace gatehouse::widgets {

using Mode = AnsiState::Mode;

namespace {

constexpr unsigned char bell = 0x07;
constexpr unsigned char cancel = 0x18;
constexpr unsigned char substitute = 0x1A;
constexpr unsigned char escape = 0x1B;

bool isPrintable(char c)
{
    return c >= ' ' && c <= '~';
}

// Bytes of the character that begins with c; 0: none does.
std::size_t lengthFrom(unsigned char c)
{
    return c >= 0xC2 && c <= 0xDF ? 2 : c >= 0xE0 && c <= 0xEF ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
}

// RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF; only the second byte can tell.
bool isSecond(unsigned char first, unsigned char c)
{
    const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return c >= least && c <= most;
}

char32_t decoded(const std::array<unsigned char, 4>& bytes, std::size_t count)
{
    char32_t value = bytes[0] & (0xFFU >> (count + 1));
    for (std::size_t i = 1; i < count; ++i)
        value = value << 6 | (bytes[i] & 0x3FU);
    return value;
}

// The one number of a sequence; absent and 0 are otherwise.
int numberOf(std::string_view parameters, int otherwise)
{
    int value = 0;
    for (const char c : parameters) {
        if (c < '0' || c > '9')
            break;
        value = std::min(value * 10 + (c - '0'), AnsiParser::furthestMove);
    }
    return value == 0 ? otherwise : value;
}

} // namespace

AnsiParser::Taken AnsiParser::feed(std::string_view bytes, AnsiSink& sink)
{
    for (std::size_t at = 0; at < bytes.size();) {
        const auto c = static_cast<unsigned char>(bytes[at]);
        switch (m_state.mode) {
        case Mode::Text:
            if (feedText(bytes, at, sink))
                return {at, true};
            break;
        case Mode::Escape:
        case Mode::EscapeRest:
            feedEscape(c, at);
            break;
        case Mode::Csi:
            feedCsi(c, at, sink);
            break;
        case Mode::String:
        case Mode::StringEscape:
            feedString(c, at);
            break;
        }
    }
    return {bytes.size(), false};
}

void AnsiParser::finish(AnsiSink& sink)
{
    if (m_state.mode == Mode::Text)
        dropPending(sink);
}

bool AnsiParser::feedText(std::string_view bytes, std::size_t& at, AnsiSink& sink)
{
    const auto c = static_cast<unsigned char>(bytes[at]);
    if (m_state.pendingCount > 0) {
        if (continueUtf8(c, sink))
            ++at;
        return false;
    }
    if (isPrintable(bytes[at])) {
        std::size_t end = at + 1;
        while (end < bytes.size() && isPrintable(bytes[end]))
            ++end;
        sink.plain(bytes.substr(at, end - at), m_state.pen);
        at = end;
        return false;
    }
    ++at;
    if (c == '\n')
        return true;
    if (c == escape)
        begin(Mode::Escape);
    else if (c >= 0x80)
        beginUtf8(c, sink);
    else
        sink.control(c);
    return false;
}

void AnsiParser::beginUtf8(unsigned char c, AnsiSink& sink)
{
    if (lengthFrom(c) == 0)
        return sink.invalid(c);
    m_state.pending[0] = c;
    m_state.pendingCount = 1;
}

// False: c belongs to what comes next.
bool AnsiParser::continueUtf8(unsigned char c, AnsiSink& sink)
{
    const bool fits = m_state.pendingCount == 1 ? isSecond(m_state.pending[0], c) : (c & 0xC0) == 0x80;
    if (!fits) {
        dropPending(sink);
        return false;
    }
    m_state.pending[m_state.pendingCount++] = c;
    if (m_state.pendingCount == lengthFrom(m_state.pending[0])) {
        const char32_t whole = decoded(m_state.pending, m_state.pendingCount);
        m_state.pendingCount = 0;
        character(whole, sink);
    }
    return true;
}

void AnsiParser::dropPending(AnsiSink& sink)
{
    for (std::uint8_t i = 0; i < m_state.pendingCount; ++i)
        sink.invalid(m_state.pending[i]);
    m_state.pendingCount = 0;
}

// C1 does in eight bits what escape and a letter do.
void AnsiParser::character(char32_t c, AnsiSink& sink)
{
    switch (c) {
    case 0x90: // DCS
    case 0x98: // SOS
    case 0x9E: // PM
    case 0x9F: // APC
        return begin(Mode::String);
    case 0x9B:
        return begin(Mode::Csi);
    case 0x9D: // OSC
        return begin(Mode::String, true);
    default:
        if (c < 0xA0)
            return swallow();
        sink.character(c, m_state.pen);
    }
}

void AnsiParser::begin(Mode mode, bool bellEnds)
{
    m_state.mode = mode;
    m_state.bellEnds = bellEnds;
    m_state.overlong = false;
    m_state.parameterCount = 0;
    m_state.pendingCount = 0;
    m_state.length = 1;
}

void AnsiParser::swallow()
{
    ++m_swallowed;
    m_state.mode = Mode::Text;
    m_state.pendingCount = 0;
    m_state.length = 0;
}

void AnsiParser::feedEscape(unsigned char c, std::size_t& at)
{
    if (c == escape) {
        ++at;
        ++m_swallowed;
        return begin(Mode::Escape);
    }
    const bool inside = (c >= 0x20 && c <= 0x7E) || c == cancel || c == substitute;
    if (!inside || ++m_state.length > AnsiParser::longestSequence)
        return swallow(); // and c is looked at again, as text
    ++at;
    const bool first = m_state.mode == Mode::Escape;
    if (first && c == '[')
        begin(Mode::Csi);
    else if (first && (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_'))
        begin(Mode::String, c == ']');
    else if (c >= 0x20 && c <= 0x2F)
        m_state.mode = Mode::EscapeRest;
    else
        swallow();
}

void AnsiParser::feedCsi(unsigned char c, std::size_t& at, AnsiSink& sink)
{
    if (c == escape) {
        ++at;
        ++m_swallowed;
        return begin(Mode::Escape);
    }
    if (c == cancel || c == substitute) {
        ++at;
        return swallow();
    }
    if (c < 0x20 || c > 0x7E || ++m_state.length > AnsiParser::longestSequence)
        return swallow(); // broken off: c is looked at again, as text
    ++at;
    if (c >= 0x40)
        return finishCsi(c, sink);
    if (m_state.parameterCount < AnsiState::longestParameters)
        m_state.parameters[m_state.parameterCount++] = static_cast<char>(c);
    else
        m_state.overlong = true;
}

void AnsiParser::finishCsi(unsigned char final, AnsiSink& sink)
{
    const std::string_view parameters(m_state.parameters.data(), m_state.parameterCount);
    // Private and intermediate signs make it another sequence than the one of the same letter.
    const bool ordinary = !m_state.overlong && parameters.find_first_not_of("0123456789;:") == std::string_view::npos;
    if (!ordinary)
        return swallow();
    switch (final) {
    case 'm':
        applySgr(parameters, m_state.pen);
        break;
    case 'C':
        sink.moveBy(numberOf(parameters, 1));
        break;
    case 'D':
        sink.moveBy(-numberOf(parameters, 1));
        break;
    case 'G':
        sink.moveTo(numberOf(parameters, 1) - 1);
        break;
    case 'K':
        if (parameters.empty() || parameters == "0")
            sink.erase(AnsiSink::Erase::ToEnd);
        else if (parameters == "1" || parameters == "2")
            sink.erase(parameters == "1" ? AnsiSink::Erase::ToStart : AnsiSink::Erase::All);
        else
            return swallow();
        break;
    default:
        return swallow();
    }
    m_state.mode = Mode::Text;
}

// pendingCount is 1 behind a C2, which with 9C is the eight-bit end of a string.
void AnsiParser::feedString(unsigned char c, std::size_t& at)
{
    if (m_state.mode == Mode::StringEscape) {
        if (c == '\\') {
            ++at;
            return swallow();
        }
        ++m_swallowed; // the string ends where another sequence begins
        return begin(Mode::Escape);
    }
    if (++m_state.length > AnsiParser::longestString)
        return swallow();
    ++at;
    if (c == escape)
        m_state.mode = Mode::StringEscape;
    else if ((c == bell && m_state.bellEnds) || c == cancel || c == substitute || (c == 0x9C && m_state.pendingCount == 1))
        swallow();
    else
        m_state.pendingCount = c == 0xC2 ? 1 : 0;
}

} // namespace gatehouse::widgets
