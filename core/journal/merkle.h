// The root of RFC 6962's tree over a growing list of leaves, in logarithmic space. A value.
#pragma once

#include "core/foundation/sha256.h"

#include <cstdint>
#include <span>
#include <vector>

namespace gatehouse::journal {

class MerkleTree {
public:
    void append(const Sha256Digest& leaf);
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    // Of no leaf: the SHA-256 of nothing.
    [[nodiscard]] Sha256Digest root() const;

private:
    std::uint64_t m_size = 0;
    std::vector<Sha256Digest> m_peaks; // roots of the complete subtrees, the largest first
};

[[nodiscard]] Sha256Digest merkleRoot(std::span<const Sha256Digest> leaves);

} // namespace gatehouse::journal
