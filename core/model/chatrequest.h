// A request as Chat Completions wants it. Pure; any thread.
#pragma once

#include "core/foundation/result.h"
#include "core/model/conversation.h"

#include <string>

namespace gatehouse::model {

// The body: instructions as the system message, items as messages (a turn's message and calls are one assistant
// message), tools as function tools, streaming with usage. Items that no server would accept (a result without its
// call, a call without its result before the next turn) and text that is not UTF-8 are ErrorCode::InvalidInput.
[[nodiscard]] Result<std::string> chatRequestBody(const Request& request, const std::string& model);

} // namespace gatehouse::model
