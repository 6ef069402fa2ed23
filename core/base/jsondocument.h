// A JSON text with its value and the place of everything in it: what people write is read through this.
//
// Strict RFC 8259 in UTF-8. Refused with "name:line:column" (ErrorCode::InvalidInput): invalid UTF-8, a byte order mark,
// duplicate keys, lone surrogates, nesting deeper than maximumJsonDepth, integers beyond 64 bits, numbers beyond a double,
// anything after the value. The text is kept as it was: every node keeps its token range, the ground for editing in place.
// Paths are JSON pointers (RFC 6901). A value: copy and move freely; const use from any thread.
#pragma once

#include "core/base/textposition.h"
#include "core/foundation/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

inline constexpr unsigned maximumJsonDepth = 256;

// Bytes of the text: [begin, end).
struct TextRange {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool operator==(const TextRange&) const = default;
};

class JsonDocument {
public:
    [[nodiscard]] static Result<JsonDocument> parse(std::string text, std::string name);
    // Reads the file; name is its path.
    [[nodiscard]] static Result<JsonDocument> read(const std::string& path, std::uint64_t maximumBytes = 16u << 20);

    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] const std::string& name() const { return m_name; }
    // Integers stay integers; object members are sorted by key here, keys() has the text's order.
    [[nodiscard]] const nlohmann::json& value() const { return m_value; }

    [[nodiscard]] bool contains(std::string_view pointer) const { return find(pointer).has_value(); }
    // The members of an object in the order of the text; empty for anything else.
    [[nodiscard]] std::vector<std::string> keys(std::string_view pointer) const;
    // A member or element with its place in the text.
    struct Child {
        TextRange key; // empty for an element
        TextRange value;
        std::string pointer;
        [[nodiscard]] std::size_t begin() const { return key == TextRange{} ? value.begin : key.begin; }
    };
    // Of an object or array in the order of the text; empty for anything else.
    [[nodiscard]] std::vector<Child> children(std::string_view pointer) const;
    // Every object and array that has children, in the order of the text: its range, and where its first and second child begin and
    // end. visit returns whether to go on. Costs no more than what is visited, whatever the depth.
    struct Spacing {
        TextRange container;
        TextRange first;  // with its key
        TextRange second; // empty: there is one child
    };
    template <typename Visit> void visitContainers(Visit visit) const
    {
        for (const Node& node : m_nodes) {
            if (node.child == 0)
                continue;
            const Node& first = m_nodes[node.child];
            const TextRange second = first.next == 0 ? TextRange() : whole(m_nodes[first.next]);
            if (!visit(Spacing{node.value, whole(first), second}))
                return;
        }
    }
    // Of the value's token; of a container from its bracket to its bracket. Absent: no such value.
    [[nodiscard]] std::optional<TextRange> range(std::string_view pointer) const;
    // Of the key's string token, for members of objects.
    [[nodiscard]] std::optional<TextRange> keyRange(std::string_view pointer) const;
    // Of a pointer that names nothing: the place of the nearest ancestor that exists.
    [[nodiscard]] TextPosition position(std::string_view pointer) const;
    // Of the member's key; of the value where there is no key.
    [[nodiscard]] TextPosition keyPosition(std::string_view pointer) const;
    // "name:line:column" of position(pointer), for Error::where.
    [[nodiscard]] std::string where(std::string_view pointer) const;

private:
    friend class JsonParser;
    struct Node {
        TextRange value;
        TextRange key;           // empty unless a member of an object
        std::uint32_t next = 0;  // the next sibling's index; 0: none
        std::uint32_t child = 0; // the first child's index; 0: none
        bool object = false;
        bool array = false;
        std::uint32_t index = 0; // of a container with many children: where they stand in m_index
        std::uint32_t count = 0; // how many stand there; 0: the siblings are followed
    };
    // From here on looking a child up by following its siblings costs more than an index does.
    static constexpr std::size_t manyChildren = 16;

    friend struct JsonStyle;
    // What JsonStyle reads off the text, once for it and its copies; see jsonstyle.cpp.
    struct StyleCache;
    [[nodiscard]] static std::shared_ptr<StyleCache> makeStyleCache();
    JsonDocument() = default;
    [[nodiscard]] static TextRange whole(const Node& node)
    {
        return {node.key == TextRange{} ? node.value.begin : node.key.begin, node.value.end};
    }
    [[nodiscard]] std::string keyOf(std::uint32_t node) const;
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view pointer) const;
    // The deepest node on the pointer's way.
    [[nodiscard]] std::uint32_t nearest(std::string_view pointer) const;
    [[nodiscard]] std::optional<std::uint32_t> childOf(std::uint32_t parent, std::string_view segment) const;

    std::string m_text;
    std::string m_name;
    nlohmann::json m_value;
    std::vector<Node> m_nodes; // the root first, then in the order of the text
    // For each container with many children their nodes: of an object by key, of an array in order.
    std::vector<std::uint32_t> m_index;
    std::shared_ptr<StyleCache> m_style;
};

// A segment of a pointer as the key that it stands for; a tilde that escapes nothing stands for itself.
[[nodiscard]] std::string unescapedSegment(std::string_view segment);
// pointer + "/" + segment, escaped.
[[nodiscard]] std::string childPointer(std::string_view pointer, std::string_view segment);
[[nodiscard]] std::string childPointer(std::string_view pointer, std::size_t index);

} // namespace gatehouse
