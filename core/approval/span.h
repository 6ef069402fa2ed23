// Bytes made safe to show without hiding any: spans that a person can read and that decode to the very same bytes.
// Pure functions; any thread; input is hostile.
#pragma once

#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::approval {

enum class SpanKind {
    Text,      // text is what it is
    Control,   // C0, DEL, C1, line and paragraph separators: text names the code points, "U+000D"
    Bidi,      // directional formatting: named likewise
    Invisible, // zero width, fillers, tags, variation selectors, private use, unassigned, odd spaces: named likewise
    Homoglyph, // text is what it is: a letter that looks like another script's in its word, or one of our own marks ⟦ ⟧
    Invalid,   // not UTF-8: text is the bytes in hex, "FF FE"
};

[[nodiscard]] std::string_view spanKindName(SpanKind kind);

struct Span {
    SpanKind kind = SpanKind::Text;
    std::string text; // always valid UTF-8 without control, bidi or invisible characters
    bool operator==(const Span&) const = default;
};
using Spans = std::vector<Span>;

// The longest runs of one kind; a line feed is a Control like others.
[[nodiscard]] Spans escape(std::string_view bytes);
// The bytes that were escaped. An error for spans that escape() can't have made.
[[nodiscard]] Result<std::string> unescape(const Spans& spans);
// For one-coloured places (terminals, window titles, sentences): marks stand as ⟦U+202E⟧, ⟦FF⟧; a homoglyph as а⟦U+0430⟧.
[[nodiscard]] std::string plain(const Spans& spans);
[[nodiscard]] std::string plain(std::string_view bytes);

[[nodiscard]] nlohmann::json toJson(const Spans& spans);
[[nodiscard]] Result<Spans> spansFromJson(const nlohmann::json& value);

} // namespace gatehouse::approval
