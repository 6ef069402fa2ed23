// The words of one line of JSON: what the source view and a record are coloured by, and whose brackets are matched. Strings end with their
// line, so a line can be read alone, whatever stands above; that is what keeps a keystroke cheap in a document of megabytes. Pure; any
// thread.
#pragma once

#include <QStringView>

#include "widgets/text/syntax.h"

#include <vector>

namespace gatehouse::widgets {

// Keys are Types, literals Keywords. Nothing is said about very long lines, which are data.
[[nodiscard]] std::vector<SyntaxSpan> jsonWords(QStringView line);

struct Bracket {
    int position = 0;
    QChar character; // { } [ ]
};
// Those outside of strings.
[[nodiscard]] std::vector<Bracket> jsonBrackets(QStringView line);

} // namespace gatehouse::widgets
