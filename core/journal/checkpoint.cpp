#include "core/journal/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <span>

namespace gatehouse::journal {

static constexpr std::string_view unsealedPrefix = "gatehouse unsealed from ";
static constexpr std::string_view base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static std::string base64(std::span<const unsigned char> bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (k < count ? bytes[i + k] : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= count ? base64Digits[(group >> (18 - 6 * k)) & 63] : '=';
    }
    return out;
}

// 44 characters, the last "="; spelling errors are found by the caller, who formats again.
static std::optional<Sha256Digest> rootFromBase64(std::string_view text)
{
    if (text.size() != 44)
        return std::nullopt;
    Sha256Digest out{};
    unsigned bits = 0;
    unsigned count = 0;
    std::size_t filled = 0;
    for (const char c : text.substr(0, 43)) {
        const std::size_t digit = base64Digits.find(c);
        if (digit == std::string_view::npos)
            return std::nullopt;
        bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xFFFFFF;
        count += 6;
        if (count >= 8 && filled < out.size()) {
            count -= 8;
            out[filled++] = static_cast<unsigned char>(bits >> count);
        }
    }
    return out;
}

static std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [last, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    return code == std::errc() && last == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string checkpointOrigin(const RunId& run)
{
    return "gatehouse.dev/run/" + run.text();
}

std::string formatCheckpoint(const Checkpoint& checkpoint)
{
    return checkpoint.origin + '\n' + std::to_string(checkpoint.size) + '\n' + base64(checkpoint.root) + '\n';
}

std::optional<Checkpoint> parseCheckpoint(std::string_view text)
{
    const std::size_t first = text.find('\n');
    const std::size_t second = first == std::string_view::npos ? first : text.find('\n', first + 1);
    if (second == std::string_view::npos || text.back() != '\n')
        return std::nullopt;
    const auto size = number(text.substr(first + 1, second - first - 1));
    const auto root = rootFromBase64(text.substr(second + 1, text.size() - second - 2));
    if (!size || !root)
        return std::nullopt;
    Checkpoint checkpoint{std::string(text.substr(0, first)), *size, *root};
    return formatCheckpoint(checkpoint) == text ? std::optional(checkpoint) : std::nullopt;
}

std::string formatUnsealed(std::uint64_t sealedSize)
{
    return std::string(unsealedPrefix) + std::to_string(sealedSize) + '\n';
}

std::optional<std::uint64_t> parseUnsealed(std::string_view text)
{
    if (!text.starts_with(unsealedPrefix) || text.back() != '\n')
        return std::nullopt;
    const auto size = number(text.substr(unsealedPrefix.size(), text.size() - unsealedPrefix.size() - 1));
    return size && formatUnsealed(*size) == text ? size : std::nullopt;
}

} // namespace gatehouse::journal
