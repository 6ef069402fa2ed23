#include "core/workflow/entrypath.h"

#include "core/foundation/beneath.h"

#include <algorithm>
#include <string>

namespace gatehouse::workflow {

static bool hasControl(std::string_view text)
{
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

static bool hasDrive(std::string_view path)
{
    return path.size() >= 2 && path[1] == ':' && ((path[0] >= 'a' && path[0] <= 'z') || (path[0] >= 'A' && path[0] <= 'Z'));
}

// Calls visit for each component until it says false.
template <typename Visit> static bool eachComponent(std::string_view path, Visit visit)
{
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        if (!visit(path.substr(begin, end - begin)))
            return false;
        begin = end + 1;
    }
    return true;
}

// As a case-insensitive file system would read it: nobody plants hooks through a manifest.
static bool isGitFolder(std::string_view component)
{
    std::string lower(component);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower == ".git";
}

const char* entryPathFault(std::string_view path)
{
    if (path.empty())
        return "The path is empty";
    if (path.find('\\') != std::string_view::npos)
        return "The path holds a backslash; write /";
    if (hasControl(path))
        return "The path holds a control character";
    if (path[0] == '/' || hasDrive(path))
        return "The path is absolute; entries are relative to the workspace";
    if (!eachComponent(path, [](std::string_view part) { return part != ".."; }))
        return "The path leaves the workspace (..)";
    if (!isPlainRelativePath(path))
        return "The path has an empty component or \".\"; write it in its plain form";
    if (path.size() > 4000 || !eachComponent(path, [](std::string_view part) { return part.size() <= 255; }))
        return "The path is too long";
    if (!eachComponent(path, [](std::string_view part) { return !isGitFolder(part); }))
        return "The path goes into .git, which a manifest can't make";
    return nullptr;
}

bool isGitRef(std::string_view ref)
{
    if (ref.empty() || ref.size() > 200 || hasControl(ref) || ref[0] == '-' || ref == "@" || ref.ends_with('.'))
        return false;
    if (ref.find_first_of(" ~^:?*[\\") != std::string_view::npos || ref.find("..") != std::string_view::npos ||
        ref.find("@{") != std::string_view::npos)
        return false;
    return eachComponent(ref, [](std::string_view part) { return !part.empty() && part[0] != '.' && !part.ends_with(".lock"); });
}

} // namespace gatehouse::workflow
