#include "core/workflow/workflow.h"

#include <array>

namespace gatehouse::workflow {

std::string_view capabilityName(Capability capability)
{
    // In the order of the enum.
    static constexpr std::array<std::string_view, 5> names = {"shell", "filesystem", "skills", "memory", "compaction"};
    return names[static_cast<std::size_t>(capability)];
}

const std::vector<std::string>& capabilityTools(Capability capability)
{
    static const std::vector<std::string> shell = {"exec_command"};
    static const std::vector<std::string> filesystem = {"apply_patch"};
    static const std::vector<std::string> none;
    switch (capability) {
    case Capability::Shell:
        return shell;
    case Capability::Filesystem:
        return filesystem;
    case Capability::Skills:
    case Capability::Memory:
    case Capability::Compaction:
        break;
    }
    return none;
}

std::vector<std::string> AgentDefinition::toolNames() const
{
    std::vector<std::string> out;
    for (const Capability capability : capabilities) {
        for (const std::string& tool : capabilityTools(capability))
            out.push_back(tool);
    }
    for (const std::string& tool : tools) {
        if (!tool.starts_with("mcp:"))
            out.push_back(tool);
    }
    return out;
}

const std::vector<std::string>& builtinToolNames()
{
    static const std::vector<std::string> names = {"exec_command", "write_stdin", "apply_patch", "view_image", "load_skill"};
    return names;
}

Result<void> checkRunnable(const Workflow& workflow)
{
    if (workflow.unsupported.empty())
        return {};
    const UnsupportedFeature& first = workflow.unsupported.front();
    return fail(ErrorCode::Unsupported, first.where, Message("%1: not supported yet", {first.feature}),
                "Take it out of the workflow, or run it with a version that has it");
}

} // namespace gatehouse::workflow
