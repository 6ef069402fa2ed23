// The two small files that say how far a run's journal is sealed. FORMAT.md is the reference. Pure functions; any thread.
#pragma once

#include "core/base/ids.h"
#include "core/foundation/sha256.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::journal {

// The text of a C2SP tlog-checkpoint: origin, tree size, root; unsigned until there are keys.
struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Sha256Digest root{};
    bool operator==(const Checkpoint&) const = default;
};

[[nodiscard]] std::string checkpointOrigin(const RunId& run);
[[nodiscard]] std::string formatCheckpoint(const Checkpoint& checkpoint);
// Only the exact bytes that formatCheckpoint makes.
[[nodiscard]] std::optional<Checkpoint> parseCheckpoint(std::string_view text);

// The file "unsealed" stands while a writer has, or may have, records beyond the checkpoint.
[[nodiscard]] std::string formatUnsealed(std::uint64_t sealedSize);
[[nodiscard]] std::optional<std::uint64_t> parseUnsealed(std::string_view text);

} // namespace gatehouse::journal
