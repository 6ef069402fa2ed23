#include "core/workflow/paths.h"

#include <algorithm>
#include <filesystem>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

bool isWithin(std::string_view path, std::string_view folder)
{
    if (folder == "/")
        return true;
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

static bool mayBeRead(const std::string& path, const Project& project)
{
    return isWithin(path, project.directory) ||
        std::ranges::any_of(project.grants, [&](const PathGrant& grant) { return isWithin(path, grant.path); });
}

std::optional<std::string> resolvePath(const Node& node, const std::string& base, const Project& project, PathKind kind)
{
    return resolvePath(node, node.text(), base, project, kind);
}

std::optional<std::string> resolvePath(const Node& node, const std::string& text, const std::string& base, const Project& project,
                                       PathKind kind)
{
    if (text.empty() || text.find('\0') != std::string::npos || text.find('\\') != std::string::npos) {
        node.error(Message("\"%1\" is no path; write it with /, without NUL", {text}), "path");
        return std::nullopt;
    }
    const fs::path joined = (fs::path(base) / text).lexically_normal();
    std::error_code code;
    // Before looking: a document must not learn what exists outside.
    if (!mayBeRead(fs::path(joined / "").parent_path().string(), project)) {
        node.error(Message("\"%1\" leaves the project; grant the folder in gatehouse.json (grants) or move it here", {text}),
                   "leaves-project");
        return std::nullopt;
    }
    std::string path = fs::canonical(joined, code).string();
    if (code) {
        node.error(Message("\"%1\" can't be found: %2", {text, code.message()}), "missing-file");
        return std::nullopt;
    }
    if (!mayBeRead(path, project)) {
        node.error(Message("\"%1\" leaves the project through a symbolic link", {text}), "leaves-project");
        return std::nullopt;
    }
    if (isWithin(path, project.stateDirectory())) {
        node.error(Message("\"%1\" is in .gatehouse, which is never presented to anything", {text}), "state-folder");
        return std::nullopt;
    }
    const bool right = kind == PathKind::File ? fs::is_regular_file(path, code) : fs::is_directory(path, code);
    if (!right) {
        node.error(kind == PathKind::File ? Message("\"%1\" is no regular file", {text}) : Message("\"%1\" is no folder", {text}), "path");
        return std::nullopt;
    }
    return path;
}

} // namespace gatehouse::workflow
