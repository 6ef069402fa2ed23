#include "widgets/diff/diffview.h"

#include "widgets/diff/worddiff.h"

namespace gatehouse::widgets {

DiffView::DiffView(QWidget* parent) : CodeView(parent)
{
    connect(&SyntaxService::instance(), &SyntaxService::finished, this, &DiffView::takeColours);
}

static QString number(int value)
{
    return value > 0 ? QString::number(value) : QString();
}

static CodeLine codeLine(const Patch& patch, const PatchLine& line)
{
    CodeLine shownLine;
    shownLine.text = line.text;
    shownLine.label = number(line.oldNumber);
    shownLine.label2 = number(line.newNumber);
    switch (line.kind) {
    case PatchLineKind::File: {
        const PatchFile& file = patch.files[std::size_t(line.file)];
        shownLine.tone = LineTone::Heading;
        shownLine.text.text += QStringLiteral("   +%1 \u2212%2").arg(file.added).arg(file.removed);
        break;
    }
    case PatchLineKind::Hunk:
        shownLine.tone = LineTone::Hunk;
        break;
    case PatchLineKind::Note:
        shownLine.tone = LineTone::Note;
        break;
    case PatchLineKind::Context:
        break;
    case PatchLineKind::Added:
        shownLine.tone = LineTone::Added;
        shownLine.sign = u'+';
        shownLine.spoken = DiffView::tr("added");
        break;
    case PatchLineKind::Removed:
        shownLine.tone = LineTone::Removed;
        shownLine.sign = QChar(0x2212);
        shownLine.spoken = DiffView::tr("removed");
        break;
    }
    return shownLine;
}

void DiffView::setPatch(const Patch& patch, FileHeadings headings)
{
    std::vector<CodeLine> lines;
    std::vector<std::size_t> place(patch.lines.size(), SIZE_MAX);
    lines.reserve(patch.lines.size());
    for (std::size_t i = 0; i < patch.lines.size(); ++i) {
        if (patch.lines[i].kind == PatchLineKind::File && headings == FileHeadings::Hidden)
            continue;
        place[i] = lines.size();
        lines.push_back(codeLine(patch, patch.lines[i]));
    }
    for (std::size_t i = 0; i < patch.lines.size(); ++i) {
        const PatchLine& line = patch.lines[i];
        if (line.kind != PatchLineKind::Removed || line.partner < 0)
            continue;
        const auto partner = std::size_t(line.partner);
        WordDiff words = wordDiff(line.text.text, patch.lines[partner].text.text);
        lines[place[i]].words = std::move(words.before);
        lines[place[partner]].words = std::move(words.after);
    }
    setLines(std::move(lines));
    m_places.clear();
    m_hasColours = false;
    requestColours(patch);
    for (std::vector<std::size_t>& run : m_places)
        for (std::size_t& line : run)
            line = place[line];
}

// Each hunk is two runs, the old side and the new one: the state of a string or comment follows its own side. Context is coloured
// by the new side.
void DiffView::requestColours(const Patch& patch)
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
            m_places.resize(runs->size());
        }
        if (runs->empty())
            continue;
        const auto put = [&](std::size_t run) {
            (*runs)[run].lines << line.text.text;
            m_places[run].push_back(i);
        };
        if (line.kind == PatchLineKind::Removed || line.kind == PatchLineKind::Context)
            put(oldRun);
        if (line.kind == PatchLineKind::Added || line.kind == PatchLineKind::Context)
            put(newRun);
    }
    m_ticket = runs->empty() ? 0 : SyntaxService::instance().start(runs);
}

void DiffView::takeColours(quint64 ticket, const SyntaxResults& results)
{
    if (ticket != m_ticket || results->size() != m_places.size())
        return;
    for (std::size_t run = 0; run < m_places.size(); ++run)
        for (std::size_t i = 0; i < m_places[run].size() && i < (*results)[run].size(); ++i)
            setSyntax(m_places[run][i], (*results)[run][i]);
    m_hasColours = true;
    repaintText();
    Q_EMIT coloursArrived();
}

void DiffView::goToHunk(int direction)
{
    for (int line = currentLine() + direction; line >= 0 && line < int(lines().size()); line += direction) {
        if (lines()[std::size_t(line)].tone == LineTone::Hunk) {
            setCurrentLine(line);
            return;
        }
    }
}

} // namespace gatehouse::widgets
