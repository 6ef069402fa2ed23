// Telling keys from references to keys. Pure functions; any thread. Messages about a secret never repeat it. Internal to core/workflow.
#pragma once

#include <string_view>

namespace gatehouse::workflow {

// A spelling that only a credential has: well-known prefixes, private keys, signed tokens, passwords in addresses.
[[nodiscard]] bool holdsKnownSecret(std::string_view text);
// A variable that by its name holds one: API_TOKEN, DB_PASSWORD.
[[nodiscard]] bool namesSecret(std::string_view variable);

} // namespace gatehouse::workflow
