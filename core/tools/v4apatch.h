// The V4A patch: what models write for apply_patch. Parsing only; nothing here looks at a file.
//
//   *** Begin Patch
//   *** Add File: path          then lines that all start with "+"
//   *** Delete File: path       no body
//   *** Update File: path       [*** Move to: path], then hunks: "@@ anchor" lines, lines starting with " ", "-", "+",
//   *** End of File             an empty line is empty context; this mark ends a hunk that stands at the file's end
//   *** End Patch
//
// Stricter than the format's other readers: each path has one form (plain, relative, forward slashes), a file stands
// in one section only, and every error names its line. Lines may end in CRLF: the CR of the envelope is not content
// when every line of the patch has it. Foreign bytes: any input gives a patch or an error, in linear time. Any thread.
#pragma once

#include "core/foundation/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::tools {

struct PatchLimits {
    std::size_t bytes = 4u << 20;
    std::size_t files = 1000;
    std::size_t pathBytes = 4096; // PATH_MAX
};

enum class LineKind : char { Context = ' ', Remove = '-', Add = '+' };

struct HunkLine {
    LineKind kind = LineKind::Context;
    std::string text; // without its line end
    bool operator==(const HunkLine&) const = default;
};

struct Hunk {
    std::vector<std::string> anchors; // of "@@ …" lines, outermost first
    std::vector<HunkLine> lines;      // at least one
    bool atEnd = false;               // *** End of File
    std::size_t line = 0;             // where it starts in the patch, 1-based
};

enum class SectionKind { Add, Delete, Update };

struct PatchSection {
    SectionKind kind = SectionKind::Update;
    std::string path;
    std::string moveTo;      // empty: it stays
    std::string content;     // of Add: its lines, each ended by "\n"
    std::vector<Hunk> hunks; // of Update
    std::size_t line = 0;
};

struct V4aPatch {
    std::vector<PatchSection> sections; // at least one
};

// ErrorCode::InvalidInput with "patch line N".
[[nodiscard]] Result<V4aPatch> parsePatch(std::string_view text, const PatchLimits& limits = {});

} // namespace gatehouse::tools
