#include "core/tools/toolregistry.h"

#include "core/workspace/pathname.h"

namespace gatehouse::tools {

namespace {

constexpr std::size_t maximumNameLength = 64;

bool isToolName(const std::string& name)
{
    constexpr const char* allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return !name.empty() && name.size() <= maximumNameLength && name.find_first_not_of(allowed) == std::string::npos;
}

} // namespace

Result<void> ToolRegistry::add(std::unique_ptr<execution::Tool> tool)
{
    const std::string name = tool->schema().name;
    if (!isToolName(name))
        return fail(ErrorCode::InvalidInput, workspace::shownPath(name), "This can't be a tool's name",
                    "Use 1 to 64 letters, digits, \"_\" and \"-\"");
    if (!m_tools.try_emplace(name, std::move(tool)).second)
        return fail(ErrorCode::AlreadyExists, name, "Two tools have this name", "Rename one of them");
    return {};
}

Result<const execution::Tool*> ToolRegistry::find(const std::string& name) const
{
    const auto found = m_tools.find(name);
    if (found != m_tools.end())
        return found->second.get();
    std::string known;
    for (const auto& [other, tool] : m_tools)
        known += (known.empty() ? "" : ", ") + other;
    return fail(ErrorCode::NotFound, workspace::shownPath(name.substr(0, maximumNameLength)), "There is no such tool",
                known.empty() ? Message("This agent has no tools in its execution class") : Message("There are: %1", {known}));
}

std::vector<execution::ToolSchema> ToolRegistry::schemas() const
{
    std::vector<execution::ToolSchema> out;
    for (const auto& [name, tool] : m_tools)
        out.push_back(tool->schema());
    return out;
}

} // namespace gatehouse::tools
