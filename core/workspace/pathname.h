// Names of files as git writes them, as people are shown them, and those that git refuses. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::workspace {

// As git writes it in a patch (core.quotePath on): plain, or in double quotes with C escapes when a byte needs it.
[[nodiscard]] std::string quotedPath(std::string_view path);
// Valid UTF-8 without control characters, for sentences and lists: other bytes become \n, \t, \x1b, \xff.
[[nodiscard]] std::string shownPath(std::string_view path);
// False for a plain relative path with a component that git keeps for itself: .git in any case, git~1, and the
// spellings that some file systems take for it (trailing dots and spaces, ignored code points, "::$INDEX_ALLOCATION").
[[nodiscard]] bool gitAccepts(std::string_view path);

} // namespace gatehouse::workspace
