// The one tokenizer of JSON texts (RFC 8259) that people and strangers write; nothing is guessed, nothing is mended.
//
// Tokens are ranges of the text, so that a caller can say where a value stands and edit it in place. The text must
// outlive the tokenizer. Errors are ErrorCode::InvalidInput and name "name:line:column". One thread at a time.
#pragma once

#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse {

enum class JsonTokenKind { ObjectBegin, ObjectEnd, ArrayBegin, ArrayEnd, Colon, Comma, String, Number, True, False, Null, End };

struct JsonToken {
    JsonTokenKind kind = JsonTokenKind::End;
    std::size_t begin = 0;
    std::size_t end = 0; // one past the last byte; strings include their quotes
};

class JsonTokenizer {
public:
    // name is for errors.
    JsonTokenizer(std::string_view text, std::string_view name) : m_text(text), m_name(name) { }

    // Checks the token's spelling wholly: escapes, surrogates, UTF-8, digits.
    [[nodiscard]] Result<JsonToken> next();
    // The characters of a string token, unescaped.
    [[nodiscard]] std::string string(const JsonToken& token) const;
    // The value of a number token; an integer literal stays an integer and must fit 64 bits.
    [[nodiscard]] Result<nlohmann::json> number(const JsonToken& token) const;
    [[nodiscard]] std::unexpected<Error> error(std::size_t offset, Message why, Message advice = {}) const;

private:
    [[nodiscard]] Result<JsonToken> stringToken(std::size_t begin);
    [[nodiscard]] Result<JsonToken> numberToken(std::size_t begin);
    [[nodiscard]] Result<JsonToken> wordToken(std::size_t begin);
    [[nodiscard]] Result<std::size_t> escapeEnd(std::size_t backslash) const;

    std::string_view m_text;
    std::string_view m_name;
    std::size_t m_offset = 0;
};

// The characters of a checked string token with its quotes, unescaped.
[[nodiscard]] std::string unescapeJson(std::string_view token);

} // namespace gatehouse
