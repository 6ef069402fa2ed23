// The writer; canonicalreader.cpp has the way back.
#include "core/base/canonicaljson.h"

#include "core/base/jsondocument.h"
#include "core/base/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

namespace gatehouse {

namespace {

// 0: stands as it is; 1: needs the UTF-8 check; else the letter of its short escape, or 'u'.
constexpr std::array<char, 256> escapeTable = [] {
    std::array<char, 256> table{};
    for (std::size_t i = 0; i < 0x20; ++i)
        table[i] = 'u';
    for (std::size_t i = 0x80; i < 256; ++i)
        table[i] = 1;
    table['\b'] = 'b';
    table['\t'] = 't';
    table['\n'] = 'n';
    table['\f'] = 'f';
    table['\r'] = 'r';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

class CanonicalWriter {
public:
    CanonicalWriter(std::string& out, CanonicalNumbers numbers) : m_out(out), m_numbers(numbers) { }

    [[nodiscard]] Result<void> value(const nlohmann::json& json, const std::string& pointer, unsigned depth)
    {
        switch (json.type()) {
        case nlohmann::json::value_t::null:
            m_out += "null";
            return {};
        case nlohmann::json::value_t::boolean:
            m_out += json.get_ref<const bool&>() ? "true" : "false";
            return {};
        case nlohmann::json::value_t::string:
            return string(json.get_ref<const std::string&>(), pointer);
        case nlohmann::json::value_t::number_integer:
            return integer(json.get_ref<const std::int64_t&>(), pointer);
        case nlohmann::json::value_t::number_unsigned:
            return unsignedInteger(json.get_ref<const std::uint64_t&>(), pointer);
        case nlohmann::json::value_t::number_float:
            return real(json.get_ref<const double&>(), pointer);
        case nlohmann::json::value_t::object:
        case nlohmann::json::value_t::array:
            if (depth == maximumJsonDepth)
                return refuse(pointer, "The value is nested too deeply");
            return json.is_object() ? object(json, pointer, depth + 1) : array(json, pointer, depth + 1);
        case nlohmann::json::value_t::binary:
        case nlohmann::json::value_t::discarded:
            break;
        }
        return refuse(pointer, "Binary values have no JSON form");
    }

private:
    [[nodiscard]] static std::unexpected<Error> refuse(const std::string& pointer, const char* why)
    {
        return fail(ErrorCode::InvalidInput, pointer.empty() ? "/" : pointer, why);
    }

    [[nodiscard]] Result<void> string(const std::string& text, const std::string& pointer)
    {
        if (!appendCanonicalString(m_out, text))
            return refuse(pointer, "The text is not valid UTF-8");
        return {};
    }

    [[nodiscard]] Result<void> integer(std::int64_t number, const std::string& pointer)
    {
        if (number > maximumSafeInteger || number < -maximumSafeInteger)
            return large(static_cast<double>(number), pointer);
        std::array<char, 24> digits;
        m_out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
        return {};
    }

    [[nodiscard]] Result<void> unsignedInteger(std::uint64_t number, const std::string& pointer)
    {
        if (number > static_cast<std::uint64_t>(maximumSafeInteger))
            return large(static_cast<double>(number), pointer);
        return integer(static_cast<std::int64_t>(number), pointer);
    }

    [[nodiscard]] Result<void> large(double number, const std::string& pointer)
    {
        if (m_numbers == CanonicalNumbers::Integers)
            return refuse(pointer, "Whole numbers beyond 2^53 - 1 are written as strings");
        return real(number, pointer);
    }

    [[nodiscard]] Result<void> real(double number, const std::string& pointer);
    [[nodiscard]] Result<void> object(const nlohmann::json& json, const std::string& pointer, unsigned depth);

    [[nodiscard]] Result<void> array(const nlohmann::json& json, const std::string& pointer, unsigned depth)
    {
        m_out += '[';
        std::size_t index = 0;
        for (const auto& element : json) {
            if (index > 0)
                m_out += ',';
            // Pointers are made only for containers and what fails: most elements need none.
            if (auto done = value(element, element.is_structured() ? childPointer(pointer, index) : pointer, depth); !done)
                return done;
            ++index;
        }
        m_out += ']';
        return {};
    }

    std::string& m_out;
    CanonicalNumbers m_numbers;
};

// ECMAScript's Number::toString from the shortest digits d₁…dₖ and the exponent n with value 0.d₁…dₖ × 10ⁿ.
void appendEcmaScript(std::string& out, const std::string& digits, int n)
{
    const int k = static_cast<int>(digits.size());
    if (k <= n && n <= 21) {
        out += digits + std::string(static_cast<std::size_t>(n - k), '0');
    } else if (0 < n && n <= 21) {
        out += digits.substr(0, static_cast<std::size_t>(n)) + '.' + digits.substr(static_cast<std::size_t>(n));
    } else if (-6 < n && n <= 0) {
        out += "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
    } else {
        out += digits.substr(0, 1);
        if (k > 1)
            out += '.' + digits.substr(1);
        out += n - 1 < 0 ? "e-" : "e+";
        out += std::to_string(std::abs(n - 1));
    }
}

Result<void> CanonicalWriter::real(double number, const std::string& pointer)
{
    if (m_numbers == CanonicalNumbers::Integers)
        return refuse(pointer, "Only whole numbers have a canonical form here; other numbers are written as strings");
    if (!std::isfinite(number))
        return refuse(pointer, "The number is not finite");
    if (number == 0) {
        m_out += '0';
        return {};
    }
    // "d.ddde±xx": the shortest digits that give the same double again.
    std::array<char, 40> buffer;
    const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number), std::chars_format::scientific).ptr;
    const std::string_view text(buffer.data(), end);
    const std::size_t e = text.find('e');
    int exponent = 0;
    const char* exponentBegin = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
    std::from_chars(exponentBegin, end, exponent);
    std::string digits(text.substr(0, 1));
    if (e > 2)
        digits += text.substr(2, e - 2);
    if (number < 0)
        m_out += '-';
    appendEcmaScript(m_out, digits, exponent + 1);
    return {};
}

// The map is in byte order already; only names with characters beyond U+FFFF can differ from it.
bool needsSorting(const nlohmann::json::object_t& members)
{
    return std::ranges::any_of(members, [](const auto& member) {
        return std::ranges::any_of(member.first, [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
    });
}

Result<void> CanonicalWriter::object(const nlohmann::json& json, const std::string& pointer, unsigned depth)
{
    using Member = nlohmann::json::object_t::value_type;
    const auto& members = json.get_ref<const nlohmann::json::object_t&>();
    const auto write = [&](const Member& member, bool first) -> Result<void> {
        if (!first)
            m_out += ',';
        if (auto done = string(member.first, pointer); !done)
            return done;
        m_out += ':';
        if (member.second.is_string())
            return string(member.second.get_ref<const std::string&>(), pointer);
        return value(member.second, childPointer(pointer, member.first), depth);
    };
    m_out += '{';
    bool first = true;
    if (needsSorting(members)) {
        std::vector<const Member*> sorted;
        for (const Member& member : members)
            sorted.push_back(&member);
        std::ranges::sort(sorted, [](const Member* a, const Member* b) { return compareUtf16(a->first, b->first) < 0; });
        for (const Member* member : sorted) {
            if (auto done = write(*member, std::exchange(first, false)); !done)
                return done;
        }
    } else {
        for (const Member& member : members) {
            if (auto done = write(member, std::exchange(first, false)); !done)
                return done;
        }
    }
    m_out += '}';
    return {};
}

} // namespace

int compareUtf16(std::string_view a, std::string_view b)
{
    const auto [left, right] = std::ranges::mismatch(a, b);
    if (left == a.end() || right == b.end())
        return (left == a.end() ? 0 : 1) - (right == b.end() ? 0 : 1);
    // Lead bytes F0… are surrogates in UTF-16 (D800…), so they come before EE and EF (E000…FFFF).
    const auto weight = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0xEE || byte == 0xEF ? byte + 0x100 : static_cast<int>(byte);
    };
    return weight(*left) - weight(*right);
}

bool appendCanonicalString(std::string& out, std::string_view text)
{
    const std::size_t start = out.size();
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        std::size_t plain = i;
        while (plain < text.size() && escapeTable[static_cast<unsigned char>(text[plain])] == 0)
            ++plain;
        out.append(text, i, plain - i);
        i = plain;
        if (i == text.size())
            break;
        const auto byte = static_cast<unsigned char>(text[i]);
        const char escape = escapeTable[byte];
        if (escape == 1) {
            const CodePoint point = codePointAt(text, i);
            if (!point.valid) {
                out.resize(start);
                return false;
            }
            out.append(text, i, point.length);
            i += point.length;
            continue;
        }
        out += '\\';
        out += escape;
        if (escape == 'u') {
            out += "00";
            out += static_cast<char>('0' + (byte >> 4));
            out += "0123456789abcdef"[byte & 15];
        }
        ++i;
    }
    out += '"';
    return true;
}

std::size_t canonicalStringSize(std::string_view text)
{
    std::size_t size = 2 + text.size();
    for (const char c : text) {
        const char escape = escapeTable[static_cast<unsigned char>(c)];
        size += escape == 'u' ? 5 : escape > 1 ? 1 : 0;
    }
    return size;
}

Result<void> appendCanonicalJson(std::string& out, const nlohmann::json& value, CanonicalNumbers numbers)
{
    const std::size_t start = out.size();
    Result<void> done = CanonicalWriter(out, numbers).value(value, {}, 0);
    if (!done)
        out.resize(start);
    return done;
}

Result<std::string> canonicalJson(const nlohmann::json& value, CanonicalNumbers numbers)
{
    std::string out;
    GH_TRY(appendCanonicalJson(out, value, numbers));
    return out;
}

} // namespace gatehouse
