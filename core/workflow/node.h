// A cursor over a JsonDocument that collects problems: what the loaders of this folder read with. Internal to core/workflow.
//
// The schema check says what has the wrong shape; reading here says what has the wrong meaning. So a value of another type
// reads as absent, silently. A Node is cheap to copy and lives
// no longer than its document and problem list.
#pragma once

#include "core/base/jsondocument.h"
#include "core/base/problem.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::workflow {

class Node {
public:
    Node(const JsonDocument& document, std::vector<Problem>& problems);

    [[nodiscard]] explicit operator bool() const { return m_value != nullptr; }
    [[nodiscard]] bool isNull() const { return m_value == nullptr || m_value->is_null(); }
    [[nodiscard]] bool isString() const { return m_value != nullptr && m_value->is_string(); }
    [[nodiscard]] bool isObject() const { return m_value != nullptr && m_value->is_object(); }
    [[nodiscard]] bool isArray() const { return m_value != nullptr && m_value->is_array(); }
    // Of a node that is there.
    [[nodiscard]] const nlohmann::json& value() const { return *m_value; }
    [[nodiscard]] const std::string& pointer() const { return m_pointer; }
    [[nodiscard]] std::string where() const { return m_document->where(m_pointer); }

    // The member; a node that is not there for anything else. The pointer is right even so.
    [[nodiscard]] Node at(std::string_view key) const;
    [[nodiscard]] std::vector<Node> items() const;
    // In the order of the text.
    [[nodiscard]] std::vector<std::pair<std::string, Node>> members() const;

    [[nodiscard]] std::string text(std::string_view fallback = {}) const;
    [[nodiscard]] std::optional<std::string> optionalText() const;
    [[nodiscard]] std::optional<bool> boolean() const;
    [[nodiscard]] std::optional<double> number() const;
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    [[nodiscard]] std::optional<std::uint64_t> count() const; // an integer that is not negative
    [[nodiscard]] std::vector<std::string> texts() const;
    // A string through one of quantities.h; its error becomes a problem here.
    template <typename T> [[nodiscard]] std::optional<T> parsed(Result<T> (*parse)(std::string_view), const char* rule) const
    {
        if (!isString())
            return std::nullopt;
        Result<T> result = parse(m_value->template get_ref<const std::string&>());
        if (!result) {
            error(result.error().why, rule);
            return std::nullopt;
        }
        return *std::move(result);
    }
    // "512MiB" or a number of bytes.
    [[nodiscard]] std::optional<std::uint64_t> size() const;

    void error(Message message, const char* rule) const { report(Severity::Error, std::move(message), rule, false); }
    void warning(Message message, const char* rule) const { report(Severity::Warning, std::move(message), rule, false); }
    // At the member's key instead of its value.
    void keyError(Message message, const char* rule) const { report(Severity::Error, std::move(message), rule, true); }
    void keyWarning(Message message, const char* rule) const { report(Severity::Warning, std::move(message), rule, true); }

private:
    Node(const Node& parent, const nlohmann::json* value, std::string pointer);
    void report(Severity severity, Message message, const char* rule, bool atKey) const;

    const JsonDocument* m_document;
    std::vector<Problem>* m_problems;
    const nlohmann::json* m_value;
    std::string m_pointer;
};

// "a, b or c", for advice; at most eight are named.
[[nodiscard]] std::string listed(const std::vector<std::string>& names);

} // namespace gatehouse::workflow
