// Lines and their chain against the leaves.
#include "core/journal/inspector.h"
#include "core/journal/record.h"

#include <algorithm>

namespace gatehouse::journal {

bool Inspector::chainHolds(std::uint64_t line) const
{
    const auto& journal = m_out.journal;
    return !journal.unreadable.contains(line) && journal.follows[line] && line + 1 < journal.follows.size() && journal.follows[line + 1];
}

void Inspector::judgeLines()
{
    auto& leaves = m_out.leaves;
    const auto& lines = m_out.journal.leaves;
    // Leaves that never reached the disk are zeros; what stands behind the first of them counts as not written.
    const auto firstTail = leaves.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(leaves.size(), m_out.sealedSize));
    if (m_open)
        leaves.erase(std::find(firstTail, leaves.end(), Sha256Digest{}), leaves.end());
    bool behind = false;
    std::uint64_t ahead = 0;
    for (const Deviation& deviation : compareWithWitness(lines, leaves)) {
        const bool beyondLeaves = deviation.kind == FindingKind::Extra && deviation.seq >= leaves.size();
        const bool atEnd = deviation.kind == FindingKind::Missing && deviation.line >= lines.size();
        if (beyondLeaves && inTail(deviation.line))
            behind = true;
        else if (atEnd && inTail(deviation.seq))
            ++ahead;
        else
            tellDeviation(deviation);
    }
    judgeChain();
    if (behind)
        tellFile(FindingKind::LeavesBehind, files::leaves, "The leaf file ends before the journal does, as after a crash");
    // The torn line's own leaf is not one of a lost record.
    if (ahead > (m_out.journal.tornTail.empty() ? 0u : 1u))
        tellFile(FindingKind::LeavesAhead, files::leaves,
                 Message("The journal ends %1 records before the leaf file does, as after a crash", {std::to_string(ahead)}));
    if (!inTail(lines.size()) && lines.size() < m_out.sealedSize && leaves.size() <= lines.size() && m_out.journal.tornTail.empty())
        tellRecord(
            FindingKind::Missing, lines.size(), lines.size(),
            Message("%1 is missing; the checkpoint covers %2 records", {recordName(lines.size()), std::to_string(m_out.sealedSize)}));
}

void Inspector::tellDeviation(const Deviation& deviation)
{
    const std::string name = recordName(deviation.seq);
    switch (deviation.kind) {
    case FindingKind::Altered:
        if (inTail(deviation.line) && chainHolds(deviation.line))
            return tell({FindingKind::Leaves, deviation.seq, 0, files::leaves,
                         Message("The leaf of %1 was changed; the record itself is good", {name})});
        m_told.insert(deviation.line);
        m_told.insert(deviation.line + 1); // its prev can't fit a changed line
        return tellRecord(deviation.kind, deviation.seq, deviation.line, Message("%1 was altered", {name}));
    case FindingKind::Missing:
        // Without its newline it is the torn tail's to tell.
        if (deviation.line == m_out.journal.leaves.size() && !m_out.journal.tornTail.empty() && !std::exchange(m_tornTakes, true))
            return;
        m_told.insert(deviation.line);
        return tellRecord(deviation.kind, deviation.seq, deviation.line, Message("%1 is missing", {name}));
    case FindingKind::Doubled:
        m_told.insert(deviation.line);
        m_told.insert(deviation.line + 1);
        return tellRecord(deviation.kind, deviation.seq, deviation.line, Message("%1 stands here again", {name}));
    case FindingKind::Swapped:
        m_moved = true;
        return tellRecord(deviation.kind, deviation.seq, deviation.line,
                          Message("%1 is not at its place: %2 stands there", {name, recordName(deviation.other)}));
    default:
        m_told.insert(deviation.line);
        m_told.insert(deviation.line + 1);
        return tellRecord(FindingKind::Extra, deviation.line, deviation.line,
                          Message("Line %1 was added: the checkpoint does not cover it", {std::to_string(deviation.line + 1)}));
    }
}

void Inspector::judgeChain()
{
    const auto& journal = m_out.journal;
    if (m_moved)
        return; // everything between would be told again
    bool shifted = false;
    for (std::uint64_t line = 0; line < journal.leaves.size(); ++line) {
        if (m_told.contains(line)) {
            shifted = true; // numbers no longer fit places
            continue;
        }
        const auto unreadable = journal.unreadable.find(line);
        const bool witnessed = line < m_out.leaves.size() && m_out.leaves[line] == journal.leaves[line];
        if (unreadable != journal.unreadable.end() && !shifted) {
            tellRecord(witnessed ? FindingKind::Unreadable : FindingKind::Altered, line, line, unreadable->second);
            shifted = !witnessed;
            ++line; // the next can't follow it
        } else if (!journal.follows[line] && !shifted) {
            // Without a witness either of the two was changed; the earlier is where to look first.
            const std::uint64_t blamed = witnessed || line == 0 ? line : line - 1;
            tellRecord(FindingKind::Altered, blamed, blamed,
                       Message("%1 was altered: %2 does not follow it", {recordName(blamed), recordName(line)}));
        }
    }
}

void Inspector::judgeTornTail()
{
    const auto& journal = m_out.journal;
    if (journal.tornTail.empty())
        return;
    const std::uint64_t seq = journal.leaves.size();
    const bool written = seq < m_out.leaves.size();
    const std::string_view tail = journal.tornTail;
    if (!inTail(seq)) {
        const bool newlineOnly = written && leafHash(tail) == m_out.leaves[seq];
        const bool extra = !written && seq >= m_out.sealedSize;
        tellRecord(extra ? FindingKind::Extra : FindingKind::Altered, seq, seq,
                   newlineOnly ? Message("The newline of %1 is missing", {recordName(seq)})
                       : extra ? Message("Bytes were added behind the last record")
                               : Message("%1 was altered", {recordName(seq)}));
    } else if (written && leafHash(tail.substr(0, tail.size() - 1)) == m_out.leaves[seq]) {
        tellRecord(FindingKind::Altered, seq, seq, Message("The newline of %1 was altered", {recordName(seq)}));
    } else if (written && journal.tornIsRecord && leafHash(tail) != m_out.leaves[seq]) {
        tellRecord(FindingKind::Altered, seq, seq, Message("%1 was altered", {recordName(seq)}));
    } else {
        tellRecord(FindingKind::TornTail, seq, seq, Message("%1 was being written when its writer stopped", {recordName(seq)}));
    }
}

} // namespace gatehouse::journal
