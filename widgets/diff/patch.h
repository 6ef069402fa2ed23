// A patch in git's format, read for showing: files, hunks, lines with their numbers. Pure; any thread.
//
// The reading is lenient: what does not parse as a patch is kept as a note line, so that nothing of it is hidden. For applying a
// patch nothing here is used. Lines are places in the patch's own bytes, about 50 bytes each however long they are; text that can be
// shown is made of those that are on screen (diffline.h).
#pragma once

#include <QString>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::widgets {

enum class PatchLineKind : unsigned char { File, Note, Hunk, Context, Added, Removed };
enum class LineEnd : unsigned char { Feed, None }; // None: the file ends in this line, without a line feed

struct PatchLine {
    std::size_t offset = 0; // of its bytes, without sign and line feed; of a file's heading: there are none
    std::size_t length = 0;
    int oldNumber = 0; // 0: none
    int newNumber = 0;
    int partner = -1; // of a changed line: the line of the other side that it is compared with
    int file = -1;
    PatchLineKind kind = PatchLineKind::Note;
    LineEnd end = LineEnd::Feed;
};

enum class FileChange : unsigned char { Modified, Added, Deleted, Renamed, Copied };
enum class FileContent : unsigned char { Text, Binary };

struct PatchFile {
    QString name;    // the new name, or the old one of a removed file; safe to show
    QString oldName; // of a renamed or copied one
    int firstLine = 0;
    int added = 0;
    int removed = 0;
    int oldMode = 0; // 0: not told
    int newMode = 0;
    int similarity = -1; // per cent
    FileChange change = FileChange::Modified;
    FileContent content = FileContent::Text;
};

struct Patch {
    std::shared_ptr<const std::string> bytes = std::make_shared<const std::string>();
    std::vector<PatchLine> lines;
    std::vector<PatchFile> files;

    [[nodiscard]] std::string_view text(const PatchLine& line) const { return std::string_view(*bytes).substr(line.offset, line.length); }
    [[nodiscard]] bool isChange(int line) const
    {
        const PatchLineKind kind = lines[std::size_t(line)].kind;
        return kind == PatchLineKind::Added || kind == PatchLineKind::Removed;
    }
};

[[nodiscard]] Patch parsePatch(std::string bytes);

// Of each run of removed lines followed by one of added lines: which became which. In order, never crossing; similar lines together
// where the run is small enough to look, else first with first.
void pairChangedLines(Patch& patch);

// What happened to a file but for its lines, in words: "renamed from a.sh", "now executable"; empty when it was merely modified.
[[nodiscard]] QStringList fileWords(const PatchFile& file);

// One file's change from its bytes before and after, with three lines of context around each change; absent: does not exist.
// context < 0: the whole file.
struct FileSides {
    std::string path;
    std::optional<std::string> before;
    std::optional<std::string> after;
};
[[nodiscard]] Patch diffSides(const std::vector<FileSides>& files, int context = 3);

} // namespace gatehouse::widgets
