// Text from documents, models and sandboxes made safe for a terminal: control, bidi and invisible characters and broken UTF-8
// become visible escapes, so that nothing can move the cursor, retitle the window or turn a line around.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::cli {

// A line break and a tab stay only in multi-line mode.
enum class LineBreaks { Escape, Keep };
[[nodiscard]] std::string terminalSafe(std::string_view text, LineBreaks breaks = LineBreaks::Escape);
// JSON that means the same, with the same characters written as \uXXXX: for JSON on a terminal.
[[nodiscard]] std::string terminalJson(std::string_view json);

// The same for output that comes in pieces: a character may be cut between two. Line breaks stay.
class TerminalStream {
public:
    [[nodiscard]] std::string next(std::string_view bytes);
    // What is left of a character that never ended.
    [[nodiscard]] std::string end();

private:
    std::string m_begun;
};

} // namespace gatehouse::cli
