// One line of a patch made ready to be painted: safe text, number, sign, and which of its words changed. Pure; any thread.
//
// Of a line of megabytes the beginning is made, and how much more there is: no view may freeze on it.
#pragma once

#include "widgets/diff/patch.h"
#include "widgets/text/codeview.h"

namespace gatehouse::widgets {

enum class LineLength { Whole, Cut };
constexpr std::size_t longestCutLine = 8000; // bytes

// Without changed words.
[[nodiscard]] CodeLine diffLine(const Patch& patch, int line, LineLength length = LineLength::Cut);
// A file's heading in one line: its name, what happened, how many lines.
[[nodiscard]] QString fileHeading(const PatchFile& file);

// The changed words of two lines that became each other, by what they are, not by what they look like: a tab that became blanks is a
// change. Empty for long lines and for lines that have hardly anything in common.
struct ChangedWords {
    std::vector<TextRange> before;
    std::vector<TextRange> after;
};
[[nodiscard]] ChangedWords changedWords(const Patch& patch, int removed, int added, LineLength length = LineLength::Cut);
// Draws blanks that changed as dots and arrows, and those at the end of an added line; positions stay.
void showBlanks(CodeLine& shown, const Patch& patch, int line, LineLength length = LineLength::Cut);

// A line as it is to be copied: tabs stay tabs, what can't be seen stands as a mark.
[[nodiscard]] QString copiedLine(const Patch& patch, int line);

} // namespace gatehouse::widgets
