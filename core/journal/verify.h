// Whether a run's files are what its writer wrote. Reads everything, writes nothing, needs no key. Any thread.
#pragma once

#include "core/foundation/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::journal {

enum class FindingKind {
    Altered,    // the bytes of a record, or of its newline, are not what was written
    Missing,    // a record that was written is gone
    Doubled,    // a record stands more than once
    Swapped,    // a record stands at another's place
    Extra,      // a line that the checkpoint doesn't cover, in a run that no writer left open
    Unreadable, // a line is no record of this version, though it is what was written
    Blob,       // a payload is not what a record refers to
    Leaves,     // the leaf file is damaged
    Checkpoint, // the checkpoint is damaged or missing
    Files,      // a file of the run is missing, or can't be read
    // What a crash leaves and the next writer recovers: verification still holds.
    TornTail,
    LeavesBehind,
    LeavesAhead,
    BlobTail,
    BlobErased, // declared by blob.erased
};

struct Finding {
    FindingKind kind = FindingKind::Altered;
    std::optional<std::uint64_t> seq; // of the record concerned, where there is one
    std::uint64_t line = 0;           // of journal.jsonl, from 1; 0: another file
    std::string file;                 // "journal.jsonl", "leaves", "checkpoint", "blobs.pack", …
    Message message;

    // "record 12 (journal.jsonl:13)" or the file.
    [[nodiscard]] std::string where() const;
    [[nodiscard]] bool recoverable() const { return kind >= FindingKind::TornTail; }
};

// "altered", "missing", …
[[nodiscard]] std::string_view findingKindName(FindingKind kind);

struct Verification {
    bool ok = false;               // every finding is one that a crash explains
    std::vector<Finding> findings; // the record to blame first; at most maximumFindings
    std::uint64_t records = 0;     // complete lines
    bool sealed = false;           // the checkpoint covers all of them and no writer left the run open

    // Of the first finding that is not recoverable, as ErrorCode::Corrupt; only when !ok.
    [[nodiscard]] Error error() const;
};

inline constexpr std::size_t maximumFindings = 50;

// An error only where there is no run at all (ErrorCode::NotFound) or it may not be read; everything else is a finding.
[[nodiscard]] Result<Verification> verify(const std::string& runDirectory);

} // namespace gatehouse::journal
