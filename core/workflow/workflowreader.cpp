#include "core/base/canonicaljson.h"
#include "core/foundation/sha256.h"
#include "core/workflow/documentfile.h"
#include "core/workflow/paths.h"
#include "core/workflow/profile.h"
#include "core/workflow/readcontext.h"

#include <algorithm>

namespace gatehouse::workflow {

namespace {

// The canvas's layout changes nothing that runs.
std::string digestOf(const Node& root)
{
    nlohmann::json value = root.value();
    if (value.is_object())
        value.erase("layout");
    const auto canonical = canonicalJson(value, CanonicalNumbers::Any);
    return canonical ? sha256Hex(*canonical) : std::string();
}

void readPolicies(const Node& node, const ReadContext& context, Workflow& out)
{
    for (const Node& policy : node.items()) {
        if (auto path = policy.isString() ? resolvePath(policy, context.directory, context.project, PathKind::File) : std::nullopt)
            out.policies.push_back(*std::move(path));
    }
}

// The profile's own faults are reported with its file; here only that it is there and narrows.
void readProfile(const Node& node, const Project& project, Workflow& out)
{
    if (!node.isString())
        return;
    out.profile = node.text();
    for (const Problem& problem : resolveProfile(project, *out.profile).problems) {
        if (problem.rule == "unknown-profile")
            node.error(problem.message, "unknown-profile");
    }
}

void readLater(const Node& root, const ReadContext& context)
{
    for (const char* key : {"mcp", "flow"}) {
        if (!root.at(key).isNull() && !root.at(key).value().empty())
            context.notSupported(root.at(key), key);
    }
    for (const char* key : {"checkpoints", "routing"}) {
        if (root.at(key).isArray() && !root.at(key).value().empty())
            context.notSupported(root.at(key), key);
    }
}

Workflow readWorkflow(const Node& root, const DocumentFile& file, const Project& project)
{
    Workflow out;
    out.source = file.source;
    out.directory = file.directory;
    out.digest = digestOf(root);
    out.name = root.at("name").text();
    out.description = root.at("description").text();
    out.executionClass = classFromName(root.at("class").text()).value_or(ExecutionClass::Draft);
    out.task = root.at("task").text();
    out.artifacts = root.at("artifacts").texts();
    const ReadContext context{root, project, out.directory, out.unsupported};
    readPolicies(root.at("policies"), context, out);
    readProfile(root.at("profile"), project, out);
    out.manifest = readManifest(root.at("manifest"), context);
    out.tools = readTools(root.at("tools"), out, context);
    out.agents = readAgents(root.at("agents"), out, context);
    out.entry = root.at("entry").text();
    if (root.at("entry").isString() && !root.at("agents").at(out.entry))
        root.at("entry").error(Message("There is no agent \"%1\" in this workflow", {out.entry}), "unknown-agent");
    readLater(root, context);
    return out;
}

// What the profile withholds is never offered to the model: better said before the run than wondered about in it.
void checkWithheld(const Workflow& workflow, const Profile& profile, const Node& agents)
{
    for (const auto& [name, agent] : workflow.agents) {
        std::vector<std::string> withheld;
        std::ranges::copy_if(agent.toolNames(), std::back_inserter(withheld),
                             [&](const std::string& tool) { return !profile.allowsTool(tool); });
        if (!withheld.empty())
            agents.at(name).keyWarning(Message("The profile \"%1\" withholds %2 from this agent", {profile.name, listed(withheld)}),
                                       "tool-withheld");
    }
}

void checkProfile(const Workflow& workflow, const Project& project, const Node& root)
{
    const Node place = root.at("profile") ? root.at("profile") : root.at("class");
    const Loaded<Profile> profile = effectiveProfile(project, workflow);
    for (const Problem& problem : profile.problems) {
        if (problem.rule == "profile-widens")
            place.error(problem.message, "profile-widens");
    }
    if (profile.document)
        checkWithheld(workflow, *profile.document, root.at("agents"));
}

} // namespace

Loaded<Workflow> loadWorkflow(const std::string& path, const Project& project, const std::string* unsaved)
{
    DocumentFile file = openDocument(path, "workflow", unsaved);
    if (!file.document)
        return {std::nullopt, std::move(file.problems)};
    const Node root(*file.document, file.problems);
    Workflow workflow = readWorkflow(root, file, project);
    checkProfile(workflow, project, root);
    return finished(std::move(workflow), std::move(file.problems));
}

} // namespace gatehouse::workflow
