#include "widgets/terminal/logstore.h"

#include <algorithm>

namespace gatehouse::widgets {

// Lines that stay rendered: more than a screen has.
static constexpr std::size_t mostRendered = 512;
// Bytes of memory, with its place in the map.
static constexpr std::size_t perCredit = 2 * sizeof(std::uint64_t) + 48;

void LogStore::Scan::plain(std::string_view text, const AnsiStyle&)
{
    m_exact = m_exact || m_returned;
    m_width += text.size();
}

void LogStore::Scan::control(unsigned char c)
{
    m_exact = m_exact || m_returned || c != '\r';
    m_returned = true;
}

void LogStore::clear()
{
    *this = LogStore(m_limits);
}

void LogStore::append(LogStream stream, std::string_view bytes)
{
    m_taken += bytes.size();
    if (m_isOpen && m_openStream != stream && !bytes.empty())
        finishLine(false);
    while (!bytes.empty()) {
        if (!m_isOpen)
            beginLine(stream);
        AnsiParser& parser = m_parsers[std::size_t(stream)];
        const AnsiParser::Taken taken = parser.feed(bytes, m_scan);
        keep(bytes.substr(0, taken.bytes));
        bytes.remove_prefix(taken.bytes);
        if (taken.lineEnded)
            finishLine(true);
    }
    letGo();
}

void LogStore::beginAnew()
{
    if (m_isOpen)
        finishLine(false);
    for (AnsiParser& parser : m_parsers)
        parser.restart();
}

void LogStore::beginLine(LogStream stream)
{
    const AnsiState& state = m_parsers[std::size_t(stream)].state();
    m_isOpen = true;
    m_openStream = stream;
    m_seen[std::size_t(stream)] = true;
    m_scan.clear();
    m_openMidway = !state.isBetweenCharacters();
    m_openLine.reset();
    m_openBytes = 0;
    m_openParser = AnsiParser(state);
    m_openBuilder = AnsiLineBuilder(m_credit);
    if (m_credit < AnsiLineBuilder::fullCredit)
        m_credits.emplace(endLine(), m_credit);
    m_openFed = m_end;
    if (m_openMidway || state.pen != AnsiStyle())
        m_states.emplace(endLine(), state);
    m_starts.push_back(m_end);
    m_facts.push_back(std::uint32_t(stream) << streamShift);
}

void LogStore::keep(std::string_view bytes)
{
    m_openLine.reset();
    if (m_openBytes + bytes.size() > longestKept) {
        // From here on the rendering is all that is kept of the line.
        feedOpen();
        m_openFed = m_end;
        (void)m_openParser.feed(bytes, m_openBuilder);
        m_openBytes = longestKept + 1;
        return;
    }
    m_openBytes += bytes.size();
    while (!bytes.empty()) {
        if (m_blocks.empty()) {
            m_blocks.emplace_back(); // grows: most outputs are short
        } else if (m_blocks.back().size() == blockBytes) {
            m_blocks.back().shrink_to_fit();
            m_blocks.emplace_back().reserve(blockBytes);
        }
        std::string& block = m_blocks.back();
        const std::string_view part = bytes.substr(0, blockBytes - block.size());
        block += part;
        m_end += part.size();
        bytes.remove_prefix(part.size());
    }
}

void LogStore::finishLine(bool lineFeed)
{
    const std::uint64_t number = endLine() - 1;
    std::uint32_t& fact = m_facts.back();
    m_rendered.erase(number);
    m_isOpen = false;
    if (m_openBytes > longestKept) {
        if (lineFeed)
            m_openParser.finish(m_openBuilder);
        auto line = std::make_shared<const AnsiLine>(m_openBuilder.line());
        m_credit = m_openBuilder.credit();
        noteRendered(*line);
        m_bigBytes += line->footprint();
        m_big.emplace(number, std::move(line));
    } else if (m_scan.needsRendering() || m_openMidway) {
        const AnsiLineBuilder builder = build(number);
        m_credit = builder.credit();
        noteRendered(builder.line());
    } else {
        m_credit = std::min(AnsiLineBuilder::fullCredit, m_credit + m_scan.width() * AnsiLineBuilder::creditPerByte);
        // Two bytes that are no text can only be the line feed and a carriage return or a lone escape before it.
        const std::size_t ends = m_openBytes - m_scan.width();
        fact |= std::uint32_t(m_scan.width()) | (ends <= (lineFeed ? 2U : 0U) ? Plain : 0U);
    }
    m_openBuilder.clear();
}

void LogStore::noteRendered(const AnsiLine& line)
{
    m_facts.back() |= std::uint32_t(line.width) | (line.cut ? Cut : 0U);
}

// The builder catches up with the bytes: each is parsed once, however often the open line is looked at.
void LogStore::feedOpen() const
{
    visitBytes(m_openFed, m_end, [this](std::string_view part) { (void)m_openParser.feed(part, m_openBuilder); });
    m_openFed = m_end;
}

template <typename Visit> void LogStore::visitBytes(std::uint64_t from, std::uint64_t to, Visit visit) const
{
    while (from < to) {
        const auto block = std::size_t((from - m_blocksStart) / blockBytes);
        const auto at = std::size_t((from - m_blocksStart) % blockBytes);
        const std::string_view part = std::string_view(m_blocks[block]).substr(at, std::size_t(to - from));
        visit(part);
        from += part.size();
    }
}

std::uint64_t LogStore::endOf(std::uint64_t number) const
{
    return number + 1 < endLine() ? startOf(number + 1) : m_end;
}

AnsiState LogStore::stateOf(std::uint64_t number) const
{
    const auto found = m_states.find(number);
    return found == m_states.end() ? AnsiState() : found->second;
}

AnsiLineBuilder LogStore::build(std::uint64_t number) const
{
    AnsiParser parser(stateOf(number));
    const auto credit = m_credits.find(number);
    AnsiLineBuilder builder(credit == m_credits.end() ? AnsiLineBuilder::fullCredit : credit->second);
    bool ended = false;
    visitBytes(startOf(number), endOf(number), [&](std::string_view part) { ended = parser.feed(part, builder).lineEnded; });
    // A line that another stream broke off goes on in the next one of its own.
    if (ended)
        parser.finish(builder);
    return builder;
}

AnsiLinePtr LogStore::line(std::uint64_t number) const
{
    static const auto none = std::make_shared<const AnsiLine>();
    if (number < m_first || number >= endLine())
        return none;
    if (m_isOpen && number + 1 == endLine()) {
        if (m_openLine)
            return m_openLine;
        feedOpen();
        AnsiLineBuilder builder = m_openBuilder;
        AnsiParser(m_openParser).finish(builder);
        return m_openLine = std::make_shared<const AnsiLine>(builder.line());
    }
    if (const auto big = m_big.find(number); big != m_big.end())
        return big->second;
    if (const auto known = m_rendered.find(number); known != m_rendered.end())
        return known->second;
    if (m_rendered.size() >= mostRendered)
        m_rendered.clear();
    return m_rendered[number] = std::make_shared<const AnsiLine>(build(number).line());
}

int LogStore::width(std::uint64_t number) const
{
    if (number < m_first || number >= endLine())
        return 0;
    if (m_isOpen && number + 1 == endLine())
        return line(number)->width;
    return int(m_facts[std::size_t(number - m_first)] & widthMask);
}

LogStream LogStore::stream(std::uint64_t number) const
{
    if (number < m_first || number >= endLine())
        return LogStream::Output;
    return LogStream(m_facts[std::size_t(number - m_first)] >> streamShift & 3U);
}

bool LogStore::isCut(std::uint64_t number) const
{
    if (number < m_first || number >= endLine())
        return false;
    if (m_isOpen && number + 1 == endLine())
        return line(number)->cut;
    return (m_facts[std::size_t(number - m_first)] & Cut) != 0;
}

const char* LogStore::plainText(std::uint64_t number, std::size_t& length, std::string& scratch) const
{
    if (number < m_first || number >= endLine() || (m_facts[std::size_t(number - m_first)] & Plain) == 0)
        return nullptr;
    length = std::size_t(width(number));
    const std::uint64_t from = startOf(number);
    const auto block = std::size_t((from - m_blocksStart) / blockBytes);
    const auto at = std::size_t((from - m_blocksStart) % blockBytes);
    if (length == 0)
        return "";
    if (at + length <= m_blocks[block].size())
        return m_blocks[block].data() + at;
    scratch.clear();
    visitBytes(from, from + length, [&scratch](std::string_view part) { scratch += part; });
    return scratch.data();
}

void LogStore::dropFirst()
{
    if (const auto big = m_big.find(m_first); big != m_big.end()) {
        m_bigBytes -= big->second->footprint();
        m_big.erase(big);
    }
    m_states.erase(m_first);
    m_credits.erase(m_first);
    m_rendered.erase(m_first);
    m_starts.pop_front();
    m_facts.pop_front();
    ++m_first;
}

// The open line stays, whatever it costs: that is bounded too.
void LogStore::letGo()
{
    const auto bytesKept = [this] {
        return std::size_t(m_end - m_starts.front()) + m_bigBytes + m_states.size() * sizeof(AnsiState) + m_credits.size() * perCredit;
    };
    while (m_starts.size() > 1 && (m_starts.size() > m_limits.lines || bytesKept() > m_limits.bytes))
        dropFirst();
    while (m_blocks.size() > 1 && !m_starts.empty() && m_blocksStart + blockBytes <= m_starts.front()) {
        m_blocks.pop_front();
        m_blocksStart += blockBytes;
    }
}

std::uint64_t LogStore::swallowed() const
{
    std::uint64_t sum = 0;
    for (const AnsiParser& parser : m_parsers)
        sum += parser.swallowed();
    return sum;
}

std::size_t LogStore::footprint() const
{
    constexpr std::size_t perState = sizeof(AnsiState) + 48; // of the map's node
    std::size_t blocks = 0;
    for (const std::string& block : m_blocks)
        blocks += block.capacity();
    return blocks + m_starts.size() * (sizeof(std::uint64_t) + sizeof(std::uint32_t)) + m_states.size() * perState +
        m_credits.size() * perCredit + m_bigBytes;
}

} // namespace gatehouse::widgets
