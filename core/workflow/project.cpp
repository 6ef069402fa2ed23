#include "core/workflow/project.h"

#include <array>
#include <filesystem>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

std::string_view modelApiName(ModelApi api)
{
    // In the order of the enum.
    static constexpr std::array<std::string_view, 4> names = {"responses", "chat-completions", "messages", "scripted"};
    return names[static_cast<std::size_t>(api)];
}

std::string KeyReference::toString() const
{
    static constexpr std::array<std::string_view, 3> prefixes = {"env:", "file:", "keychain:"};
    return std::string(prefixes[static_cast<std::size_t>(kind)]) + name;
}

Result<std::string> findProject(const std::string& start)
{
    std::error_code code;
    const fs::path first = fs::canonical(start, code);
    if (code)
        return fail(ErrorCode::NotFound, start, Message("There is no such folder: %1", {code.message()}));
    for (fs::path folder = first;; folder = folder.parent_path()) {
        // Whatever it is: that it can't be read is told by who reads it.
        if (const auto status = fs::symlink_status(folder / projectFileName, code); fs::exists(status))
            return folder.string();
        if (folder == folder.parent_path())
            break;
    }
    return fail(ErrorCode::NotFound, first.string(), "No folder here or above holds gatehouse.json",
                "Make a project with \"gatehouse new DIR\" or name one with --project");
}

} // namespace gatehouse::workflow
