// Server-sent events from bytes that come in any pieces, as the WHATWG HTML standard's "event stream" has it, bounded.
// A value; any thread. Differs from the standard on purpose: bytes whose first line is no field of an event stream are an
// error, and an event at the very end counts without its empty line (servers forget it), marked as such.
#pragma once

#include "core/foundation/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::model {

struct SseEvent {
    std::string type; // empty: "message"
    std::string data; // lines joined by LF
    bool operator==(const SseEvent&) const = default;
};

class SseDecoder {
public:
    SseDecoder(std::size_t maximumLine, std::size_t maximumEvent) : m_maximumLine(maximumLine), m_maximumEvent(maximumEvent) { }

    // The events that these bytes complete. After an error the decoder is spent.
    [[nodiscard]] Result<std::vector<SseEvent>> feed(std::string_view bytes);
    // The stream has ended: what stood there without its closing empty line, if anything.
    [[nodiscard]] Result<std::vector<SseEvent>> finish();

private:
    Result<void> takeText(std::string_view text);
    Result<void> endLine();
    Result<void> takeField(std::string_view line);
    void dispatch();

    std::size_t m_maximumLine;
    std::size_t m_maximumEvent;
    std::string m_line;
    SseEvent m_event;
    bool m_hasData = false;
    bool m_afterCr = false;
    bool m_firstLine = true;
    std::vector<SseEvent> m_ready;
};

} // namespace gatehouse::model
