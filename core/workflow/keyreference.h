// Reading "env:NAME", "file:PATH", "keychain:NAME". Internal to core/workflow.
#pragma once

#include "core/workflow/node.h"
#include "core/workflow/project.h"

#include <optional>
#include <string>

namespace gatehouse::workflow {

// Anything else is a problem (rule "key-value") whose message doesn't repeat it: it may be the key itself.
[[nodiscard]] std::optional<KeyReference> readKey(const Node& node, const std::string& directory);

} // namespace gatehouse::workflow
