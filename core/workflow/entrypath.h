// The rules for paths of manifest entries and for names inside git repositories. Pure functions; any thread.
#pragma once

#include <string_view>

namespace gatehouse::workflow {

// Null when the path may be an entry's; else why not, a sentence for people.
[[nodiscard]] const char* entryPathFault(std::string_view path);
// 7 to 40 lower-case hexadecimal digits, or a branch or tag name as git allows it.
[[nodiscard]] bool isGitRef(std::string_view ref);

} // namespace gatehouse::workflow
