// Names that mean something to programs on the host before anybody opens the file on purpose. Any thread.
#pragma once

#include <string_view>

namespace gatehouse::workspace {

// Whether the plain relative path is git's own or lies in what is: .git in every spelling that gitAccepts() knows, also behind
// backslashes, which some file systems take for slashes. Hooks and configuration there run with the next git command.
[[nodiscard]] bool isGitsOwn(std::string_view path);
// Whether a common program runs or obeys the file by its name alone: on entering or opening the folder, on starting a shell, an
// editor or a debugger in it, or on a build tool's or package manager's plain call. A help for people, not a wall: any source
// file runs when it is built.
[[nodiscard]] bool runsByItsName(std::string_view path);

} // namespace gatehouse::workspace
