// ShieldedText: bytes of a document as text that may be edited, with nothing hidden and nothing lost.
//
// What can't be seen, would reorder the line, or has a meaning of its own to Qt's documents stands as one private character of two
// units, which is drawn as a mark that names it; bytes that are not UTF-8 stand each as one. Line feeds stay. The way back gives the
// very same bytes: unshielded(shielded(b)) == b for all bytes. Pure functions; any thread; input is hostile.
#pragma once

#include <QString>
#include <QStringView>

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse::widgets {

[[nodiscard]] QString shielded(std::string_view bytes);
[[nodiscard]] std::string unshielded(QStringView text);
// How many bytes that would be.
[[nodiscard]] std::size_t unshieldedSize(QStringView text);
// The unit at which so many bytes of the text have gone by; of a place inside a character, the character's begin.
[[nodiscard]] qsizetype unitsBefore(QStringView text, std::size_t bytes);
// "U+202E" or "0xFF" for a private character that stands for something; empty for any other character.
[[nodiscard]] QString hiddenName(char32_t character);
// Whether one of those may stand in the text: a quick look.
[[nodiscard]] bool mayHide(QStringView text);

} // namespace gatehouse::widgets
