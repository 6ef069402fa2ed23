// Words for what valijson found: its terse descriptions become sentences that name what is expected. Internal to core/base.
#pragma once

#include "core/base/schemawalk.h"
#include "core/foundation/error.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace gatehouse {

// One of valijson's errors.
struct SchemaFinding {
    std::string pointer;
    std::string description;
};

struct SchemaExplanation {
    std::string pointer;
    Message message;
    std::string keyword;
    bool atKey = false; // the place is the member's key, not its value
    bool operator==(const SchemaExplanation&) const = default;
};

// Of alternatives only the one that comes nearest is told; what merely repeats an inner error is dropped. Never empty for a non-empty
// input.
[[nodiscard]] std::vector<SchemaExplanation> explainSchemaFindings(const SchemaWalk& walk, const nlohmann::json& value,
                                                                   const std::vector<SchemaFinding>& findings);

} // namespace gatehouse
