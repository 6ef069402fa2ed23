#include "widgets/diff/diffline.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

#include "widgets/diff/worddiff.h"

namespace gatehouse::widgets {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Diff)
};

constexpr QChar minus(0x2212);
constexpr QChar dot(0x00B7);
constexpr QChar arrow(0x2192);

QString number(int value)
{
    return value > 0 ? QString::number(value) : QString();
}

std::string_view beginning(std::string_view bytes, LineLength length)
{
    if (length == LineLength::Whole || bytes.size() <= longestCutLine)
        return bytes;
    std::size_t end = longestCutLine;
    while (end > longestCutLine - 3 && (static_cast<unsigned char>(bytes[end]) & 0xC0) == 0x80)
        --end;
    return bytes.substr(0, end);
}

// As the line is shown, but each column of a tab holds a tab: for comparing and for finding them.
QString withTabs(std::string_view bytes)
{
    QString text;
    for (std::size_t start = 0;;) {
        const std::size_t tab = std::min(bytes.find('\t', start), bytes.size());
        text += markedText(bytes.substr(start, tab - start), Tabs::Mark).text;
        if (tab == bytes.size())
            return text;
        text += QString(4 - text.size() % 4, u'\t');
        start = tab + 1;
    }
}

void appendNote(MarkedText& text, const QString& words)
{
    const QString note = QStringLiteral("  \u27E8%1\u27E9").arg(words);
    text.marks.push_back({int(text.text.size()) + 2, int(note.size()) - 2, approval::SpanKind::Control});
    text.text += note;
}

MarkedText safeText(const Patch& patch, const PatchLine& line, LineLength length)
{
    const std::string_view whole = patch.text(line);
    const std::string_view bytes = beginning(whole, length);
    MarkedText text = markedText(bytes);
    if (bytes.size() < whole.size())
        appendNote(text, Text::tr("and %1 more bytes in this line").arg(QLocale().toString(qulonglong(whole.size() - bytes.size()))));
    if (line.end == LineEnd::None)
        appendNote(text, Text::tr("no line feed at the end of the file"));
    return text;
}

} // namespace

QString fileHeading(const PatchFile& file)
{
    QStringList parts = {file.name};
    parts += fileWords(file);
    return QStringLiteral("%1   +%2 %3%4").arg(parts.join(QStringLiteral(" \u00B7 "))).arg(file.added).arg(minus).arg(file.removed);
}

CodeLine diffLine(const Patch& patch, int index, LineLength length)
{
    const PatchLine& line = patch.lines[std::size_t(index)];
    CodeLine made;
    made.label = number(line.oldNumber);
    made.label2 = number(line.newNumber);
    switch (line.kind) {
    case PatchLineKind::File:
        made.tone = LineTone::Heading;
        made.text.text = fileHeading(patch.files[std::size_t(line.file)]);
        return made;
    case PatchLineKind::Hunk:
        made.tone = LineTone::Hunk;
        break;
    case PatchLineKind::Note:
        made.tone = LineTone::Note;
        break;
    case PatchLineKind::Context:
        break;
    case PatchLineKind::Added:
        made.tone = LineTone::Added;
        made.sign = u'+';
        made.spoken = Text::tr("added");
        break;
    case PatchLineKind::Removed:
        made.tone = LineTone::Removed;
        made.sign = minus;
        made.spoken = Text::tr("removed");
        break;
    }
    made.text = safeText(patch, line, length);
    return made;
}

ChangedWords changedWords(const Patch& patch, int removed, int added, LineLength length)
{
    const auto comparable = [&](int line) { return beginning(patch.text(patch.lines[std::size_t(line)]), length); };
    const std::string_view before = comparable(removed);
    const std::string_view after = comparable(added);
    // Told by their bytes before anything is made of them.
    if (before.size() > longestComparedLine || after.size() > longestComparedLine)
        return {};
    WordDiff words = wordDiff(withTabs(before), withTabs(after));
    return {std::move(words.before), std::move(words.after)};
}

void showBlanks(CodeLine& shown, const Patch& patch, int index, LineLength length)
{
    const std::string_view bytes = beginning(patch.text(patch.lines[std::size_t(index)]), length);
    if (bytes.find_first_of(" \t") == std::string_view::npos)
        return;
    const QString text = withTabs(bytes);
    const auto isBlank = [&text](int i) { return text.at(i) == u' ' || text.at(i) == u'\t'; };
    const auto draw = [&](int start, int end) {
        for (int i = start; i < end; ++i) {
            const bool tabGoesOn = text.at(i) == u'\t' && i % 4 != 0 && i > 0 && text.at(i - 1) == u'\t';
            shown.text.text[i] = text.at(i) == u' ' ? dot : tabGoesOn ? QChar(u' ') : arrow;
        }
    };
    for (const TextRange& word : shown.words) {
        const int end = std::min(word.start + word.length, int(text.size()));
        bool blank = true;
        for (int i = word.start; i < end && blank; ++i)
            blank = isBlank(i);
        if (blank)
            draw(word.start, end);
    }
    if (shown.tone != LineTone::Added || bytes.size() < patch.lines[std::size_t(index)].length)
        return;
    int start = int(text.size());
    while (start > 0 && isBlank(start - 1))
        --start;
    draw(start, int(text.size()));
}

QString copiedLine(const Patch& patch, int index)
{
    const PatchLine& line = patch.lines[std::size_t(index)];
    if (line.kind == PatchLineKind::File)
        return patch.files[std::size_t(line.file)].name;
    QString text;
    const std::string_view bytes = patch.text(line);
    for (std::size_t start = 0;;) {
        const std::size_t tab = std::min(bytes.find('\t', start), bytes.size());
        text += markedText(bytes.substr(start, tab - start), Tabs::Mark).text;
        if (tab == bytes.size())
            return text;
        text += u'\t';
        start = tab + 1;
    }
}

} // namespace gatehouse::widgets
