#include "core/base/ids.h"

#include "core/foundation/hex.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <span>
#include <sys/random.h>
#include <vector>

namespace gatehouse {

static void fillRandom(std::span<unsigned char> bytes)
{
    // The kernel gives up to 256 bytes whole once it is seeded; without randomness nothing of ours may go on.
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t got = ::getrandom(bytes.data() + done, bytes.size() - done, 0);
        if (got < 0 && errno != EINTR)
            std::abort();
        if (got > 0)
            done += static_cast<std::size_t>(got);
    }
}

std::string makeUuidV7()
{
    std::array<unsigned char, 16> bytes;
    fillRandom(bytes);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto millis = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<unsigned char>(millis >> (40 - 8 * i));
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x70);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
    const std::string hex = toHex(bytes);
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' + hex.substr(20);
}

std::string randomHex(std::size_t count)
{
    std::vector<unsigned char> bytes(count);
    fillRandom(bytes);
    return toHex(bytes);
}

} // namespace gatehouse
