// The executed bytes as values: two renderings of the same effect, one to digest, one to show; and back from the shown one.
// Pure functions; any thread. Used by action.cpp and presentation.cpp.
#pragma once

#include "core/approval/presentation.h"
#include "core/execution/tool.h"
#include "core/foundation/result.h"

#include <vector>

namespace gatehouse::approval {

using Effect = std::variant<execution::CommandEffect, execution::CommitEffect>;

// Every bound byte of the effect stands in exactly one block.
[[nodiscard]] std::vector<Block> blocksOf(const Effect& effect);
// The effect that the blocks show. An error when they are not the blocks of one.
[[nodiscard]] Result<Effect> effectOf(const std::vector<Block>& blocks);

[[nodiscard]] Block blockOf(BlockKind kind, std::size_t index, std::string_view bytes, std::string name = {});
[[nodiscard]] std::string_view fileKindName(execution::FileKind kind);
// "0644"
[[nodiscard]] std::string modeText(std::uint32_t mode);

} // namespace gatehouse::approval
