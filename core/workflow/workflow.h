// A workflow: agents, their tools and manifest, class and profile (docs/formats.md, schema gatehouse:workflow/1).
//
// A loaded workflow's references hold: models, tools, handoff agents, entry agent, profile and policies exist. Values; any thread.
// What a later version carries out (MCP, HTTP tools, handoffs, flow, mounts, …) is read, warned about, and refused by
// checkRunnable(): it is never silently left out.
#pragma once

#include "core/workflow/executionclass.h"
#include "core/workflow/loaded.h"
#include "core/workflow/manifest.h"
#include "core/workflow/project.h"
#include "core/workflow/quantities.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gatehouse::workflow {

// What an agent may use up. Absent: no limit of its own (the profile's "run" still holds).
struct AgentLimits {
    std::optional<std::uint64_t> turns;
    std::optional<std::uint64_t> tokens; // input and output together
    std::optional<Money> cost;
    std::optional<std::chrono::milliseconds> run;
};

// A bundle of sandbox-native tools. An agent without "capabilities" has shell and filesystem.
enum class Capability { Shell, Filesystem, Skills, Memory, Compaction };
[[nodiscard]] std::string_view capabilityName(Capability capability);
// The tools it brings, by the names the model sees: shell brings exec_command, filesystem brings apply_patch.
[[nodiscard]] const std::vector<std::string>& capabilityTools(Capability capability);

enum class DataAccess { Read, Write };

struct AgentDefinition {
    std::string name;
    std::string description;
    std::string model;        // a key of Project::models, the project's default filled in
    std::string instructions; // {{entry}} replaced by the entry's path in the workspace
    std::vector<Capability> capabilities;
    std::vector<std::string> tools;                        // keys of Workflow::tools, or "mcp:SERVER/PATTERN"
    std::vector<std::string> handoffs;                     // keys of Workflow::agents
    std::optional<std::map<std::string, DataAccess>> data; // manifest entries; absent: all as the manifest says
    AgentLimits limits;
    std::optional<nlohmann::json> output; // a JSON Schema for the final answer
    nlohmann::json asTool;                // null, or as written
    nlohmann::json guardrails;            // null, or as written
    std::string where;
    // Every tool's name that the model is told, capabilities first; MCP patterns are left out.
    [[nodiscard]] std::vector<std::string> toolNames() const;
};

// A program in the sandbox: arguments as JSON on stdin and in $GATEHOUSE_ARGUMENTS_FILE, folder /opt/tools.
struct CommandTool {
    std::vector<std::string> command;
    std::optional<std::chrono::milliseconds> timeout; // absent: the profile's "call"
};
struct HttpTool {
    std::string method;
    std::string url;
    std::string credential; // "" or a key of Project::credentials
};

struct ToolDefinition {
    std::string name; // [A-Za-z0-9_-]{1,64}, no built-in tool's name
    std::string description;
    nlohmann::json parameters; // a JSON Schema, an object
    std::variant<CommandTool, HttpTool> kind;
    ExecutionClass impact = ExecutionClass::Draft;
    std::string where;
};

// Something that this version reads but can't run.
struct UnsupportedFeature {
    std::string feature; // "mcp", "flow", "entry type s3_mount", …
    std::string where;
};

struct Workflow {
    Source source;
    std::string directory; // of the document, absolute, canonical
    std::string digest;    // SHA-256 of its canonical JSON (RFC 8785) without "layout"
    std::string name;
    std::string description;
    ExecutionClass executionClass = ExecutionClass::Draft;
    std::optional<std::string> profile; // a name; only narrows the class's
    std::vector<std::string> policies;  // absolute paths
    std::string entry;                  // a key of agents
    std::string task;                   // the default task; may be empty
    std::map<std::string, AgentDefinition> agents;
    std::map<std::string, ToolDefinition> tools;
    Manifest manifest;
    std::vector<std::string> artifacts;
    std::vector<UnsupportedFeature> unsupported;

    [[nodiscard]] const AgentDefinition& entryAgent() const { return agents.at(entry); }
};

// Tools of ours that a workflow can't define anew: exec_command, write_stdin, apply_patch, view_image, load_skill.
[[nodiscard]] const std::vector<std::string>& builtinToolNames();

// unsaved: its text in an editor, read instead of the file's.
[[nodiscard]] Loaded<Workflow> loadWorkflow(const std::string& path, const Project& project, const std::string* unsaved = nullptr);
// ErrorCode::Unsupported, naming the first place, when the workflow asks for what this version can't do.
[[nodiscard]] Result<void> checkRunnable(const Workflow& workflow);

} // namespace gatehouse::workflow
