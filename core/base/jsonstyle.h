// How a JSON text is laid out, read off the text itself, and values written in that style. Internal to core/base.
#pragma once

#include "core/base/jsondocument.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

// Of the whole text: what its author does where nothing near says otherwise.
struct JsonStyle {
    std::string newline = "\n";
    std::string unit = "  ";      // one step of indentation
    std::string colon = ": ";     // between key and value
    std::string separator = ", "; // between children on one line
    std::string objectPadding;    // inside the braces of an object on one line
    bool multiline = true;        // the root's children stand on lines of their own

    // Read once for a text.
    [[nodiscard]] static const JsonStyle& of(const JsonDocument& document);
};

// The white space that a line begins with.
[[nodiscard]] std::string lineIndent(std::string_view text, std::size_t offset);

enum class JsonLayout { Lines, OneLine };
// indent: of the line on which the value begins.
[[nodiscard]] std::string writeJson(const nlohmann::json& value, const JsonStyle& style, const std::string& indent, JsonLayout layout);
[[nodiscard]] std::string writeKey(std::string_view key);

} // namespace gatehouse
