// DiffText: a patch as the lines that a diff view shows, with changed words marked, and the code in it to be coloured.
//
// Made off the GUI thread for large patches. Pure; any thread.
#pragma once

#include "widgets/diff/patch.h"
#include "widgets/text/codeview.h"

namespace gatehouse::widgets {

struct DiffText {
    std::vector<CodeLine> lines;
    // Each hunk is two runs, the old side and the new one: the state of a string or comment follows its own side.
    SyntaxRuns code;                              // null: nothing to colour
    std::vector<std::vector<std::size_t>> places; // where each line of the code's runs stands in lines
};

[[nodiscard]] DiffText diffText(const Patch& patch);

} // namespace gatehouse::widgets
