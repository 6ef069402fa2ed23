// What a run, or one step of it, changed, as patches from the journal's own bytes. Any thread; reads only.
#pragma once

#include "core/foundation/result.h"
#include "core/workspace/patch.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::engine {

struct DiffRequest {
    std::optional<std::uint64_t> step; // absent: the whole run
    std::optional<std::string> entry;  // a git entry's path; absent: the only one; "" or "." the whole workspace
};

// The journal is verified first. Several git entries and none named is ErrorCode::InvalidInput.
[[nodiscard]] Result<workspace::Patch> runPatch(const std::string& runDirectory, const DiffRequest& request);

} // namespace gatehouse::engine
