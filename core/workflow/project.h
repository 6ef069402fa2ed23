// gatehouse.json: models, defaults, credentials and policies of a project folder (docs/formats.md, schema gatehouse:project/1).
// Values; any thread. "where" fields are "file:line:column", for errors that show up later than reading.
#pragma once

#include "core/workflow/loaded.h"
#include "core/workflow/quantities.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::workflow {

enum class ModelApi { Responses, ChatCompletions, Messages, Scripted };
[[nodiscard]] std::string_view modelApiName(ModelApi api);

// Where a key is, never the key: "env:NAME", "file:PATH" (mode 0600 demanded by who reads it), "keychain:NAME".
struct KeyReference {
    enum class Kind { Environment, File, Keychain };
    Kind kind = Kind::Environment;
    std::string name; // the variable, the absolute path, the keychain's entry
    std::string where;
    // As written, "env:NAME".
    [[nodiscard]] std::string toString() const;
};

struct ModelParameters {
    std::optional<double> temperature;
    std::optional<double> topP;
    std::optional<std::int64_t> maxOutputTokens;
    std::optional<std::string> reasoningEffort;
};

struct ModelDefinition {
    std::string name; // in the project
    ModelApi api = ModelApi::Scripted;
    std::string baseUrl; // without a trailing slash; empty for Scripted
    std::string model;   // the server's name for it; empty for Scripted
    std::optional<KeyReference> key;
    std::string script; // absolute path; Scripted only
    ModelParameters parameters;
    std::chrono::milliseconds silence{0}; // longest wait without a byte from the server; 0: the client's own
    std::string where;
};

struct Credential {
    std::string name;
    std::optional<KeyReference> key;
    std::vector<std::string> exec; // a program that issues one
    std::string kind;              // such as "s3"; may be empty
    std::string header;            // header and value with "{}" for the key; empty: not presented as a header
    std::string value;
    std::vector<std::string> hosts;
    std::chrono::milliseconds ttl{0};
    std::string where;
};

// A folder outside the project from which manifests may copy.
struct PathGrant {
    std::string path; // absolute, canonical
    std::string reason;
};

struct Project {
    Source source;
    std::string directory; // absolute, canonical
    std::string name;
    std::map<std::string, ModelDefinition> models;
    std::string defaultModel; // "" or a key of models
    std::string defaultBackend = "local";
    std::map<std::string, Credential> credentials;
    std::vector<std::string> policies; // absolute paths
    std::vector<PathGrant> grants;
    std::optional<std::string> roster; // absolute path; absent: a solo project
    std::optional<Period> retention;
    nlohmann::json windows = nlohmann::json::array(); // as written

    // Where command tools stand: presented at /opt/tools.
    [[nodiscard]] std::string toolsDirectory() const { return directory + "/tools"; }
    // Runs, snapshots, indexes: never presented to a sandbox.
    [[nodiscard]] std::string stateDirectory() const { return directory + "/.gatehouse"; }
};

inline constexpr const char* projectFileName = "gatehouse.json";

// The nearest folder at or above start that holds gatehouse.json, canonical (ErrorCode::NotFound).
[[nodiscard]] Result<std::string> findProject(const std::string& start);
[[nodiscard]] Loaded<Project> loadProject(const std::string& directory);

} // namespace gatehouse::workflow
