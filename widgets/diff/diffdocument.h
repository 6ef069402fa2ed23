// DiffDocument: a patch with the rows of both layouts, from one parse. Made off the GUI thread, then never changed and shared.
//
// What is only worth making for lines on screen (safe text, changed words, colours) is not in it: see diffink.h.
#pragma once

#include "widgets/diff/patch.h"

#include <memory>

namespace gatehouse::widgets {

enum class DiffLayout { Inline, SideBySide };
enum class DiffSide { Old, New };

// The lines of the patch that stand on a row; −1: that side is empty. A line that belongs to both sides, such as context or a heading,
// stands on both.
struct DiffRow {
    int left = -1;
    int right = -1;
    bool operator==(const DiffRow&) const = default;
    [[nodiscard]] int line() const { return left >= 0 ? left : right; }
    [[nodiscard]] int on(DiffSide side) const { return side == DiffSide::Old ? left : right; }
};

struct DiffHunk {
    int heading = 0; // its line
    int end = 0;     // one past its last line
    int file = -1;
};

struct DiffDocument {
    Patch patch;
    std::vector<DiffRow> inlineRows;
    std::vector<DiffRow> sideRows;
    std::vector<DiffHunk> hunks;
    int added = 0;
    int removed = 0;
    int largestNumber = 0;
    std::size_t longestLine = 0; // bytes

    [[nodiscard]] bool isEmpty() const { return patch.lines.empty(); }
    [[nodiscard]] const std::vector<DiffRow>& rows(DiffLayout layout) const { return layout == DiffLayout::Inline ? inlineRows : sideRows; }
    // −1: the line belongs to no hunk.
    [[nodiscard]] int hunkOf(int line) const;
};
using DiffDocumentPtr = std::shared_ptr<const DiffDocument>;

[[nodiscard]] DiffDocumentPtr makeDiffDocument(Patch patch);
[[nodiscard]] DiffDocumentPtr makeDiffDocument(std::string patch);

// Every line of the patch once, but for those of both sides, which side by side stand on one row. The left column of all rows, in
// order, is the old text, the right column the new one.
[[nodiscard]] std::vector<DiffRow> diffRows(const Patch& patch, DiffLayout layout);

} // namespace gatehouse::widgets
