// Finding the hunks of a V4A patch in a text, and what the text becomes. Pure; any thread.
//
// Each hunk is searched forward from the end of the one before: exactly, then with trailing white space ignored, then
// with all outer white space ignored. Context lines keep the file's own bytes in every case. Anchors narrow the place
// and must exist. A hunk that fits several places equally well takes the first, and a warning says so.
//
// Where other readers of this format surprise, this one does not:
// - an anchor that is nowhere is an error, also when it stands alone; one that was passed already is where we still are;
// - a hunk that only adds lines needs a context line, an anchor or "*** End of File": it never lands at the top by itself;
// - the end of the file stays as it was: no newline is added or lost there, no blank line appears;
// - a hunk marked "*** End of File" that is found elsewhere, any match that needed trimming, and any ambiguity is reported;
// - a blank line at a hunk's end counts as context only where it fits.
#pragma once

#include "core/foundation/result.h"
#include "core/tools/v4apatch.h"

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::tools {

struct PatchedText {
    std::string text;
    std::vector<std::string> warnings; // "hunk 2 matched only after trimming"; for a person and the model
};

// name is for errors, "path: hunk N". Line ends: lines of the file keep theirs; added lines take that of the file
// (CRLF when most of its lines have it). The end of the file stays as it was, with or without a final newline.
[[nodiscard]] Result<PatchedText> applyHunks(std::string_view text, const std::vector<Hunk>& hunks, const std::string& name);

} // namespace gatehouse::tools
