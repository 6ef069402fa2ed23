// Host paths that documents name: where they lead, and that they stay where they may. Internal to core/workflow.
#pragma once

#include "core/workflow/node.h"
#include "core/workflow/project.h"

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::workflow {

enum class PathKind { File, Folder };

// Absolute and canonical when it exists, is of the kind, and lies in the project (and outside its state) or a grant, links
// followed. Else a problem at node: rule "missing-file", "leaves-project", "state-folder" or "path".
[[nodiscard]] std::optional<std::string> resolvePath(const Node& node, const std::string& base, const Project& project, PathKind kind);
// As resolvePath, for the text in place of the node's own.
[[nodiscard]] std::optional<std::string> resolvePath(const Node& node, const std::string& text, const std::string& base,
                                                     const Project& project, PathKind kind);
// path is folder or lies beneath it; both canonical.
[[nodiscard]] bool isWithin(std::string_view path, std::string_view folder);

} // namespace gatehouse::workflow
