// RunPlan: every document of a run, loaded, checked and resolved, before anything happens. Const once made; any thread.
#pragma once

#include "core/engine/runrequest.h"
#include "core/execution/sandboxspec.h"
#include "core/foundation/result.h"
#include "core/policy/policyset.h"
#include "core/policy/snapshot.h"
#include "core/tools/toolregistry.h"
#include "core/workflow/profile.h"
#include "core/workflow/project.h"
#include "core/workflow/workflow.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>

namespace gatehouse::engine {

struct RunPlan {
    workflow::Project project;
    workflow::Workflow workflow;
    workflow::AgentDefinition agent;
    workflow::ModelDefinition model;
    workflow::Profile profile;
    workflow::ExecutionClass executionClass = workflow::ExecutionClass::Draft;
    policy::PolicySet policies;
    std::unique_ptr<tools::ToolRegistry> tools;
    std::string task;
    std::string name;
    std::string requester;
    std::string build;
    std::optional<double> tokensPerSecond;

    [[nodiscard]] policy::Subject subject() const;
};

// Reads and checks everything. Errors name file, line and column (ErrorCode::InvalidInput, Unsupported).
[[nodiscard]] Result<std::unique_ptr<RunPlan>> makePlan(const RunRequest& request);

// The sandbox of a plan, but for its host folders.
[[nodiscard]] execution::SandboxSpec sandboxSpec(const RunPlan& plan);
[[nodiscard]] execution::ResourceLimits resourceLimits(const workflow::ProfileLimits& limits);
// Profile to specification, without a manifest: `gatehouse sandbox exec`.
[[nodiscard]] execution::SandboxSpec sandboxSpec(const workflow::Profile& profile);

} // namespace gatehouse::engine
