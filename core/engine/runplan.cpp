#include "core/engine/runplan.h"

#include "core/tools/applypatch.h"
#include "core/tools/commandtool.h"
#include "core/tools/execcommand.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace gatehouse::engine {

namespace {

Result<policy::PolicySet> loadPolicies(const workflow::Project& project, const workflow::Workflow& workflow)
{
    policy::PolicySet set;
    std::vector<std::string> paths = project.policies;
    paths.insert(paths.end(), workflow.policies.begin(), workflow.policies.end());
    for (const std::string& path : paths) {
        policy::PolicyLoad loaded = policy::loadPolicy(path);
        if (!loaded.policy)
            return std::unexpected(firstError(loaded.problems));
        // Records name it as the project does: no home folder's name goes into evidence.
        loaded.policy->file = std::filesystem::path(path).lexically_relative(project.directory).string();
        GH_TRY(set.add(*std::move(loaded.policy)));
    }
    return set;
}

// A rule at a point where this version does not stand guard would be a promise that is not kept.
Result<void> refuseUnguardedPoints(const policy::PolicySet& policies)
{
    for (const policy::Policy& policy : policies.policies()) {
        for (const policy::Rule& rule : policy.rules) {
            const auto unguarded = std::ranges::find_if(rule.points, [&](policy::Point point) {
                const bool guarded = point == policy::Point::Input || point == policy::Point::Tool;
                // Nothing reaches these points in this version: no network, no merge, no export, no credential.
                const bool unreachable = point == policy::Point::Egress || point == policy::Point::Credential ||
                    point == policy::Point::Merge || point == policy::Point::Export;
                return !guarded && !unreachable && rule.effect != policy::Effect::Allow;
            });
            if (unguarded != rule.points.end())
                return fail(ErrorCode::Unsupported, policy.file + ':' + std::to_string(rule.line),
                            Message("Rule %1 guards %2, which this version does not check", {rule.id, std::string(pointName(*unguarded))}),
                            "Use the points input and tool");
        }
    }
    return {};
}

Result<std::unique_ptr<execution::Tool>> makeTool(const std::string& name, const workflow::Workflow& workflow,
                                                  const execution::ResourceLimits& limits)
{
    if (name == "exec_command")
        return tools::makeExecCommand(limits);
    if (name == "apply_patch")
        return tools::makeApplyPatch();
    const auto defined = workflow.tools.find(name);
    if (defined == workflow.tools.end())
        return fail(ErrorCode::Unsupported, workflow.source.path, Message("The tool %1 is not available in this version", {name}));
    return tools::makeCommandTool(defined->second);
}

Result<std::unique_ptr<tools::ToolRegistry>> makeTools(const RunPlan& plan)
{
    auto registry = std::make_unique<tools::ToolRegistry>();
    const execution::ResourceLimits limits = resourceLimits(plan.profile.limits);
    for (const std::string& name : plan.agent.toolNames()) {
        if (!plan.profile.allowsTool(name))
            continue;
        GH_ASSIGN(auto tool, makeTool(name, plan.workflow, limits));
        GH_TRY(registry->add(std::move(tool)));
    }
    return registry;
}

// Every command of the run gets it: what can't be passed is said now, not by the first of them.
Result<void> checkEnvironment(const workflow::Workflow& workflow)
{
    // Of a program's start; the protocol with the worker takes 1 MiB for command line and environment together.
    constexpr std::size_t mostOfOne = 100u << 10;
    constexpr std::size_t mostOfAll = 500u << 10;
    std::size_t all = 0;
    for (const auto& [name, value] : workflow.manifest.environment) {
        all += name.size() + value.size() + 2;
        if (name.size() + value.size() > mostOfOne || all > mostOfAll)
            return fail(ErrorCode::InvalidInput, workflow.source.path,
                        Message("The environment variable %1 is too long to be passed to a command", {name.substr(0, 100)}),
                        "Put long values into a file of the manifest");
    }
    return {};
}

Result<workflow::ModelDefinition> chooseModel(const RunRequest& request, const RunPlan& plan)
{
    const std::string name = request.model.value_or(plan.agent.model);
    const auto found = plan.project.models.find(name);
    if (found == plan.project.models.end()) {
        std::string known;
        for (const auto& [other, definition] : plan.project.models)
            known += (known.empty() ? "" : ", ") + other;
        return fail(ErrorCode::InvalidInput, plan.project.source.path, Message("No model is called %1", {name}),
                    Message("Name one of: %1", {known}));
    }
    return found->second;
}

} // namespace

policy::Subject RunPlan::subject() const
{
    return {std::string(workflow::className(executionClass)), workflow.name, agent.name, requester};
}

Result<std::unique_ptr<RunPlan>> makePlan(const RunRequest& request)
{
    auto plan = std::make_unique<RunPlan>();
    GH_ASSIGN(plan->project, workflow::loadProject(request.project).take());
    if (plan->project.roster)
        return fail(ErrorCode::Unsupported, plan->project.source.path,
                    "This project has a roster, and this version can only run solo projects",
                    "Remove \"roster\"; the record then says that one person confirmed");
    GH_ASSIGN(plan->workflow, workflow::loadWorkflow(request.workflow, plan->project).take());
    GH_TRY(workflow::checkRunnable(plan->workflow));
    GH_TRY(checkEnvironment(plan->workflow));
    plan->agent = plan->workflow.entryAgent();
    plan->executionClass = request.executionClass.value_or(plan->workflow.executionClass);
    if (plan->executionClass < plan->workflow.executionClass)
        return fail(
            ErrorCode::InvalidInput, plan->workflow.source.path,
            Message("The workflow's class is %1; a run can't be of a lower one", {std::string(className(plan->workflow.executionClass))}));
    GH_ASSIGN(plan->profile, workflow::effectiveProfile(plan->project, plan->workflow, plan->executionClass).take());
    GH_TRY(workflow::checkRunnable(plan->profile));
    GH_ASSIGN(plan->policies, loadPolicies(plan->project, plan->workflow));
    GH_TRY(refuseUnguardedPoints(plan->policies));
    GH_ASSIGN(plan->model, chooseModel(request, *plan));
    GH_ASSIGN(plan->tools, makeTools(*plan));
    if (request.task && request.task->find_first_not_of(" \t\r\n") == std::string::npos)
        return fail(ErrorCode::InvalidInput, {}, "The given task is empty",
                    "Say what is to be done, or leave --input away for the workflow's task");
    plan->task = request.task.value_or(plan->workflow.task);
    if (plan->task.empty())
        return fail(ErrorCode::InvalidInput, plan->workflow.source.path, "The workflow names no task", "Give one with --input");
    plan->name = request.name.empty() ? plan->workflow.name : request.name;
    plan->requester = request.requester;
    plan->build = request.build;
    plan->tokensPerSecond = request.tokensPerSecond;
    return plan;
}

execution::ResourceLimits resourceLimits(const workflow::ProfileLimits& limits)
{
    execution::ResourceLimits out;
    out.cpu = limits.cpu.value_or(out.cpu);
    out.memory = limits.memory.value_or(out.memory);
    out.processes = limits.processes.value_or(out.processes);
    out.files = limits.files.value_or(out.files);
    out.fileSize = limits.fileSize.value_or(out.fileSize);
    out.disk = limits.disk.value_or(out.disk);
    out.inodes = limits.inodes.value_or(out.inodes);
    out.output = limits.output.value_or(out.output);
    out.call = limits.call.value_or(out.call);
    out.session = limits.session.value_or(out.session);
    out.run = limits.run.value_or(out.run);
    return out;
}

execution::SandboxSpec sandboxSpec(const workflow::Profile& profile)
{
    using execution::WorkspaceAccess;
    execution::SandboxSpec spec;
    switch (profile.workspace.value_or(workflow::WorkspaceMode::None)) {
    case workflow::WorkspaceMode::None:
        spec.access = WorkspaceAccess::None;
        break;
    case workflow::WorkspaceMode::ReadOnly:
        spec.access = WorkspaceAccess::ReadOnly;
        break;
    case workflow::WorkspaceMode::Overlay:
        spec.access = WorkspaceAccess::Overlay;
        break;
    }
    if (profile.read)
        spec.read = *profile.read;
    spec.limits = resourceLimits(profile.limits);
    for (const std::string& name : profile.require) {
        if (const auto layer = execution::layerFromName(name))
            spec.require.push_back(*layer);
    }
    return spec;
}

execution::SandboxSpec sandboxSpec(const RunPlan& plan)
{
    execution::SandboxSpec spec = sandboxSpec(plan.profile);
    for (const auto& [name, value] : plan.workflow.manifest.environment)
        spec.environment.emplace_back(name, value);
    return spec;
}

} // namespace gatehouse::engine
