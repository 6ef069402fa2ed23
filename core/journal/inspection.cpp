#include "core/journal/inspection.h"

#include "core/foundation/beneath.h"
#include "core/foundation/uniquefd.h"
#include "core/journal/merkle.h"
#include "core/journal/record.h"
#include "core/journal/rundirectory.h"
#include "core/journal/witness.h"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <tuple>

namespace gatehouse::journal {

namespace {

constexpr std::size_t digestBytes = 32;

class Inspector {
public:
    explicit Inspector(int directory) : m_directory(directory) { }

    [[nodiscard]] Result<Inspection> run()
    {
        GH_TRY(readSeals());
        GH_TRY(readJournal());
        GH_TRY(readLeaves());
        judgeSealedPart();
        judgeLines();
        judgeTornTail();
        GH_TRY(judgeBlobs());
        finish();
        return std::move(m_out);
    }

private:
    void tell(Finding finding)
    {
        if (m_out.verification.findings.size() < maximumFindings)
            m_out.verification.findings.push_back(std::move(finding));
        else if (!finding.recoverable())
            m_out.verification.findings.back() = std::move(finding);
    }
    void tellRecord(FindingKind kind, std::uint64_t seq, std::uint64_t line, Message message)
    {
        tell({kind, seq, line + 1, files::journal, std::move(message)});
    }
    void tellFile(FindingKind kind, const char* file, Message message) { tell({kind, std::nullopt, 0, file, std::move(message)}); }

    // Null when there is no such file.
    [[nodiscard]] Result<std::optional<UniqueFd>> openFile(const char* name)
    {
        auto fd = openBeneath(m_directory, name, O_RDONLY | O_NONBLOCK);
        if (fd)
            return std::optional(std::move(*fd));
        if (fd.error().code == ErrorCode::NotFound)
            return std::nullopt;
        return std::unexpected(fd.error());
    }

    [[nodiscard]] Result<void> readSeals()
    {
        const auto read = [&](const char* name, std::optional<std::string>& out) -> Result<void> {
            auto text = readBeneath(m_directory, name, 4096);
            if (text)
                out = std::move(*text);
            else if (text.error().code == ErrorCode::PermissionDenied)
                return std::unexpected(text.error());
            else if (text.error().code != ErrorCode::NotFound)
                out = std::string(); // unreadable: damaged
            return {};
        };
        std::optional<std::string> marker;
        GH_TRY(read(files::unsealed, marker));
        GH_TRY(read(files::checkpoint, m_checkpointText));
        if (marker) {
            m_open = true;
            m_out.unsealed = parseUnsealed(*marker);
            if (!m_out.unsealed)
                tellFile(FindingKind::Checkpoint, files::unsealed, "The file is not what a writer wrote");
        }
        if (m_checkpointText)
            m_out.checkpoint = parseCheckpoint(*m_checkpointText);
        return {};
    }

    [[nodiscard]] Result<void> readJournal()
    {
        GH_ASSIGN(const auto fd, openFile(files::journal));
        if (!fd) {
            tellFile(FindingKind::Files, files::journal, "The file is missing");
            return {};
        }
        GH_ASSIGN(m_out.journal, scanJournal(fd->get()));
        return {};
    }

    [[nodiscard]] Result<void> readLeaves()
    {
        GH_ASSIGN(const auto fd, openFile(files::leaves));
        if (!fd) {
            tellFile(FindingKind::Leaves, files::leaves, "The file is missing");
            return {};
        }
        GH_ASSIGN(const std::string bytes, readAll(fd->get(), files::leaves, std::uint64_t{1} << 34));
        m_out.leafBytes = bytes.size();
        m_out.leaves.resize(bytes.size() / digestBytes);
        if (!m_out.leaves.empty())
            std::memcpy(m_out.leaves.data(), bytes.data(), m_out.leaves.size() * digestBytes);
        return {};
    }

    // The root of the first count digests; null when there are not so many.
    [[nodiscard]] static std::optional<Sha256Digest> rootOf(const std::vector<Sha256Digest>& digests, std::uint64_t count)
    {
        if (digests.size() < count)
            return std::nullopt;
        return merkleRoot(std::span(digests).first(static_cast<std::size_t>(count)));
    }

    // The checkpoint against the lines, and against the leaves: whichever it confirms is the witness.
    void judgeSealedPart()
    {
        const auto& lines = m_out.journal.leaves;
        auto& leaves = m_out.leaves;
        if (!m_out.checkpoint) {
            m_out.sealedSize = m_open ? m_out.unsealed.value_or(0) : leaves.size();
            const bool neverSealed = m_open && m_out.unsealed == 0 && !m_checkpointText;
            if (!neverSealed)
                tellCheckpoint(m_checkpointText ? Message("The checkpoint is not what a writer wrote")
                                                : Message("The checkpoint is missing"));
            return;
        }
        const Checkpoint& checkpoint = *m_out.checkpoint;
        m_out.sealedSize = checkpoint.size;
        const bool linesMatch = rootOf(lines, checkpoint.size) == checkpoint.root;
        const bool leavesMatch = rootOf(leaves, checkpoint.size) == checkpoint.root;
        if (linesMatch && !m_out.journal.run.empty() && checkpoint.origin != checkpointOrigin(m_out.journal.run))
            tellCheckpoint("The checkpoint names another run");
        if (!linesMatch && !leavesMatch)
            judgeCheckpoint();
        // A writer that stopped between the new checkpoint and the marker's end has appended nothing in between.
        const bool markerGood =
            !m_out.unsealed || *m_out.unsealed == checkpoint.size || (*m_out.unsealed < checkpoint.size && lines.size() == checkpoint.size);
        if (!markerGood)
            tellFile(FindingKind::Checkpoint, files::unsealed, "The file does not agree with the checkpoint");
        if (linesMatch)
            trustLines(static_cast<std::size_t>(checkpoint.size));
        if (!m_open && (linesMatch || leavesMatch))
            leaves.resize(static_cast<std::size_t>(checkpoint.size));
    }

    // It confirms neither lines nor leaves: it was changed itself, or both were.
    void judgeCheckpoint()
    {
        const auto& lines = m_out.journal.leaves;
        const bool agree = std::ranges::equal(lines, m_out.leaves) && m_out.journal.unreadable.empty();
        const bool sizeChanged = merkleRoot(lines) == m_out.checkpoint->root;
        if (!sizeChanged && !(agree && lines.size() >= m_out.sealedSize)) {
            m_checkpointUnknown = true;
            return;
        }
        tellCheckpoint("The checkpoint is not that of these records");
        m_out.sealedSize = lines.size();
    }

    void tellCheckpoint(Message message) { tellFile(FindingKind::Checkpoint, files::checkpoint, std::move(message)); }

    // The lines are what was sealed: a leaf that differs is the leaf file's own damage.
    void trustLines(std::size_t sealed)
    {
        const auto& lines = m_out.journal.leaves;
        auto& leaves = m_out.leaves;
        const std::size_t common = std::min(sealed, leaves.size());
        const auto [line, leaf] = std::mismatch(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(common), leaves.begin());
        const auto index = static_cast<std::size_t>(line - lines.begin());
        if (index < sealed)
            tell({FindingKind::Leaves, index, 0, files::leaves,
                  common < sealed && index == common
                      ? Message("The leaf file ends before %1", {recordName(index)})
                      : Message("The leaf of %1 was changed; the record itself is good", {recordName(index)})});
        if (!m_open && index == sealed && m_out.leafBytes != sealed * digestBytes)
            tellFile(FindingKind::Leaves, files::leaves, "The leaf file has more than the checkpoint covers");
        leaves.resize(std::max(leaves.size(), sealed));
        std::copy_n(lines.begin(), sealed, leaves.begin());
    }

    [[nodiscard]] bool inTail(std::uint64_t index) const { return m_open && index >= m_out.sealedSize; }

    // Whether the chain speaks for a line although its leaf differs.
    [[nodiscard]] bool chainHolds(std::uint64_t line) const
    {
        const auto& journal = m_out.journal;
        return !journal.unreadable.contains(line) && journal.follows[line] && line + 1 < journal.follows.size() &&
            journal.follows[line + 1];
    }

    void judgeLines()
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

    void tellDeviation(const Deviation& deviation)
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

    // Lines that are what the leaves say, or have none, must be records that follow each other.
    void judgeChain()
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

    void judgeTornTail()
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

    [[nodiscard]] Result<void> judgeBlobs()
    {
        GH_ASSIGN(const auto fd, openFile(files::blobs));
        if (fd) {
            GH_ASSIGN(m_out.blobs, scanBlobs(fd->get()));
        } else {
            tellFile(FindingKind::Files, files::blobs, "The file is missing");
        }
        const auto& references = m_out.journal.references;
        std::set<std::string> told;
        for (const BlobScan::Damage& damage : m_out.blobs.damaged)
            tellDamage(damage, told);
        if (const auto& tail = m_out.blobs.tornTail) {
            // Without its last sync a record may be there although its payload is not.
            const auto reference = references.find(tail->commit);
            if (!m_open || (reference != references.end() && !inTail(reference->second.seq)))
                tellDamage(*tail, told);
            else
                tellFile(FindingKind::BlobTail, files::blobs, "A payload was being written when its writer stopped");
        }
        for (const auto& [commit, reference] : references) {
            const auto stored = m_out.blobs.sizes.find(commit);
            if (stored == m_out.blobs.sizes.end() && !told.contains(commit))
                tellGone(commit, reference);
            else if (stored != m_out.blobs.sizes.end() && stored->second != reference.size)
                tellBlob(reference.seq, Message("%1 gives the payload %2 another size than it has", {recordName(reference.seq), commit}));
        }
        return {};
    }

    void tellBlob(std::uint64_t seq, Message message) { tell({FindingKind::Blob, seq, 0, files::blobs, std::move(message)}); }

    void tellDamage(const BlobScan::Damage& damage, std::set<std::string>& told)
    {
        const auto& references = m_out.journal.references;
        for (const std::string& commit : {damage.commit, damage.computed}) {
            const auto reference = references.find(commit);
            if (reference == references.end())
                continue;
            told.insert(commit);
            if (m_out.journal.declaredGone.contains(commit))
                return tellFile(FindingKind::BlobErased, files::blobs, Message("The payload %1 was erased, as declared", {commit}));
            return tellBlob(reference->second.seq,
                            Message("The payload %1 of %2 was altered", {commit, recordName(reference->second.seq)}));
        }
        tellFile(FindingKind::Blob, files::blobs,
                 Message("What stands at byte %1 is no payload that was written", {std::to_string(damage.offset)}));
    }

    void tellGone(const std::string& commit, const JournalScan::Reference& reference)
    {
        if (m_out.journal.declaredGone.contains(commit))
            return tellFile(FindingKind::BlobErased, files::blobs, Message("The payload %1 is gone, as declared", {commit}));
        const Message message("The payload %1 of %2 is missing", {commit, recordName(reference.seq)});
        // After a power failure payloads that no sync had confirmed may be lost although their records are not.
        if (inTail(reference.seq) && m_out.blobs.damaged.empty()) {
            m_out.lostPayloads.push_back(commit);
            return tell({FindingKind::BlobTail, reference.seq, 0, files::blobs, message});
        }
        tellBlob(reference.seq, message);
    }

    void finish()
    {
        Verification& verification = m_out.verification;
        verification.records = m_out.journal.leaves.size();
        if (m_checkpointUnknown && std::ranges::all_of(verification.findings, &Finding::recoverable))
            tellCheckpoint("The checkpoint is not that of these records");
        // What is to blame comes first: records in their order, then files.
        std::ranges::stable_sort(verification.findings, {}, [](const Finding& finding) {
            const bool record = finding.file == files::journal;
            return std::tuple(finding.recoverable(), !record, record ? finding.line : 0,
                              finding.seq.value_or(std::numeric_limits<std::uint64_t>::max()));
        });
        verification.ok = std::ranges::all_of(verification.findings, &Finding::recoverable);
        verification.sealed = verification.ok && !m_open;
    }

    int m_directory;
    Inspection m_out;
    std::optional<std::string> m_checkpointText;
    bool m_open = false; // the marker stands
    bool m_checkpointUnknown = false;
    bool m_moved = false;
    bool m_tornTakes = false;
    std::set<std::uint64_t> m_told; // lines
};

} // namespace

Result<Inspection> inspect(int runDirectory)
{
    return Inspector(runDirectory).run();
}

} // namespace gatehouse::journal
