// Editing a JSON document in place: what is not edited keeps its bytes, so formatting, the order of members and keys that nobody
// here knows stay as their author left them. What is added takes on the style of its surroundings.
//
// Each function gives the edit and changes nothing; the document is parsed again from applied(). Undo is the inverse edit.
// ErrorCode::NotFound or InvalidInput names the place that can't be edited. Values; any thread.
#pragma once

#include "core/base/jsondocument.h"
#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse {

// Instead of the range's bytes these.
struct TextEdit {
    TextRange range;
    std::string text;
    [[nodiscard]] bool empty() const { return range.begin == range.end && text.empty(); }
    bool operator==(const TextEdit&) const = default;
};

[[nodiscard]] std::string applied(std::string_view text, const TextEdit& edit);
// Edits of one text that touch no byte twice, in the order in which each keeps the next one's places: the last of the text first.
// InvalidInput when two do touch.
[[nodiscard]] Result<std::vector<TextEdit>> independent(std::vector<TextEdit> edits);
// What takes the edit back; text is the one before it.
[[nodiscard]] TextEdit inverse(std::string_view text, const TextEdit& edit);
// The smallest edit from one text to the other, cut at no character's middle.
[[nodiscard]] TextEdit difference(std::string_view before, std::string_view after);

// Bytes that stand in a text now instead of others before it.
struct TextChange {
    std::size_t begin = 0; // in the new text
    std::size_t removed = 0;
    std::size_t added = 0;
    bool operator==(const TextChange&) const = default;
};
// What edits, each of the text that the one before left, come to: from the beginning of the text on, none touching another. Who
// takes them in this order finds each at its begin, and what stands before it is new already.
[[nodiscard]] std::vector<TextChange> changesOf(const std::vector<TextEdit>& edits);

// The same changes without what is equal at their ends, cut at no character's middle; none where all is equal.
[[nodiscard]] std::vector<TextChange> smallest(std::string_view before, std::string_view after, const std::vector<TextChange>& changes);

// Replaces a value, or adds a member to its object or an element to the end of its array. An equal value is an empty edit.
[[nodiscard]] Result<TextEdit> setValue(const JsonDocument& document, std::string_view pointer, const nlohmann::json& value);
// Before the member or element of this index; the number of children appends.
[[nodiscard]] Result<TextEdit> insertMember(const JsonDocument& document, std::string_view object, std::size_t index, std::string_view key,
                                            const nlohmann::json& value);
// At the end of the object, in this order.
[[nodiscard]] Result<TextEdit> appendMembers(const JsonDocument& document, std::string_view object,
                                             const std::vector<std::pair<std::string, nlohmann::json>>& members);
[[nodiscard]] Result<TextEdit> insertElement(const JsonDocument& document, std::string_view array, std::size_t index,
                                             const nlohmann::json& value);
[[nodiscard]] Result<TextEdit> removeValue(const JsonDocument& document, std::string_view pointer);
// All of them, whatever stands beneath another; as one after the other would. Independent edits.
[[nodiscard]] Result<std::vector<TextEdit>> removeValues(const JsonDocument& document, const std::set<std::string>& pointers);
// The member keeps its place and its value. A key that the object has already is refused.
[[nodiscard]] Result<TextEdit> renameKey(const JsonDocument& document, std::string_view pointer, std::string_view key);
// Among its siblings; what stands between them stays where it is.
[[nodiscard]] Result<TextEdit> moveChild(const JsonDocument& document, std::string_view container, std::size_t from, std::size_t to);

} // namespace gatehouse
