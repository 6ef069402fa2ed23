// Reading bytes that must be their own canonical form: the grammar of RFC 8785 itself is what is accepted, so nothing has to be
// written again and compared.
#include "core/base/canonicaljson.h"
#include "core/base/jsondocument.h"
#include "core/base/jsontokenizer.h"
#include "core/base/utf8.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

namespace gatehouse {

namespace {

enum class Build { No, Yes };

constexpr std::uint64_t repeated(unsigned char byte)
{
    return 0x0101010101010101ull * byte;
}

// The high bit of each byte that ends a run of plain characters: quote, backslash, control, non-ASCII.
std::uint64_t specialBytes(std::uint64_t word)
{
    const auto equal = [&](unsigned char byte) {
        const std::uint64_t difference = word ^ repeated(byte);
        return (difference - repeated(1)) & ~difference;
    };
    const std::uint64_t control = (word - repeated(0x20)) & ~word;
    return (equal('"') | equal('\\') | control | word) & repeated(0x80);
}

template <Build build> class CanonicalReader {
public:
    explicit CanonicalReader(std::string_view text) : m_begin(text.data()), m_at(text.data()), m_end(text.data() + text.size()) { }

    [[nodiscard]] bool run(nlohmann::json* out) { return value(out, 0) && (m_at == m_end || refuse("Something follows the value")); }
    [[nodiscard]] std::unexpected<Error> error() const
    {
        return fail(ErrorCode::InvalidInput, "byte " + std::to_string(m_at - m_begin), m_why);
    }

private:
    [[nodiscard]] bool refuse(const char* why)
    {
        if (m_why == nullptr)
            m_why = why;
        return false;
    }
    [[nodiscard]] char peek() const { return m_at < m_end ? *m_at : '\0'; }
    [[nodiscard]] bool take(char c)
    {
        if (peek() != c || m_at == m_end)
            return false;
        ++m_at;
        return true;
    }
    template <typename T> static void put(nlohmann::json* out, T&& value)
    {
        if constexpr (build == Build::Yes)
            *out = std::forward<T>(value);
    }

    [[nodiscard]] bool value(nlohmann::json* out, unsigned depth)
    {
        switch (peek()) {
        case '"':
            return string(out);
        case '{':
            return depth == maximumJsonDepth ? refuse("The value is nested too deeply") : object(out, depth + 1);
        case '[':
            return depth == maximumJsonDepth ? refuse("The value is nested too deeply") : array(out, depth + 1);
        case 't':
            put(out, true);
            return word("true");
        case 'f':
            put(out, false);
            return word("false");
        case 'n':
            put(out, nullptr);
            return word("null");
        default:
            return number(out);
        }
    }

    [[nodiscard]] bool word(std::string_view text)
    {
        if (!std::string_view(m_at, m_end).starts_with(text))
            return refuse("A value is expected");
        m_at += text.size();
        return true;
    }

    [[nodiscard]] bool number(nlohmann::json* out)
    {
        std::int64_t parsed = 0;
        const char* digits = m_at + (peek() == '-' ? 1 : 0);
        const auto [last, code] = std::from_chars(m_at, m_end, parsed);
        if (last == m_at)
            return refuse("A value is expected, without space before it");
        const bool zeros = *digits == '0' && (last - digits > 1 || digits != m_at);
        if (code != std::errc() || zeros || parsed > maximumSafeInteger || parsed < -maximumSafeInteger)
            return refuse("The number is not canonical: only whole numbers within 2^53 - 1 are, without leading zeros");
        m_at = last;
        if (parsed < 0)
            put(out, parsed);
        else
            put(out, static_cast<std::uint64_t>(parsed));
        return true;
    }

    // Ends behind the closing quote. escaped tells whether there were escapes.
    [[nodiscard]] bool stringToken(bool& escaped)
    {
        ++m_at;
        for (;;) {
            for (std::uint64_t word = 0; m_end - m_at >= 8; m_at += 8) {
                std::memcpy(&word, m_at, sizeof word);
                if (const std::uint64_t special = specialBytes(word); special != 0) {
                    m_at += std::countr_zero(special) / 8; // little-endian hosts: the lowest byte stands first
                    break;
                }
            }
            if (m_at == m_end)
                return refuse("The string is never closed");
            const auto byte = static_cast<unsigned char>(*m_at);
            if (byte == '"') {
                ++m_at;
                return true;
            }
            if (byte < 0x20)
                return refuse("A control character stands in a string");
            if (byte == '\\') {
                escaped = true;
                if (!escape())
                    return false;
            } else if (byte >= 0x80) {
                const CodePoint point = codePointAt({m_at, m_end}, 0);
                if (!point.valid)
                    return refuse("This is not valid UTF-8");
                m_at += point.length;
            } else {
                ++m_at;
            }
        }
    }

    [[nodiscard]] bool escape()
    {
        const std::string_view rest(m_at, m_end);
        const char kind = rest.size() > 1 ? rest[1] : '\0';
        if (kind != '\0' && std::string_view("\"\\bfnrt").find(kind) != std::string_view::npos) {
            m_at += 2;
            return true;
        }
        // Of \u only the control characters without a short escape remain.
        if (!rest.starts_with("\\u00") || rest.size() < 6 || (rest[4] != '0' && rest[4] != '1'))
            return refuse("The escape is not the canonical one");
        const std::size_t low = std::string_view("0123456789abcdef").find(rest[5]);
        const unsigned value = (rest[4] == '1' ? 16u : 0u) + static_cast<unsigned>(low);
        if (low == std::string_view::npos || (value >= 8 && value <= 13 && value != 11))
            return refuse("The escape is not the canonical one");
        m_at += 6;
        return true;
    }

    [[nodiscard]] bool string(nlohmann::json* out)
    {
        const char* begin = m_at;
        bool escaped = false;
        if (!stringToken(escaped))
            return false;
        if constexpr (build == Build::Yes)
            *out = escaped ? unescapeJson({begin, m_at}) : std::string(begin + 1, m_at - 1);
        return true;
    }

    // The member's name, unescaped; storage holds it when it had escapes.
    [[nodiscard]] bool name(std::string_view& out, std::string& storage)
    {
        if (peek() != '"')
            return refuse("A member's name is expected");
        const char* begin = m_at;
        bool escaped = false;
        if (!stringToken(escaped))
            return false;
        out = {begin + 1, m_at - 1};
        if (escaped) {
            storage = unescapeJson({begin, m_at});
            out = storage;
        }
        return take(':') || refuse("A colon is expected");
    }

    [[nodiscard]] bool object(nlohmann::json* out, unsigned depth)
    {
        ++m_at;
        put(out, nlohmann::json::object());
        if (take('}'))
            return true;
        std::array<std::string, 2> storage; // the previous name may live in one while the next takes the other
        std::string_view previous;
        for (std::size_t count = 0;; ++count) {
            std::string_view key;
            if (!name(key, storage[count % 2]))
                return false;
            if (count > 0 && compareUtf16(previous, key) >= 0)
                return refuse("The members are not in canonical order, or one stands twice");
            previous = key;
            nlohmann::json* member = nullptr;
            if constexpr (build == Build::Yes) {
                auto& members = out->get_ref<nlohmann::json::object_t&>();
                member = &members.emplace_hint(members.end(), std::string(key), nullptr)->second;
            }
            if (!value(member, depth))
                return false;
            if (take('}'))
                return true;
            if (!take(','))
                return refuse("A comma or a closing brace is expected");
        }
    }

    [[nodiscard]] bool array(nlohmann::json* out, unsigned depth)
    {
        ++m_at;
        put(out, nlohmann::json::array());
        if (take(']'))
            return true;
        for (;;) {
            nlohmann::json* element = nullptr;
            if constexpr (build == Build::Yes)
                element = &out->get_ref<nlohmann::json::array_t&>().emplace_back();
            if (!value(element, depth))
                return false;
            if (take(']'))
                return true;
            if (!take(','))
                return refuse("A comma or a closing bracket is expected");
        }
    }

    const char* m_begin;
    const char* m_at;
    const char* m_end;
    const char* m_why = nullptr;
};

static_assert(std::endian::native == std::endian::little, "specialBytes() counts from the lowest byte");

} // namespace

Result<void> checkCanonicalJson(std::string_view text)
{
    CanonicalReader<Build::No> reader(text);
    if (!reader.run(nullptr))
        return reader.error();
    return {};
}

Result<nlohmann::json> parseCanonical(std::string_view text)
{
    nlohmann::json out;
    CanonicalReader<Build::Yes> reader(text);
    if (!reader.run(&out))
        return reader.error();
    return out;
}

} // namespace gatehouse
