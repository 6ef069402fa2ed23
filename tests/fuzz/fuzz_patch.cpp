// Any bytes as a patch to be shown: nothing of it may be lost, and what is drawn lies within its lines.
#include "widgets/diff/diffdocument.h"
#include "widgets/diff/diffline.h"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace gatehouse::widgets;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

// In order, and each line once; partners name each other.
void checkRows(const DiffDocument& document, DiffLayout layout)
{
    const Patch& patch = document.patch;
    std::size_t count = 0;
    int left = -1;
    int right = -1;
    for (const DiffRow& row : document.rows(layout)) {
        require(row.left < 0 || row.left > left);
        require(row.right < 0 || row.right > right);
        left = std::max(left, row.left);
        right = std::max(right, row.right);
        count += row.left >= 0 && row.right >= 0 && row.left != row.right ? 2 : 1;
    }
    require(count == patch.lines.size());
}

void checkLine(const Patch& patch, int index)
{
    const PatchLine& line = patch.lines[std::size_t(index)];
    require(line.offset + line.length <= patch.bytes->size());
    require(line.file < int(patch.files.size()));
    require(line.oldNumber >= 0 && line.newNumber >= 0);
    CodeLine shown = diffLine(patch, index);
    for (const Mark& mark : shown.text.marks)
        require(mark.start >= 0 && mark.start + mark.length <= shown.text.text.size());
    if (line.partner < 0)
        return;
    require(patch.lines[std::size_t(line.partner)].partner == index);
    const bool removed = line.kind == PatchLineKind::Removed;
    const ChangedWords words = changedWords(patch, removed ? index : line.partner, removed ? line.partner : index);
    shown.words = removed ? words.before : words.after;
    for (const TextRange& word : shown.words)
        require(word.start >= 0 && word.length > 0 && word.start + word.length <= shown.text.text.size());
    const auto length = shown.text.text.size();
    showBlanks(shown, patch, index);
    require(shown.text.text.size() == length);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const DiffDocumentPtr document = makeDiffDocument(std::string(reinterpret_cast<const char*>(data), size));
    checkRows(*document, DiffLayout::Inline);
    checkRows(*document, DiffLayout::SideBySide);
    for (int line = 0; line < int(document->patch.lines.size()); ++line)
        checkLine(document->patch, line);
    int end = 0;
    for (const DiffHunk& hunk : document->hunks) {
        require(hunk.heading >= end && hunk.end > hunk.heading);
        end = hunk.end;
        require(document->hunkOf(hunk.heading) >= 0);
    }
    for (const PatchFile& file : document->patch.files)
        (void)fileWords(file);
    return 0;
}
