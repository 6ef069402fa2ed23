#include "core/policy/obligations.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <map>

namespace gatehouse::policy {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t longestMilliseconds = std::int64_t(10) * 366 * 24 * 3600 * 1000;

std::optional<milliseconds> shortest(const std::optional<milliseconds>& a, const std::optional<milliseconds>& b)
{
    if (!a || !b)
        return a ? a : b;
    return std::min(*a, *b);
}

// Reads "12" or "0.5" and moves past it; the result is in thousandths.
std::optional<std::int64_t> thousandths(std::string_view& text)
{
    std::int64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error != std::errc() || whole < 0 || whole > longestMilliseconds || text.front() == '-')
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::int64_t result = whole * 1000;
    if (text.empty() || text.front() != '.')
        return result;
    text.remove_prefix(1);
    std::size_t digits = 0;
    for (std::int64_t unit = 100; !text.empty() && text.front() >= '0' && text.front() <= '9'; unit /= 10, ++digits, text.remove_prefix(1))
        result += (text.front() - '0') * unit;
    return digits >= 1 && digits <= 3 ? std::optional(result) : std::nullopt;
}

struct Unit {
    char letter;
    bool time; // after the "T"
    std::int64_t seconds;
};
// In the order that ISO 8601 demands.
constexpr Unit units[] = {{'W', false, 604800}, {'D', false, 86400}, {'H', true, 3600}, {'M', true, 60}, {'S', true, 1}};

Result<std::optional<milliseconds>> duration(const nlohmann::json& value, const char* name)
{
    const auto found = value.find(name);
    if (found == value.end())
        return std::optional<milliseconds>();
    const auto parsed = found->is_string() ? parseDuration(found->get_ref<const std::string&>()) : std::nullopt;
    if (!parsed)
        return fail(ErrorCode::InvalidInput, name, "It must be an ISO 8601 duration such as PT4H");
    return parsed;
}

Result<std::vector<RoleCount>> quorumFromJson(const nlohmann::json& value)
{
    std::map<std::string, unsigned> roles;
    if (!value.is_array())
        return fail(ErrorCode::InvalidInput, "quorum", "It must be an array of {\"role\", \"n\"}");
    for (const auto& entry : value) {
        const bool good = entry.is_object() && entry.contains("role") && entry["role"].is_string() &&
            (!entry.contains("n") || (entry["n"].is_number_unsigned() && entry["n"] >= 1u && entry["n"] <= 100u));
        if (!good)
            return fail(ErrorCode::InvalidInput, "quorum", "Each entry needs a role and a number from 1 to 100");
        unsigned& n = roles[entry["role"].get<std::string>()];
        n = std::max(n, entry.value("n", 1u));
    }
    std::vector<RoleCount> result;
    for (const auto& [role, n] : roles)
        result.push_back({role, n});
    return result;
}

} // namespace

Obligations strictest(const Obligations& a, const Obligations& b)
{
    std::map<std::string, unsigned> roles;
    for (const auto* quorum : {&a.quorum, &b.quorum})
        for (const RoleCount& count : *quorum)
            roles[count.role] = std::max(roles[count.role], count.n);
    Obligations result;
    for (const auto& [role, n] : roles)
        result.quorum.push_back({role, n});
    result.expires = shortest(a.expires, b.expires);
    result.executeWithin = shortest(a.executeWithin, b.executeWithin);
    result.windows = a.windows;
    result.windows.insert(b.windows.begin(), b.windows.end());
    result.reasonRequired = a.reasonRequired || b.reasonRequired;
    return result;
}

nlohmann::json toJson(const Obligations& obligations)
{
    nlohmann::json result = nlohmann::json::object();
    for (const RoleCount& count : obligations.quorum)
        result["quorum"].push_back({{"role", count.role}, {"n", count.n}});
    if (obligations.expires)
        result["expires"] = formatDuration(*obligations.expires);
    if (obligations.executeWithin)
        result["execute_within"] = formatDuration(*obligations.executeWithin);
    if (obligations.windows.size() == 1)
        result["window"] = *obligations.windows.begin();
    else if (!obligations.windows.empty())
        result["window"] = obligations.windows;
    if (obligations.reasonRequired)
        result["reason_required"] = true;
    return result;
}

Result<Obligations> obligationsFromJson(const nlohmann::json& value)
{
    if (!value.is_object())
        return fail(ErrorCode::InvalidInput, "obligations", "They must be an object");
    Obligations result;
    for (const auto& [key, member] : value.items()) {
        if (key == "quorum") {
            GH_ASSIGN(result.quorum, quorumFromJson(member));
        } else if (key == "window" && member.is_string()) {
            result.windows.insert(member.get<std::string>());
        } else if (key == "window" && member.is_array()) {
            for (const auto& window : member) {
                if (!window.is_string())
                    return fail(ErrorCode::InvalidInput, key, "It must name a window");
                result.windows.insert(window.get<std::string>());
            }
        } else if (key == "reason_required" && member.is_boolean()) {
            result.reasonRequired = member.get<bool>();
        } else if (key != "expires" && key != "execute_within") {
            return fail(ErrorCode::InvalidInput, key, "There is no such obligation, or its value has the wrong type",
                        "Use quorum, expires, execute_within, window, reason_required");
        }
    }
    GH_ASSIGN(result.expires, duration(value, "expires"));
    GH_ASSIGN(result.executeWithin, duration(value, "execute_within"));
    return result;
}

std::optional<milliseconds> parseDuration(std::string_view text)
{
    if (text.size() < 3 || text.size() > 64 || text.front() != 'P')
        return std::nullopt;
    text.remove_prefix(1);
    std::int64_t total = 0;
    bool time = false;
    std::size_t next = 0;
    while (!text.empty()) {
        if (text.front() == 'T' && !time && text.size() > 1) {
            time = true;
            text.remove_prefix(1);
        }
        const auto amount = thousandths(text);
        if (!amount || text.empty())
            return std::nullopt;
        while (next < std::size(units) && (units[next].letter != text.front() || units[next].time != time))
            ++next;
        if (next == std::size(units) || *amount > longestMilliseconds / units[next].seconds)
            return std::nullopt;
        if (*amount % 1000 != 0 && units[next].letter != 'S')
            return std::nullopt;
        total += *amount * units[next].seconds;
        ++next;
        text.remove_prefix(1);
    }
    if (total <= 0 || total > longestMilliseconds)
        return std::nullopt;
    return milliseconds(total);
}

std::string formatDuration(milliseconds duration)
{
    std::int64_t rest = duration.count();
    std::string date, time;
    const auto take = [&rest](std::int64_t unit, char letter, std::string& out) {
        if (const std::int64_t amount = rest / unit; amount > 0)
            out += std::to_string(amount) + letter;
        rest %= unit;
    };
    take(86400000, 'D', date);
    take(3600000, 'H', time);
    take(60000, 'M', time);
    if (rest > 0) {
        std::string fraction = std::to_string(1000 + rest % 1000).substr(1);
        fraction.erase(fraction.find_last_not_of('0') + 1);
        time += std::to_string(rest / 1000) + (fraction.empty() ? "" : "." + fraction) + 'S';
    }
    if (date.empty() && time.empty())
        return "PT0S";
    return "P" + date + (time.empty() ? "" : "T" + time);
}

} // namespace gatehouse::policy
