// From a project's model definition to a client. Called by the program on the thread where the client will live.
#pragma once

#include "core/model/keyring.h"
#include "core/model/modelclient.h"
#include "core/model/scriptedclient.h"
#include "core/workflow/project.h"
#include "core/workflow/script.h"

#include <memory>
#include <optional>
#include <string>

namespace gatehouse::model {

struct ClientOverrides {
    std::optional<double> tokensPerSecond; // of a scripted model: the window plays samples at a watchable pace
    std::string proxy;                     // "http://host:port"; the environment's is never used
};

// Reads the script or the key. Errors name the definition's place; those of a script its own.
[[nodiscard]] Result<std::unique_ptr<ModelClient>> makeClient(const workflow::ModelDefinition& definition, KeyRing& keys,
                                                              const ClientOverrides& overrides = {});
// What the definition sets, for Request::parameters: what is sent is then in the request's digest.
[[nodiscard]] Parameters parametersOf(const workflow::ModelDefinition& definition);
[[nodiscard]] ScriptedOptions scriptedOptions(const workflow::Script& script);

} // namespace gatehouse::model
