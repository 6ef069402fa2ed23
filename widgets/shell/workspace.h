// The four workspaces: what one is doing, and so which panes stand beside the pages. Layouts, not modes: every page and every
// pane can be had in each of them.
#pragma once

#include <array>

class QString;

namespace gatehouse::widgets {

enum class Workspace { Author, Run, Approve, Evidence };
inline constexpr std::array allWorkspaces = {Workspace::Author, Workspace::Run, Workspace::Approve, Workspace::Evidence};

[[nodiscard]] QString workspaceTitle(Workspace workspace); // for people
[[nodiscard]] QString workspaceId(Workspace workspace);    // "author": for settings and tests

} // namespace gatehouse::widgets
