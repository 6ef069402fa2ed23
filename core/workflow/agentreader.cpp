#include "core/workflow/instructions.h"
#include "core/workflow/readcontext.h"

#include <algorithm>

namespace gatehouse::workflow {

namespace {

std::optional<Capability> capabilityFromName(std::string_view name)
{
    for (const Capability capability :
         {Capability::Shell, Capability::Filesystem, Capability::Skills, Capability::Memory, Capability::Compaction}) {
        if (capabilityName(capability) == name)
            return capability;
    }
    return std::nullopt;
}

template <typename Map> std::vector<std::string> keysOf(const Map& map)
{
    std::vector<std::string> out;
    std::ranges::transform(map, std::back_inserter(out), [](const auto& entry) { return entry.first; });
    return out;
}

class AgentReader {
public:
    AgentReader(const Node& agents, const Workflow& workflow, const ReadContext& context)
        : m_agents(agents), m_workflow(workflow), m_context(context)
    {
    }

    AgentDefinition read(const std::string& name, const Node& node)
    {
        AgentDefinition out;
        out.name = name;
        out.where = node.where();
        out.description = node.at("description").text();
        out.model = readModel(node);
        out.instructions = readInstructions(node.at("instructions"));
        out.capabilities = readCapabilities(node.at("capabilities"));
        out.tools = readTools(node.at("tools"));
        out.handoffs = readHandoffs(name, node.at("handoffs"));
        out.data = readData(node.at("data"));
        out.limits = readLimits(node.at("limits"));
        if (node.at("output").isObject()) {
            out.output = node.at("output").value();
            m_context.notSupported(node.at("output"), "An agent's output schema");
        }
        readLater(node, out);
        return out;
    }

private:
    std::string readModel(const Node& node) const
    {
        const Node model = node.at("model");
        const Project& project = m_context.project;
        if (!model && project.defaultModel.empty())
            node.keyError("The agent names no model and the project has no default model", "unknown-model");
        const std::string name = model.text(project.defaultModel);
        if (model.isString() && !project.models.contains(name))
            model.error(Message("The project has no model \"%1\"; it has %2", {name, listed(keysOf(project.models))}), "unknown-model");
        // No reason to refuse the workflow: the command line may choose another model.
        const auto found = project.models.find(name);
        if (found != project.models.end() && (found->second.api == ModelApi::Responses || found->second.api == ModelApi::Messages))
            (model ? model : node)
                .warning(
                    Message("The model \"%1\" speaks %2, which is not supported yet", {name, std::string(modelApiName(found->second.api))}),
                    "unsupported");
        return name;
    }

    bool isEntry(std::string_view name) const
    {
        return std::ranges::find(m_workflow.manifest.entries, name, &ManifestEntry::path) != m_workflow.manifest.entries.end();
    }

    std::vector<std::string> entryNames() const
    {
        std::vector<std::string> out;
        std::ranges::transform(m_workflow.manifest.entries, std::back_inserter(out), &ManifestEntry::path);
        return out;
    }

    // An entry's name is its path in the workspace already.
    std::string readInstructions(const Node& node) const
    {
        return fillVariables(node.text(), [&](std::string_view name) -> std::optional<std::string> {
            if (isEntry(name))
                return std::string(name);
            node.error(Message("{{%1}} is no entry of the manifest; there is %2", {std::string(name), listed(entryNames())}),
                       "unknown-variable");
            return std::nullopt;
        });
    }

    std::vector<Capability> readCapabilities(const Node& node) const
    {
        if (!node)
            return {Capability::Shell, Capability::Filesystem};
        std::vector<Capability> out;
        for (const Node& item : node.items()) {
            const auto members = item.members();
            const auto capability = capabilityFromName(members.empty() ? item.text() : members.front().first);
            if (!capability)
                continue;
            if (std::ranges::find(out, *capability) != out.end())
                item.error(Message("The capability %1 is named twice", {std::string(capabilityName(*capability))}), "duplicate-name");
            else
                out.push_back(*capability);
            if (*capability == Capability::Compaction)
                item.warning("Compaction is not supported yet; long runs end at the model's window", "unsupported");
            else if (*capability == Capability::Skills || *capability == Capability::Memory)
                m_context.notSupported(item, "The capability " + std::string(capabilityName(*capability)));
        }
        return out;
    }

    std::vector<std::string> readTools(const Node& node) const
    {
        std::vector<std::string> out;
        for (const Node& item : node.items()) {
            const std::string name = item.text();
            if (std::ranges::find(out, name) != out.end())
                item.error(Message("The tool \"%1\" is named twice", {name}), "duplicate-name");
            else if (item.isString() && checkTool(item, name))
                out.push_back(name);
        }
        return out;
    }

    bool checkTool(const Node& item, const std::string& name) const
    {
        if (name.starts_with("mcp:")) {
            const std::string server = name.substr(4, std::min(name.find('/'), name.size()) - 4);
            if (!root().at("mcp").at(server))
                item.error(Message("There is no MCP server \"%1\" in this workflow", {server}), "unknown-tool");
            return true;
        }
        if (root().at("tools").at(name))
            return true;
        if (std::ranges::find(builtinToolNames(), name) != builtinToolNames().end())
            item.error(Message("\"%1\" comes with a capability (shell, filesystem, skills); name that instead", {name}), "unknown-tool");
        else
            item.error(Message("There is no tool \"%1\" in this workflow; there is %2", {name, listed(toolNames())}), "unknown-tool");
        return false;
    }

    [[nodiscard]] const Node& root() const { return m_context.root; }

    std::vector<std::string> toolNames() const
    {
        std::vector<std::string> out;
        std::ranges::transform(root().at("tools").members(), std::back_inserter(out), [](const auto& member) { return member.first; });
        return out;
    }

    std::vector<std::string> readHandoffs(const std::string& self, const Node& node) const
    {
        std::vector<std::string> out;
        for (const Node& item : node.items()) {
            const std::string name = item.text();
            if (item.isString() && !m_agents.at(name))
                item.error(Message("There is no agent \"%1\" in this workflow", {name}), "unknown-agent");
            else if (name == self)
                item.error("An agent can't hand off to itself", "unknown-agent");
            else
                out.push_back(name);
        }
        if (!out.empty())
            m_context.notSupported(node, "Handoffs");
        return out;
    }

    std::optional<std::map<std::string, DataAccess>> readData(const Node& node) const
    {
        if (!node.isObject())
            return std::nullopt;
        std::map<std::string, DataAccess> out;
        for (const auto& [name, access] : node.members()) {
            if (!isEntry(name))
                access.keyError(Message("There is no manifest entry \"%1\"", {name}), "unknown-entry");
            else
                out.emplace(name, access.text() == "write" ? DataAccess::Write : DataAccess::Read);
        }
        m_context.notSupported(node, "An agent's data (access per entry)");
        return out;
    }

    static AgentLimits readLimits(const Node& node)
    {
        AgentLimits out;
        out.turns = node.at("turns").count();
        out.tokens = node.at("tokens").count();
        out.cost = node.at("cost").parsed(parseMoney, "money");
        out.run = node.at("run").parsed(parseDuration, "duration");
        const auto wall = node.at("wall").parsed(parseDuration, "duration");
        if (out.run && wall)
            node.at("wall").keyError("wall is the same limit as run; give one of them", "limit");
        if (!out.run)
            out.run = wall;
        return out;
    }

    // Read and kept; a later version carries them out.
    void readLater(const Node& node, AgentDefinition& out) const
    {
        if (!node.at("asTool").isNull()) {
            out.asTool = node.at("asTool").value();
            m_context.notSupported(node.at("asTool"), "Agents as tools");
        }
        for (const char* key : {"manifest", "profile", "runAs"}) {
            if (!node.at(key).isNull())
                m_context.notSupported(node.at(key), std::string("An agent's own ") + key);
        }
        const Node guardrails = node.at("guardrails");
        if (guardrails.isNull())
            return;
        out.guardrails = guardrails.value();
        bool any = false;
        for (const auto& [point, names] : guardrails.members()) {
            for (const Node& name : names.items()) {
                any = true;
                if (name.isString() && !root().at("guardrails").at(name.text()))
                    name.error(Message("There is no guardrail \"%1\" in this workflow", {name.text()}), "unknown-guardrail");
            }
        }
        if (any)
            m_context.notSupported(guardrails, "Guardrails");
    }

    Node m_agents;
    const Workflow& m_workflow;
    const ReadContext& m_context;
};

} // namespace

std::map<std::string, AgentDefinition> readAgents(const Node& node, const Workflow& workflow, const ReadContext& context)
{
    std::map<std::string, AgentDefinition> out;
    AgentReader reader(node, workflow, context);
    for (const auto& [name, agent] : node.members())
        out.emplace(name, reader.read(name, agent));
    return out;
}

} // namespace gatehouse::workflow
