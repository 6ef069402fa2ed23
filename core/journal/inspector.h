// The inspection of one run, step by step: reading, then judging lines and payloads. Internal to core/journal.
#pragma once

#include "core/foundation/uniquefd.h"
#include "core/journal/inspection.h"
#include "core/journal/rundirectory.h"
#include "core/journal/witness.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::journal {

class Inspector {
public:
    explicit Inspector(int directory) : m_directory(directory) { }

    [[nodiscard]] Result<Inspection> run();

private:
    void tell(Finding finding);
    void tellRecord(FindingKind kind, std::uint64_t seq, std::uint64_t line, Message message);
    void tellFile(FindingKind kind, const char* file, Message message) { tell({kind, std::nullopt, 0, file, std::move(message)}); }
    // Null when there is no such file.
    [[nodiscard]] Result<std::optional<UniqueFd>> openFile(const char* name);
    [[nodiscard]] Result<void> readSeals();
    [[nodiscard]] Result<void> readJournal();
    [[nodiscard]] Result<void> readLeaves();
    // The root of the first count digests; null when there are not so many.
    [[nodiscard]] static std::optional<Sha256Digest> rootOf(const std::vector<Sha256Digest>& digests, std::uint64_t count);
    // The checkpoint against the lines, and against the leaves: whichever it confirms is the witness.
    void judgeSealedPart();
    // It confirms neither lines nor leaves: it was changed itself, or both were.
    void judgeCheckpoint();
    void tellCheckpoint(Message message) { tellFile(FindingKind::Checkpoint, files::checkpoint, std::move(message)); }
    // The lines are what was sealed: a leaf that differs is the leaf file's own damage.
    void trustLines(std::size_t sealed);
    [[nodiscard]] bool inTail(std::uint64_t index) const { return m_open && index >= m_out.sealedSize; }
    // Whether the chain speaks for a line although its leaf differs.
    [[nodiscard]] bool chainHolds(std::uint64_t line) const;
    void judgeLines();
    void tellDeviation(const Deviation& deviation);
    // Lines that are what the leaves say, or have none, must be records that follow each other.
    void judgeChain();
    void judgeTornTail();
    [[nodiscard]] Result<void> judgeBlobs();
    void tellBlob(std::uint64_t seq, Message message) { tell({FindingKind::Blob, seq, 0, files::blobs, std::move(message)}); }
    void tellDamage(const BlobScan::Damage& damage, std::set<std::string>& told);
    void tellGone(const std::string& commit, const JournalScan::Reference& reference);
    void finish();

    int m_directory;
    Inspection m_out;
    std::optional<std::string> m_checkpointText;
    bool m_open = false; // the marker stands
    bool m_checkpointUnknown = false;
    bool m_moved = false;
    bool m_tornTakes = false;
    std::set<std::uint64_t> m_told; // lines
};

} // namespace gatehouse::journal
