// What is wrong in a document, and where: the lines of `gatehouse validate` and of the Problems view. Values; any thread.
#pragma once

#include "core/base/textposition.h"
#include "core/foundation/error.h"

#include <string>
#include <vector>

namespace gatehouse {

enum class Severity { Error, Warning };

struct Problem {
    Severity severity = Severity::Error;
    std::string file;
    TextPosition position; // line 0: the file as a whole
    std::string pointer;   // RFC 6901, of the value; empty: the whole document
    Message message;
    std::string rule; // identifies the check: "json", "schema/required", "unknown-key", …
    // "file:line:column: error: message [rule]", in English.
    [[nodiscard]] std::string line() const;
    bool operator==(const Problem&) const = default;
};

[[nodiscard]] bool hasErrors(const std::vector<Problem>& problems);
// The first error as an Error that a command can end with (ErrorCode::InvalidInput); problems must have one.
[[nodiscard]] Error firstError(const std::vector<Problem>& problems);

} // namespace gatehouse
