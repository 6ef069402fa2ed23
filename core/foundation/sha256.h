// SHA-256 (FIPS 180-4), our own and small, because the static worker links no OpenSSL.
// The harness uses it too: one implementation, tested against the published vectors and OpenSSL.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse {

using Sha256Digest = std::array<unsigned char, 32>;

class Sha256 {
public:
    Sha256();
    void update(std::span<const unsigned char> bytes);
    void update(std::string_view bytes);
    // Ends the computation; the object is then spent.
    [[nodiscard]] Sha256Digest finish();

private:
    void compress(const unsigned char* block);

    std::array<std::uint32_t, 8> m_state;
    std::array<unsigned char, 64> m_block{};
    std::uint64_t m_length = 0;
};

[[nodiscard]] Sha256Digest sha256(std::string_view bytes);
// 64 lower-case hexadecimal characters.
[[nodiscard]] std::string sha256Hex(std::string_view bytes);

} // namespace gatehouse
