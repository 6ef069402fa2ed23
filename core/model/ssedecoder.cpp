#include "core/model/ssedecoder.h"

#include "core/model/excerpt.h"

#include <utility>

namespace gatehouse::model {

Result<std::vector<SseEvent>> SseDecoder::feed(std::string_view bytes)
{
    while (!bytes.empty()) {
        // The LF of a CR LF, which may come in the next piece.
        if (std::exchange(m_afterCr, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        const std::size_t end = bytes.find_first_of("\r\n");
        GH_TRY(takeText(bytes.substr(0, end)));
        if (end == std::string_view::npos)
            break;
        m_afterCr = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        GH_TRY(endLine());
    }
    return std::exchange(m_ready, {});
}

Result<std::vector<SseEvent>> SseDecoder::finish()
{
    if (!m_line.empty())
        GH_TRY(endLine());
    dispatch();
    return std::exchange(m_ready, {});
}

Result<void> SseDecoder::takeText(std::string_view text)
{
    if (m_line.size() + text.size() > m_maximumLine)
        return fail(ErrorCode::Model, {}, Message("A line of the stream is longer than %1 bytes", {std::to_string(m_maximumLine)}));
    m_line += text;
    return {};
}

Result<void> SseDecoder::endLine()
{
    const std::string line = std::exchange(m_line, {});
    std::string_view text = line;
    if (m_firstLine && text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    if (text.empty()) {
        dispatch();
        return {};
    }
    GH_TRY(takeField(text));
    m_firstLine = false;
    return {};
}

Result<void> SseDecoder::takeField(std::string_view line)
{
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (name == "data") {
        if (m_event.data.size() + value.size() + 1 > m_maximumEvent)
            return fail(ErrorCode::Model, {}, Message("An event of the stream is larger than %1 bytes", {std::to_string(m_maximumEvent)}));
        if (std::exchange(m_hasData, true))
            m_event.data += '\n';
        m_event.data += value;
    } else if (name == "event") {
        m_event.type = value;
    } else if (m_firstLine && !name.empty() && name != "id" && name != "retry") {
        return fail(ErrorCode::Model, {}, Message("This is not an event stream; it begins with: %1", {excerpt(line, 200)}));
    }
    return {};
}

void SseDecoder::dispatch()
{
    if (std::exchange(m_hasData, false))
        m_ready.push_back(std::move(m_event));
    m_event = {};
}

} // namespace gatehouse::model
