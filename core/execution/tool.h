// A tool in two halves: prepare makes the exact bytes that would be executed and shows what they would change,
// without any effect; perform executes what was prepared, and nothing else. Policy, approval and the journal stand
// between the two (core/engine).
#pragma once

#include "core/execution/execrequest.h"
#include "core/execution/sandbox.h"
#include "core/execution/workspacereader.h"
#include "core/foundation/result.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::execution {

// What the model is told.
struct ToolSchema {
    std::string name; // [A-Za-z0-9_-]{1,64}
    std::string description;
    std::string parametersJson; // a JSON Schema, canonical
};

struct ToolCall {
    std::string id; // the model's
    std::string name;
    std::string arguments; // the model's text, byte for byte
};

// A file before and after, for a diff. Absent bytes: the file is not there.
struct FileEdit {
    std::string path;
    std::optional<std::string> before;
    std::optional<std::string> after;
    std::uint32_t modeBefore = 0;
    std::uint32_t modeAfter = 0;
};

struct CommandEffect {
    ExecRequest request;
};
struct CommitEffect {
    std::vector<FileCommit> files;
};

struct PreparedCall {
    ToolCall call;
    std::variant<CommandEffect, CommitEffect> effect;
    std::vector<FileEdit> edits;       // known in advance only for commits
    std::vector<std::string> paths;    // that it would touch, as far as known
    std::vector<std::string> warnings; // shown with the request, such as "hunk 2 matched only after trimming"
    // The command as policy sees it: argv, or absent for tools that start none.
    std::optional<std::vector<std::string>> argv;
};

// What goes back to the model, and what else is journaled.
struct ToolOutcome {
    std::string text; // exactly what the model sees
    bool error = false;
    ChangeSet changes;
    std::optional<ExecOutcome> exec; // of commands
};

class Tool {
public:
    virtual ~Tool() = default;
    [[nodiscard]] virtual const ToolSchema& schema() const = 0;
    // Bad arguments are ErrorCode::InvalidInput: they go back to the model as the call's result.
    [[nodiscard]] virtual Result<PreparedCall> prepare(const ToolCall& call, const WorkspaceReader& workspace) const = 0;
    // An error here means that the sandbox failed; a command that failed is an outcome with error set.
    [[nodiscard]] virtual Result<ToolOutcome> perform(const PreparedCall& prepared, SandboxSession& sandbox, ExecObserver* observer,
                                                      const CancelToken& cancel) const = 0;
};

} // namespace gatehouse::execution
