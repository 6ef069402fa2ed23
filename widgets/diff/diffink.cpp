#include "widgets/diff/diffink.h"

#include <QTimer>

#include <algorithm>

#include "widgets/diff/diffline.h"

namespace gatehouse::widgets {

namespace {

constexpr int mostCachedCharacters = 1'000'000;
constexpr int wordMilliseconds = 5; // of one frame
constexpr int firstColouredLines = 400;
// Of one hunk: from there on it is shown without colours; and of all of them.
constexpr int mostColouredLines = 60'000;
constexpr int mostKeptLines = 150'000;

bool isOn(PatchLineKind kind, DiffSide side)
{
    return kind == PatchLineKind::Context || kind == (side == DiffSide::Old ? PatchLineKind::Removed : PatchLineKind::Added);
}

// Context is coloured by the new side; the old side needs it for its state.
std::vector<SyntaxRun> runsOf(const DiffDocument& document, int hunk, int count)
{
    const DiffHunk& place = document.hunks[std::size_t(hunk)];
    const QString name = place.file >= 0 ? document.patch.files[std::size_t(place.file)].name : QString();
    std::vector<SyntaxRun> runs = {{name, {}}, {name, {}}};
    for (int i = place.heading + 1; i < place.heading + 1 + count; ++i) {
        const QString text = diffLine(document.patch, i).text.text;
        for (const DiffSide side : {DiffSide::Old, DiffSide::New})
            if (isOn(document.patch.lines[std::size_t(i)].kind, side))
                runs[std::size_t(side)].lines << text;
    }
    return runs;
}

} // namespace

DiffInk::DiffInk(QObject* parent) : QObject(parent), m_document(std::make_shared<DiffDocument>()), m_lines(mostCachedCharacters)
{
    connect(&SyntaxService::instance(), &SyntaxService::finished, this, &DiffInk::takeColours);
}

void DiffInk::setDocument(DiffDocumentPtr document)
{
    m_document = std::move(document);
    m_lines.clear();
    m_colours.clear();
    m_colouredLines = 0;
    m_ticket = 0;
    m_hasColours = false;
}

void DiffInk::beginFrame()
{
    m_frame.start();
    m_isLate = false;
}

std::unique_ptr<DiffInk::MadeLine> DiffInk::make(int line) const
{
    auto made = std::make_unique<MadeLine>();
    made->shown = diffLine(m_document->patch, line);
    made->hasWords = !m_document->patch.isChange(line);
    const int hunk = m_document->hunkOf(line);
    if (const auto colours = m_colours.constFind(hunk); hunk >= 0 && colours != m_colours.constEnd()) {
        const int place = line - m_document->hunks[std::size_t(hunk)].heading - 1;
        if (place >= 0 && place < int(colours->spans.size()) && colours->spans[std::size_t(place)])
            made->shown.syntax = *colours->spans[std::size_t(place)];
    }
    return made;
}

void DiffInk::markWords(int line, MadeLine& made) const
{
    const Patch& patch = m_document->patch;
    const int partner = patch.lines[std::size_t(line)].partner;
    if (partner >= 0) {
        const bool removed = made.shown.tone == LineTone::Removed;
        ChangedWords words = changedWords(patch, removed ? line : partner, removed ? partner : line);
        made.shown.words = removed ? std::move(words.before) : std::move(words.after);
    }
    showBlanks(made.shown, patch, line);
    made.hasWords = true;
}

const CodeLine& DiffInk::line(int line)
{
    MadeLine* made = m_lines.object(line);
    if (!made) {
        made = make(line).release();
        const auto cost = std::min<qsizetype>(made->shown.text.text.size() + 60, mostCachedCharacters / 2);
        m_lines.insert(line, made, cost);
    }
    if (made->hasWords)
        return made->shown;
    if (m_frame.isValid() && m_frame.elapsed() >= wordMilliseconds) {
        if (!m_isLate)
            QTimer::singleShot(0, this, &DiffInk::changed);
        m_isLate = true;
        return made->shown;
    }
    markWords(line, *made);
    return made->shown;
}

void DiffInk::wantColours(int firstLine, int lastLine)
{
    if (m_ticket != 0 || syntaxEngineName().isEmpty())
        return;
    for (int line = std::max(0, firstLine); line <= lastLine && line < int(m_document->patch.lines.size()); ++line) {
        const int hunk = m_document->hunkOf(line);
        if (hunk < 0)
            continue;
        const DiffHunk& place = m_document->hunks[std::size_t(hunk)];
        const int whole = std::min(place.end - place.heading - 1, mostColouredLines);
        const int needed = std::min(whole, std::min(lastLine, place.end - 1) - place.heading);
        const int asked = m_colours.value(hunk).asked;
        if (asked < needed)
            return ask(hunk, std::min(whole, std::max({needed, asked * 2, firstColouredLines})));
        line = place.end - 1;
    }
    m_hasColours = true;
}

void DiffInk::ask(int hunk, int lines)
{
    m_askedHunk = hunk;
    m_hasColours = false;
    m_colouredLines += lines - m_colours[hunk].asked;
    m_colours[hunk].asked = lines;
    forgetColours(hunk);
    m_ticket = SyntaxService::instance().start([document = m_document, hunk, lines] { return runsOf(*document, hunk, lines); });
}

void DiffInk::forgetColours(int keptHunk)
{
    if (m_colouredLines <= mostKeptLines)
        return;
    const HunkColours kept = m_colours.take(keptHunk);
    m_colours.clear();
    m_colouredLines = kept.asked;
    m_colours.insert(keptHunk, kept);
}

void DiffInk::takeColours(quint64 ticket, const SyntaxResults& results)
{
    if (ticket != m_ticket || results->size() != 2)
        return;
    m_ticket = 0;
    HunkColours& colours = m_colours[m_askedHunk];
    const int first = m_document->hunks[std::size_t(m_askedHunk)].heading + 1;
    colours.results = results;
    colours.spans.assign(std::size_t(colours.asked), nullptr);
    std::size_t next[2] = {0, 0};
    for (int i = 0; i < colours.asked; ++i) {
        const PatchLineKind kind = m_document->patch.lines[std::size_t(first + i)].kind;
        for (const DiffSide side : {DiffSide::Old, DiffSide::New}) {
            if (!isOn(kind, side))
                continue;
            const SyntaxResult& found = (*results)[std::size_t(side)];
            if (const std::size_t at = next[std::size_t(side)]++; at < found.size())
                colours.spans[std::size_t(i)] = &found[at];
        }
    }
    for (const int line : m_lines.keys()) {
        const int place = line - first;
        if (place >= 0 && place < colours.asked && colours.spans[std::size_t(place)])
            m_lines.object(line)->shown.syntax = *colours.spans[std::size_t(place)];
    }
    Q_EMIT changed();
}

} // namespace gatehouse::widgets
