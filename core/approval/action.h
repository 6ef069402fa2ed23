// What is permitted, in one canonical form: the action and its binding digest. Values; any thread.
//
// The form has every field of gatehouse:action/1 from the first version on; what does not apply is null, so a digest never
// changes its meaning. Any changed byte of what would be executed changes payloadDigest, and so the binding.
#pragma once

#include "core/execution/tool.h"
#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace gatehouse::approval {

using OptionalText = std::optional<std::string>;

struct Target {
    OptionalText tool;
    OptionalText toolSchemaDigest;
    OptionalText resource;
    bool operator==(const Target&) const = default;
};

// All digests are SHA-256, lower-case hex.
struct Action {
    std::string run;
    std::string executionClass; // "class"
    OptionalText op;            // "command", "commit"; later "merge", "export", a broker's operation
    OptionalText agent;         // the chain, entry first: "planner/reviewer"
    OptionalText subject;       // the person on whose behalf
    Target target;
    OptionalText call;          // the model's id of the call
    OptionalText args;          // the model's argument text, byte for byte
    OptionalText payloadDigest; // of what would be executed
    OptionalText patchSha256;
    OptionalText baseTree;
    OptionalText resultTree;
    OptionalText cwd;
    OptionalText envDigest;
    OptionalText profileDigest;
    OptionalText imageDigest;
    OptionalText policyDigest;
    OptionalText templateDigest;
    OptionalText quorumDigest;
    OptionalText window;
    std::string nonce; // 16 random bytes as hex: two equal calls are two actions
    bool operator==(const Action&) const = default;
};

// What the engine knows about the run when a call comes.
struct ActionContext {
    std::string run;
    std::string executionClass;
    std::string agent;
    std::string subject;
    OptionalText toolSchemaDigest;
    OptionalText profileDigest;
    OptionalText imageDigest;
    OptionalText policyDigest;
    OptionalText templateDigest;
    OptionalText quorumDigest;
    OptionalText window;
    OptionalText patchSha256;
    std::string nonce;
};

// op, target.tool, call, args, payloadDigest, cwd and envDigest come from the prepared call.
[[nodiscard]] Result<Action> makeAction(const ActionContext& context, const execution::PreparedCall& prepared);

[[nodiscard]] nlohmann::json toJson(const Action& action);
[[nodiscard]] Result<Action> actionFromJson(const nlohmann::json& value);
// RFC 8785. An error for text that is not UTF-8.
[[nodiscard]] Result<std::string> canonicalAction(const Action& action);
[[nodiscard]] Result<std::string> bindingDigest(const Action& action);

// The executed bytes as a value: argv, workdir, environment, standard input, input files and time limit; or each file commit
// with path, kind, mode, expected digest and digest of its bytes. Strings that are not UTF-8 stand as {"hex": …}.
[[nodiscard]] nlohmann::json payloadForm(const execution::PreparedCall& prepared);
[[nodiscard]] Result<std::string> payloadDigest(const execution::PreparedCall& prepared);

// The first field that differs, in the order of the canonical form: "policyDigest", "target.tool". Absent: none does.
[[nodiscard]] std::optional<std::string> changedField(const Action& before, const Action& after);
// The same for executed bytes: "argv[2]", "files[0].sha256".
[[nodiscard]] std::optional<std::string> changedField(const execution::PreparedCall& before, const execution::PreparedCall& after);

} // namespace gatehouse::approval
