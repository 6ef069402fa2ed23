// The scripted model's script: turns with expectations on tool results (docs/formats.md, schema gatehouse:script/1). Values; any thread.
#pragma once

#include "core/workflow/loaded.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::workflow {

// The result of call, as the model would see it, must match (RE2, anywhere in the text, "." doesn't match a newline).
struct ScriptExpectation {
    std::string call;
    std::string matches;
    std::string where;
};

struct ScriptCall {
    std::string id;
    std::string tool;
    // The text a model would send. An object in the document is written out; a string stands as it is,
    // but for apply_patch, where "…" means {"patch": "…"}.
    std::string arguments;
    std::string where;
};

struct ScriptUsage {
    std::int64_t input = 0;
    std::int64_t output = 0;
};

// A turn calls tools or ends with a final answer.
struct ScriptTurn {
    std::vector<ScriptExpectation> expect;
    std::string say;
    std::vector<ScriptCall> calls;
    std::optional<std::string> final;
    ScriptUsage usage; // of this turn, the script's filled in
    std::string where;
};

// One of an agent's scripts; task is an RE2 that the task's text must match, "" matches all.
struct AgentScript {
    std::string task;
    std::vector<ScriptTurn> turns;
    std::string where;
};

struct Script {
    Source source;
    std::map<std::string, std::vector<AgentScript>> agents;
    ScriptUsage usage;
    double tokensPerSecond = 0; // 0: at once
};

[[nodiscard]] Loaded<Script> loadScript(const std::string& path);
// The first whose task matches; null: none does, or the agent has none.
[[nodiscard]] const AgentScript* scriptFor(const Script& script, const std::string& agent, const std::string& task);

} // namespace gatehouse::workflow
