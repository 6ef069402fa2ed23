// One reading of a whole run: what verify() tells and what Writer::open needs to go on. Internal to core/journal; writes nothing.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/sha256.h"
#include "core/journal/blobpack.h"
#include "core/journal/checkpoint.h"
#include "core/journal/verify.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::journal {

// What the lines say, each read once.
struct JournalScan {
    std::vector<Sha256Digest> leaves; // of each complete line as it stands
    std::vector<bool> follows;        // its prev is the digest of the line before it
    // Complete lines that are no records, or not the record of their place: why.
    std::map<std::uint64_t, Message> unreadable;
    std::uint64_t completeBytes = 0;
    std::string tornTail;      // bytes behind the last newline
    bool tornIsRecord = false; // they are the next record but for the newline

    RunId run;
    std::string cls;
    std::string origin;
    std::string lastDigest; // SHA-256 of the last complete line, hex: the next record's prev
    std::uint64_t epochs = 0;

    struct Reference {
        std::uint64_t seq = 0; // the first record that refers to it
        std::uint64_t size = 0;
    };
    std::map<std::string, Reference> references; // by commit
    std::set<std::string> declaredGone;          // by blob.erased and journal.recovered
};

struct Inspection {
    Verification verification;
    JournalScan journal;
    BlobScan blobs;
    std::vector<Sha256Digest> leaves; // the leaf file's whole entries
    std::uint64_t leafBytes = 0;
    std::optional<Checkpoint> checkpoint;
    std::optional<std::uint64_t> unsealed; // of the marker
    std::uint64_t sealedSize = 0;
    std::vector<std::string> lostPayloads; // of an unsealed tail, recoverable
};

[[nodiscard]] Result<JournalScan> scanJournal(int fd);
[[nodiscard]] Result<Inspection> inspect(int runDirectory);

} // namespace gatehouse::journal
