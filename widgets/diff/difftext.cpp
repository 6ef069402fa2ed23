#include "widgets/diff/difftext.h"

#include "widgets/diff/worddiff.h"

#include <QCoreApplication>

namespace gatehouse::widgets {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DiffView)
};

// Nobody reads the changed words of more lines than this, and each costs.
constexpr int mostWordDiffs = 5000;

QString number(int value)
{
    return value > 0 ? QString::number(value) : QString();
}

CodeLine codeLine(const Patch& patch, const PatchLine& line)
{
    CodeLine made;
    made.text = line.text;
    made.label = number(line.oldNumber);
    made.label2 = number(line.newNumber);
    switch (line.kind) {
    case PatchLineKind::File: {
        const PatchFile& file = patch.files[std::size_t(line.file)];
        made.tone = LineTone::Heading;
        made.text.text += QStringLiteral("   +%1 \u2212%2").arg(file.added).arg(file.removed);
        break;
    }
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
        made.sign = QChar(0x2212);
        made.spoken = Text::tr("removed");
        break;
    }
    return made;
}

void markWords(const Patch& patch, const std::vector<std::size_t>& place, std::vector<CodeLine>& lines)
{
    int pairs = 0;
    for (std::size_t i = 0; i < patch.lines.size() && pairs < mostWordDiffs; ++i) {
        const PatchLine& line = patch.lines[i];
        if (line.kind != PatchLineKind::Removed || line.partner < 0)
            continue;
        ++pairs;
        const auto partner = std::size_t(line.partner);
        WordDiff words = wordDiff(line.text.text, patch.lines[partner].text.text);
        lines[place[i]].words = std::move(words.before);
        lines[place[partner]].words = std::move(words.after);
    }
}

// Context is coloured by the new side.
void collectCode(const Patch& patch, const std::vector<std::size_t>& place, DiffText& made)
{
    auto runs = std::make_shared<std::vector<SyntaxRun>>();
    std::size_t oldRun = 0;
    std::size_t newRun = 0;
    for (std::size_t i = 0; i < patch.lines.size(); ++i) {
        const PatchLine& line = patch.lines[i];
        if (line.kind == PatchLineKind::Hunk && line.file >= 0) {
            oldRun = runs->size();
            newRun = oldRun + 1;
            const QString& name = patch.files[std::size_t(line.file)].name;
            runs->push_back({name, {}});
            runs->push_back({name, {}});
            made.places.resize(runs->size());
        }
        if (runs->empty())
            continue;
        const auto put = [&](std::size_t run) {
            (*runs)[run].lines << line.text.text;
            made.places[run].push_back(place[i]);
        };
        if (line.kind == PatchLineKind::Removed || line.kind == PatchLineKind::Context)
            put(oldRun);
        if (line.kind == PatchLineKind::Added || line.kind == PatchLineKind::Context)
            put(newRun);
    }
    if (!runs->empty())
        made.code = runs;
}

} // namespace

DiffText diffText(const Patch& patch, FileHeadings headings)
{
    DiffText made;
    std::vector<std::size_t> place(patch.lines.size(), SIZE_MAX);
    made.lines.reserve(patch.lines.size());
    for (std::size_t i = 0; i < patch.lines.size(); ++i) {
        if (patch.lines[i].kind == PatchLineKind::File && headings == FileHeadings::Hidden)
            continue;
        place[i] = made.lines.size();
        made.lines.push_back(codeLine(patch, patch.lines[i]));
    }
    markWords(patch, place, made.lines);
    collectCode(patch, place, made);
    return made;
}

} // namespace gatehouse::widgets
