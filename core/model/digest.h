// Digests of requests without their size: each item is hashed once, and a request's digest rolls over them, so that
// a run's cost does not grow with the square of its length. All digests are SHA-256 in lower-case hex.
//
// What is hashed is a list of fields, each as its length in decimal, ':' and its bytes, so that no two lists agree:
//   item:       "gatehouse:item/1", kind, then user and assistant: text; tool_call: id, name, arguments; tool_result: call id, text
//   parameters: "gatehouse:model-parameters/1", then the members of parametersJson() as one JSON text with sorted keys
//   request:    "gatehouse:model-request/1", previous request's digest ("" for the first), parameters' digest, item digests
// Any bytes are allowed, so arguments that are not UTF-8 have a digest too.
#pragma once

#include "core/model/conversation.h"

#include <span>
#include <string>

namespace gatehouse::model {

[[nodiscard]] std::string itemDigest(const Item& item);
// Everything of a request but its items: agent, model, instructions, tools, parameters.
[[nodiscard]] nlohmann::json parametersJson(const Request& request);
[[nodiscard]] std::string parametersDigest(const Request& request);
// newItems are those that the previous request of this conversation did not have.
[[nodiscard]] std::string requestDigest(const std::string& previousDigest, std::span<const Item> newItems,
                                        const std::string& parametersDigest);

} // namespace gatehouse::model
