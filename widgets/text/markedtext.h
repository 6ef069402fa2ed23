// MarkedText: bytes from outside as a QString that can be painted safely, with the places of its marks.
//
// Made from core/approval's spans, so window and terminal show the same: what can't be seen or would reorder the line stands as a
// mark such as [U+202E], painted apart from text that merely says so. Values; any thread.
#pragma once

#include "core/approval/span.h"

#include <QString>

#include <string_view>
#include <vector>

namespace gatehouse::widgets {

struct Mark {
    int start = 0;
    int length = 0;
    approval::SpanKind kind = approval::SpanKind::Control;
    bool operator==(const Mark&) const = default;
};

struct MarkedText {
    QString text;
    std::vector<Mark> marks; // in order, never overlapping
};

// Tabs of a line are shown as blanks up to the next multiple of four; carriage returns and all else as marks.
enum class Tabs { Expand, Mark };
[[nodiscard]] MarkedText markedText(const approval::Spans& spans, Tabs tabs = Tabs::Mark);
[[nodiscard]] MarkedText markedText(std::string_view bytes, Tabs tabs = Tabs::Expand);
// One per line; a last line feed ends the last line and starts none.
[[nodiscard]] std::vector<MarkedText> markedLines(std::string_view bytes, Tabs tabs = Tabs::Expand);
// For labels, cells and tool tips: one line, marks in brackets; of very long text the beginning, and that there is more.
[[nodiscard]] QString shown(std::string_view bytes);
// The same limit for text that is safe to show already.
[[nodiscard]] QString bounded(const QString& text);
// For tool tips, which Qt would read as rich text when it looks like that: the same words, never markup.
[[nodiscard]] QString plainToolTip(const QString& text);
// For tabs and buttons that are named by a text from outside: its ampersands make no shortcuts.
[[nodiscard]] QString withoutMnemonics(const QString& text);

} // namespace gatehouse::widgets
