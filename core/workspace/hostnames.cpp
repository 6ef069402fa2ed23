#include "core/workspace/hostnames.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "core/workspace/pathname.h"

namespace gatehouse::workspace {

namespace {

// Folders whose contents count, whatever they are called.
constexpr auto folders = std::to_array<std::string_view>({
    ".vscode", ".idea",   ".devcontainer", ".husky",  ".githooks", ".cargo", ".mvn",      ".emacs.d",
    ".vim",    ".nvim",   ".ssh",          ".direnv", ".zed",      ".fleet", ".claude",   ".cursor",
    ".codex",  ".gemini", ".config",       ".gradle", ".bundle",   ".yarn",  "autostart", "systemd",
});

constexpr auto files = std::to_array<std::string_view>({
    ".envrc",           ".autoenv",         ".autoenv.zsh",   ".tool-versions", "mise.toml",
    ".mise.toml",       ".bashrc",          ".bash_profile",  ".bash_login",    ".bash_logout",
    ".bash_aliases",    ".profile",         ".zshrc",         ".zshenv",        ".zprofile",
    ".zlogin",          ".zlogout",         ".kshrc",         ".cshrc",         ".tcshrc",
    ".login",           ".xprofile",        ".xinitrc",       ".xsession",      ".pam_environment",
    ".vimrc",           ".gvimrc",          ".exrc",          ".nvimrc",        ".nvim.lua",
    ".lvimrc",          ".emacs",           ".dir-locals.el", ".gdbinit",       ".lldbinit",
    ".pdbrc",           ".pythonrc",        ".pythonstartup", ".irbrc",         ".pryrc",
    ".rprofile",        ".gitconfig",       ".gitmodules",    ".gitattributes", ".pre-commit-config.yaml",
    "lefthook.yml",     "lefthook.yaml",    ".lefthook.yml",  ".npmrc",         ".yarnrc",
    ".yarnrc.yml",      ".pnpmfile.cjs",    ".pnp.cjs",       ".netrc",         ".curlrc",
    ".wgetrc",          ".screenrc",        ".tmux.conf",     ".mailcap",       ".inputrc",
    "sitecustomize.py", "usercustomize.py", "conftest.py",    ".mcp.json",      ".justfile",
});

// Shortcuts and units, by their ending.
constexpr auto endings = std::to_array<std::string_view>({".desktop", ".service", ".pth", ".code-workspace"});

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
    return out;
}

std::vector<std::string> components(std::string_view path)
{
    std::vector<std::string> out;
    for (std::size_t start = 0; start <= path.size();) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        if (end > start)
            out.push_back(lower(path.substr(start, end - start)));
        start = end + 1;
    }
    return out;
}

} // namespace

bool isGitsOwn(std::string_view path)
{
    std::string slashes(path);
    std::ranges::replace(slashes, '\\', '/');
    const auto parts = components(slashes);
    return std::ranges::any_of(parts, [](const std::string& part) { return part != "." && part != ".." && !gitAccepts(part); });
}

bool runsByItsName(std::string_view path)
{
    const std::vector<std::string> parts = components(path);
    if (parts.empty())
        return false;
    const bool inFolder =
        std::ranges::any_of(parts, [](const std::string& part) { return std::ranges::find(folders, part) != folders.end(); });
    const std::string& name = parts.back();
    return inFolder || std::ranges::find(files, name) != files.end() ||
        std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

} // namespace gatehouse::workspace
