// Comparing the lines that stand in a journal with the leaf hashes that were written beside them. Pure functions; any thread.
#pragma once

#include "core/foundation/sha256.h"
#include "core/journal/verify.h"

#include <cstddef>
#include <span>
#include <vector>

namespace gatehouse::journal {

struct Deviation {
    FindingKind kind = FindingKind::Altered; // Altered, Missing, Doubled, Swapped or Extra
    std::uint64_t seq = 0;                   // of the record that was written
    std::uint64_t line = 0;                  // from 0; of Missing: where it should stand
    std::uint64_t other = 0;                 // of Swapped: the record that stands there
};

// What happened to the lines, told by record: a changed, lost, repeated or moved line is one deviation, not the rest of the file.
[[nodiscard]] std::vector<Deviation> compareWithWitness(std::span<const Sha256Digest> lines, std::span<const Sha256Digest> witness);

} // namespace gatehouse::journal
