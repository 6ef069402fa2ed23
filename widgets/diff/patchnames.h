// Names of files as a patch spells them: with a/ and b/ before, quoted where git quotes. Pure; any thread; hostile bytes.
#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace gatehouse::widgets {

// "\"b/\\303\\244\"" is b/ä; what is not quoted, or quoted wrongly, stands as it is.
[[nodiscard]] std::string unquotedName(std::string_view text);
// Of "--- a/name" and "+++ b/name", from after the sign: name, or /dev/null.
[[nodiscard]] std::string nameOfSideLine(std::string_view text);
// Of "diff --git a/name b/name", from after the words: the second name, safe to show.
[[nodiscard]] QString namesOfGitLine(std::string_view text);

} // namespace gatehouse::widgets
