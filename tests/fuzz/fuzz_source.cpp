// Documents as the source view holds them: nothing is lost by shielding, lines are found where they are, words stay in their line.
#include "widgets/source/lineindex.h"
#include "widgets/source/shieldedtext.h"
#include "widgets/text/jsonwords.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace gatehouse::widgets;

static void require(bool holds)
{
    if (!holds)
        std::abort();
}

static void checkWords(QStringView line)
{
    qsizetype end = 0;
    for (const SyntaxSpan& span : jsonWords(line)) {
        require(span.start >= end && span.length > 0);
        end = span.start + span.length;
        require(end <= line.size());
    }
    for (const Bracket& bracket : jsonBrackets(line))
        require(line[bracket.position] == bracket.character);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const QString text = shielded(bytes);
    require(unshielded(text) == bytes);
    require(unshieldedSize(text) == bytes.size());
    for (const QString& line : text.split(u'\n'))
        checkWords(line);

    // The first half as it was, the whole as an edit of it.
    LineIndex index;
    index.assign(bytes.substr(0, size / 2));
    index.update(bytes, size / 2, 0, size - size / 2);
    require(index.bytes() == size);
    require(index.lines() == std::size_t(std::ranges::count(bytes, '\n')) + 1);
    require(index.begin(index.lines()) == size);
    return 0;
}
