// Durations as people write them: "30 min", "1 h 30 min", where documents say PT30M, PT1H30M. Pure functions; any thread.
#pragma once

#include <QString>

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::widgets {

// Of a document's spelling; what is none, or has parts of a second, as it stands.
[[nodiscard]] QString durationWords(std::string_view duration);
// The document's spelling of words, or of itself; nothing: they are no duration.
[[nodiscard]] std::optional<std::string> durationOf(const QString& words);

} // namespace gatehouse::widgets
