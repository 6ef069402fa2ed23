// Fields of a journal record's data, read leniently: what is missing or of another type is empty. For RunFold. Pure; any thread.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace gatehouse::widgets::fields {

using nlohmann::json;

inline std::string text(const json& data, const char* key)
{
    const auto found = data.is_object() ? data.find(key) : data.end();
    return data.is_object() && found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

inline std::int64_t number(const json& data, const char* key, std::int64_t otherwise = 0)
{
    const auto found = data.is_object() ? data.find(key) : data.end();
    return data.is_object() && found != data.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

inline json value(const json& data, const char* key)
{
    return data.is_object() ? data.value(key, json()) : json();
}

// A payload that stands in the record itself, for summaries; empty when it is in the pack.
inline std::string inlineText(const json& payload)
{
    return payload.is_string() ? payload.get<std::string>() : text(payload, "text");
}

inline std::string firstLine(const std::string& whole)
{
    constexpr std::size_t longest = 300;
    const std::size_t start = std::min(whole.find_first_not_of(" \t\r\n"), whole.size());
    const std::size_t end = std::min(whole.find('\n', start), start + longest);
    return whole.substr(start, end - start);
}

inline std::string grouped(std::int64_t value)
{
    const std::string digits = std::to_string(value);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            text += ',';
        text += digits[i];
    }
    return text;
}

} // namespace gatehouse::widgets::fields
