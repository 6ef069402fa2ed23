// A patch in git's format, read for showing: files, hunks, lines with their numbers, changed words. Pure; any thread.
//
// The reading is lenient: what does not parse as a patch is kept as a note line, so that nothing of it is hidden. For applying a
// patch nothing here is used.
#pragma once

#include "widgets/text/codeview.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::widgets {

enum class PatchLineKind { File, Note, Hunk, Context, Added, Removed };

struct PatchLine {
    PatchLineKind kind = PatchLineKind::Note;
    int oldNumber = 0; // 0: none
    int newNumber = 0;
    MarkedText text;
    int partner = -1; // of a changed line: the line of the other side that it is compared with
    int file = -1;
};

struct PatchFile {
    QString name; // the new name, or the old one of a removed file
    int firstLine = 0;
    int added = 0;
    int removed = 0;
};

struct Patch {
    std::vector<PatchLine> lines;
    std::vector<PatchFile> files;
};

[[nodiscard]] Patch parsePatch(std::string_view bytes);

// One file's change from its bytes before and after, with three lines of context around each change; absent: does not exist.
// context < 0: the whole file.
struct FileSides {
    std::string path;
    std::optional<std::string> before;
    std::optional<std::string> after;
};
[[nodiscard]] Patch diffSides(const std::vector<FileSides>& files, int context = 3);

} // namespace gatehouse::widgets
