#include "widgets/diff/difftext.h"

#include "widgets/diff/diffline.h"

namespace gatehouse::widgets {

namespace {

// Nobody reads the changed words of more lines than this, and each costs.
constexpr int mostWordDiffs = 5000;

void markWords(const Patch& patch, const std::vector<std::size_t>& place, std::vector<CodeLine>& lines)
{
    int pairs = 0;
    for (std::size_t i = 0; i < patch.lines.size() && pairs < mostWordDiffs; ++i) {
        const PatchLine& line = patch.lines[i];
        if (line.kind != PatchLineKind::Removed || line.partner < 0)
            continue;
        ++pairs;
        ChangedWords words = changedWords(patch, int(i), line.partner, LineLength::Whole);
        lines[place[i]].words = std::move(words.before);
        lines[place[std::size_t(line.partner)]].words = std::move(words.after);
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
            (*runs)[run].lines << made.lines[place[i]].text.text;
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

DiffText diffText(const Patch& patch)
{
    DiffText made;
    std::vector<std::size_t> place(patch.lines.size(), SIZE_MAX);
    made.lines.reserve(patch.lines.size());
    for (std::size_t i = 0; i < patch.lines.size(); ++i) {
        place[i] = made.lines.size();
        made.lines.push_back(diffLine(patch, int(i), LineLength::Whole));
    }
    collectCode(patch, place, made);
    markWords(patch, place, made.lines);
    return made;
}

} // namespace gatehouse::widgets
