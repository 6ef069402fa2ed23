#include "core/policy/pathpattern.h"

#include "core/base/utf8.h"

#include <arpa/inet.h>

#include <QString>
#include <QUrl>

#include <algorithm>
#include <charconv>
#include <vector>

namespace gatehouse::policy {

namespace {

std::vector<std::string_view> segments(std::string_view path)
{
    std::vector<std::string_view> result;
    for (;;) {
        const std::size_t slash = path.find('/');
        result.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos)
            return result;
        path.remove_prefix(slash + 1);
    }
}

// The end of a bracket that begins at pattern[0], past its "]"; 0 when it has none.
std::size_t bracketEnd(std::string_view pattern)
{
    std::size_t at = 1;
    if (at < pattern.size() && pattern[at] == '!')
        ++at;
    const std::size_t close = pattern.find(']', at + 1);
    return close == std::string_view::npos ? 0 : close + 1;
}

bool bracketHolds(std::string_view bracket, char32_t c)
{
    bracket = bracket.substr(1, bracket.size() - 2);
    const bool inverted = bracket.starts_with('!');
    if (inverted)
        bracket.remove_prefix(1);
    bool found = false;
    for (std::size_t at = 0; at < bracket.size();) {
        const CodePoint first = codePointAt(bracket, at);
        at += first.length;
        char32_t last = first.value;
        if (at + 1 < bracket.size() && bracket[at] == '-') {
            const CodePoint end = codePointAt(bracket, at + 1);
            last = end.value;
            at += 1 + end.length;
        }
        found = found || (c >= first.value && c <= last);
    }
    return found != inverted;
}

// One pattern element against one character of text; absent: no match. Gives what both consumed.
struct Step {
    std::size_t pattern;
    std::size_t text;
};
std::optional<Step> step(std::string_view pattern, std::string_view text)
{
    const CodePoint c = codePointAt(text, 0);
    if (pattern[0] == '?')
        return Step{1, c.length};
    if (pattern[0] == '[') {
        const std::size_t end = bracketEnd(pattern);
        return end > 0 && bracketHolds(pattern.substr(0, end), c.value) ? std::optional(Step{end, c.length}) : std::nullopt;
    }
    const std::size_t escaped = pattern[0] == '\\' && pattern.size() > 1 ? 1 : 0;
    return pattern[escaped] == text[0] ? std::optional(Step{escaped + 1, 1}) : std::nullopt;
}

// Greedy with one point of return: linear in the product of both lengths, never exponential.
bool segmentMatches(std::string_view pattern, std::string_view text)
{
    std::size_t p = 0, t = 0;
    std::size_t star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = ++p;
            resume = t;
            continue;
        }
        const auto taken = p < pattern.size() ? step(pattern.substr(p), text.substr(t)) : std::nullopt;
        if (taken) {
            p += taken->pattern;
            t += taken->text;
        } else if (star != std::string_view::npos) {
            resume += codePointAt(text, resume).length;
            t = resume;
            p = star;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

bool isAddress(const std::string& text)
{
    unsigned char bytes[16];
    return ::inet_pton(AF_INET, text.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

std::optional<std::array<std::uint8_t, 16>> parseAddress(std::string_view text)
{
    std::string name(text);
    if (name.find('\0') != std::string::npos)
        return std::nullopt;
    if (name.size() > 2 && name.front() == '[' && name.back() == ']')
        name = name.substr(1, name.size() - 2);
    std::array<std::uint8_t, 16> result{};
    if (::inet_pton(AF_INET6, name.c_str(), result.data()) == 1)
        return result;
    result = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};
    if (::inet_pton(AF_INET, name.c_str(), result.data() + 12) == 1)
        return result;
    return std::nullopt;
}

bool samePrefix(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, unsigned bits)
{
    for (unsigned bit = 0; bit < bits; ++bit)
        if (((a[bit / 8] ^ b[bit / 8]) >> (7 - bit % 8)) & 1)
            return false;
    return true;
}

} // namespace

std::optional<std::string> normalPath(std::string_view path)
{
    if (path.find('\0') != std::string_view::npos)
        return std::nullopt;
    const bool absolute = path.starts_with('/');
    std::vector<std::string_view> kept;
    for (const std::string_view segment : segments(path)) {
        if (segment.empty() || segment == ".")
            continue;
        if (segment != "..") {
            kept.push_back(segment);
        } else if (!kept.empty()) {
            kept.pop_back();
        } else if (!absolute) {
            return std::nullopt;
        }
    }
    std::string result = absolute ? "/" : "";
    for (std::size_t i = 0; i < kept.size(); ++i)
        result += (i == 0 ? "" : "/") + std::string(kept[i]);
    return result;
}

bool globMatches(std::string_view pattern, std::string_view path)
{
    const auto wanted = segments(pattern);
    const auto given = segments(path);
    // reachable[j]: the pattern's segments so far can end before given[j].
    std::vector<char> reachable(given.size() + 1, 0);
    reachable[0] = 1;
    for (const std::string_view segment : wanted) {
        std::vector<char> next(given.size() + 1, 0);
        for (std::size_t j = 0; j <= given.size(); ++j) {
            if (segment == "**")
                next[j] = reachable[j] || (j > 0 && next[j - 1]);
            else if (j > 0)
                next[j] = reachable[j - 1] && segmentMatches(segment, given[j - 1]);
        }
        reachable = std::move(next);
    }
    return reachable.back() != 0;
}

bool isGlob(std::string_view pattern)
{
    if (pattern.empty() || pattern.find('\0') != std::string_view::npos || !isValidUtf8(pattern))
        return false;
    for (const std::string_view segment : segments(pattern)) {
        if (segment != "**" && segment.find("**") != std::string_view::npos)
            return false;
        for (std::size_t at = 0; at < segment.size(); ++at) {
            if (segment[at] == '\\' && ++at >= segment.size())
                return false;
            if (segment[at] != '[' || (at > 0 && segment[at - 1] == '\\'))
                continue;
            const std::size_t end = bracketEnd(segment.substr(at));
            if (end == 0)
                return false;
            at += end - 1;
        }
    }
    return true;
}

std::optional<std::string> normalHost(std::string_view host)
{
    std::string name(host);
    if (name.size() > 2 && name.front() == '[' && name.back() == ']')
        name = name.substr(1, name.size() - 2);
    if (name.ends_with('.'))
        name.pop_back();
    if (name.empty() || name.size() > 253 || name.find('\0') != std::string::npos)
        return std::nullopt;
    if (isAddress(name)) {
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
        return name;
    }
    const QByteArray ace = QUrl::toAce(QString::fromStdString(name));
    if (ace.isEmpty())
        return std::nullopt;
    return ace.toLower().toStdString();
}

bool isHostPattern(std::string_view pattern)
{
    if (pattern.starts_with("*."))
        pattern.remove_prefix(2);
    return pattern.find('*') == std::string_view::npos && normalHost(pattern).has_value();
}

bool hostMatches(std::string_view pattern, std::string_view host)
{
    const bool beneath = pattern.starts_with("*.");
    const auto wanted = normalHost(beneath ? pattern.substr(2) : pattern);
    const auto given = normalHost(host);
    if (!wanted || !given)
        return false;
    if (!beneath)
        return *wanted == *given;
    return !isAddress(*given) && given->size() > wanted->size() + 1 && given->ends_with('.' + *wanted);
}

std::optional<Network> parseNetwork(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto address = parseAddress(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    const bool four = text.substr(0, slash).find(':') == std::string_view::npos;
    unsigned prefix = four ? 32 : 128;
    if (slash != std::string_view::npos) {
        const std::string_view digits = text.substr(slash + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
        if (error != std::errc() || end != digits.data() + digits.size() || prefix > (four ? 32u : 128u))
            return std::nullopt;
    }
    Network result{*address, prefix + (four ? 96 : 0)};
    for (unsigned bit = result.prefix; bit < 128; ++bit)
        if ((result.address[bit / 8] >> (7 - bit % 8)) & 1)
            return std::nullopt;
    return result;
}

std::optional<bool> networkHolds(const Network& network, std::string_view text)
{
    const auto address = parseAddress(text);
    if (!address)
        return std::nullopt;
    return samePrefix(network.address, *address, network.prefix);
}

} // namespace gatehouse::policy
