#include "core/journal/merkle.h"

#include <string_view>

namespace gatehouse::journal {

static Sha256Digest nodeHash(const Sha256Digest& left, const Sha256Digest& right)
{
    Sha256 hash;
    hash.update(std::string_view("\1", 1));
    hash.update(left);
    hash.update(right);
    return hash.finish();
}

void MerkleTree::append(const Sha256Digest& leaf)
{
    Sha256Digest node = leaf;
    // One carry for each complete subtree of the same height, as in binary counting.
    for (std::uint64_t bits = m_size; (bits & 1) != 0; bits >>= 1) {
        node = nodeHash(m_peaks.back(), node);
        m_peaks.pop_back();
    }
    m_peaks.push_back(node);
    ++m_size;
}

Sha256Digest MerkleTree::root() const
{
    if (m_peaks.empty())
        return sha256({});
    Sha256Digest root = m_peaks.back();
    for (auto peak = m_peaks.rbegin() + 1; peak != m_peaks.rend(); ++peak)
        root = nodeHash(*peak, root);
    return root;
}

Sha256Digest merkleRoot(std::span<const Sha256Digest> leaves)
{
    MerkleTree tree;
    for (const Sha256Digest& leaf : leaves)
        tree.append(leaf);
    return tree.root();
}

} // namespace gatehouse::journal
