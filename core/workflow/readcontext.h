// What the readers of a workflow's parts share. Internal to core/workflow.
#pragma once

#include "core/workflow/node.h"
#include "core/workflow/workflow.h"

#include <string>
#include <vector>

namespace gatehouse::workflow {

struct ReadContext {
    const Node root; // of the workflow document
    const Project& project;
    const std::string& directory; // of the workflow document
    std::vector<UnsupportedFeature>& unsupported;

    // Read, warned about (rule "unsupported"), and refused when run.
    void notSupported(const Node& node, const std::string& feature) const
    {
        node.keyWarning(Message("%1: not supported yet; the workflow is valid but can't run", {feature}), "unsupported");
        unsupported.push_back({feature, node.where()});
    }
};

[[nodiscard]] Manifest readManifest(const Node& node, const ReadContext& context);
[[nodiscard]] std::map<std::string, AgentDefinition> readAgents(const Node& node, const Workflow& workflow, const ReadContext& context);
[[nodiscard]] std::map<std::string, ToolDefinition> readTools(const Node& node, const Workflow& workflow, const ReadContext& context);

} // namespace gatehouse::workflow
