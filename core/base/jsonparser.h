// Builds a JsonDocument from tokens, by recursive descent no deeper than maximumJsonDepth. Internal to core/base.
#pragma once

#include "core/base/jsondocument.h"
#include "core/base/jsontokenizer.h"

namespace gatehouse {

class JsonParser {
public:
    explicit JsonParser(JsonDocument& document) : m_document(document), m_tokens(document.m_text, document.m_name) { }
    [[nodiscard]] Result<void> run();

private:
    [[nodiscard]] Result<nlohmann::json> value(const JsonToken& token, unsigned depth, TextRange key = {});
    [[nodiscard]] Result<nlohmann::json> object(std::uint32_t node, unsigned depth);
    [[nodiscard]] Result<nlohmann::json> array(std::uint32_t node, unsigned depth);
    // Reads `"key" : value` whose first token is given, into members.
    struct Member {
        const std::string* key; // in members
        std::uint32_t node;
    };
    [[nodiscard]] Result<Member> member(const JsonToken& keyToken, nlohmann::json::object_t& members, unsigned depth);
    // Links child behind the previous one, or as the parent's first.
    void link(std::uint32_t parent, std::uint32_t& previous, std::uint32_t child);
    // Of a container with many children, in the order that they are looked up in.
    void makeIndex(std::uint32_t parent, const std::vector<std::uint32_t>& children);
    [[nodiscard]] JsonDocument::Node& node(std::uint32_t index) { return m_document.m_nodes[index]; }

    JsonDocument& m_document;
    JsonTokenizer m_tokens;
};

} // namespace gatehouse
