#include "widgets/diff/diffdocument.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

// A run of removed lines and the added ones after it: partners share a row, the others stand where they are between them.
void pushRun(const Patch& patch, int removed, int added, int end, std::vector<DiffRow>& rows)
{
    int left = removed;
    int right = added;
    while (left < added || right < end) {
        const int partner = left < added ? patch.lines[std::size_t(left)].partner : -1;
        if (left < added && partner < 0)
            rows.push_back({left++, -1});
        else if (right < end && right != partner)
            rows.push_back({-1, right++});
        else
            rows.push_back({left++, right++});
    }
}

std::vector<DiffRow> sideRows(const Patch& patch)
{
    std::vector<DiffRow> rows;
    const int count = int(patch.lines.size());
    const auto endOf = [&](int from, PatchLineKind kind) {
        while (from < count && patch.lines[std::size_t(from)].kind == kind)
            ++from;
        return from;
    };
    rows.reserve(patch.lines.size());
    for (int i = 0; i < count;) {
        if (!patch.isChange(i)) {
            rows.push_back({i, i});
            ++i;
            continue;
        }
        const int added = endOf(i, PatchLineKind::Removed);
        const int end = endOf(added, PatchLineKind::Added);
        pushRun(patch, i, added, end, rows);
        i = end;
    }
    return rows;
}

std::vector<DiffRow> inlineRows(const Patch& patch)
{
    std::vector<DiffRow> rows(patch.lines.size());
    for (int i = 0; i < int(rows.size()); ++i) {
        const PatchLineKind kind = patch.lines[std::size_t(i)].kind;
        rows[std::size_t(i)] = {kind == PatchLineKind::Added ? -1 : i, kind == PatchLineKind::Removed ? -1 : i};
    }
    return rows;
}

std::vector<DiffHunk> hunksOf(const Patch& patch)
{
    std::vector<DiffHunk> hunks;
    for (int i = 0; i < int(patch.lines.size()); ++i) {
        const PatchLine& line = patch.lines[std::size_t(i)];
        if (line.kind == PatchLineKind::Hunk)
            hunks.push_back({i, i + 1, line.file});
        else if (line.kind >= PatchLineKind::Context && !hunks.empty() && hunks.back().end == i)
            hunks.back().end = i + 1;
    }
    return hunks;
}

} // namespace

std::vector<DiffRow> diffRows(const Patch& patch, DiffLayout layout)
{
    return layout == DiffLayout::Inline ? inlineRows(patch) : sideRows(patch);
}

int DiffDocument::hunkOf(int line) const
{
    const auto after =
        std::upper_bound(hunks.begin(), hunks.end(), line, [](int value, const DiffHunk& hunk) { return value < hunk.heading; });
    if (after == hunks.begin() || line >= std::prev(after)->end)
        return -1;
    return int(after - hunks.begin()) - 1;
}

DiffDocumentPtr makeDiffDocument(Patch patch)
{
    auto made = std::make_shared<DiffDocument>();
    made->inlineRows = diffRows(patch, DiffLayout::Inline);
    made->sideRows = diffRows(patch, DiffLayout::SideBySide);
    made->hunks = hunksOf(patch);
    for (const PatchFile& file : patch.files) {
        made->added += file.added;
        made->removed += file.removed;
    }
    for (const PatchLine& line : patch.lines) {
        made->largestNumber = std::max({made->largestNumber, line.oldNumber, line.newNumber});
        made->longestLine = std::max(made->longestLine, line.length);
    }
    made->patch = std::move(patch);
    return made;
}

DiffDocumentPtr makeDiffDocument(std::string patch)
{
    return makeDiffDocument(parsePatch(std::move(patch)));
}

} // namespace gatehouse::widgets
