// What a Writer holds. Internal to core/journal.
#pragma once

#include "core/base/clock.h"
#include "core/foundation/uniquefd.h"
#include "core/journal/lock.h"
#include "core/journal/merkle.h"
#include "core/journal/record.h"
#include "core/journal/writer.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::journal {

struct Writer::State {
    State(std::string runDirectory, RunHeader runHeader, Clock& runClock)
        : path(std::move(runDirectory)), header(std::move(runHeader)), clock(runClock)
    {
    }

    std::string path;
    RunHeader header;
    Clock& clock;
    UniqueFd directory;
    std::optional<RunLock> lock;
    UniqueFd journal; // O_APPEND, as the leaves and the pack
    UniqueFd leaves;
    UniqueFd blobs;

    MerkleTree tree;
    std::string lastDigest; // the next record's prev
    std::uint64_t journalBytes = 0;
    std::uint64_t blobBytes = 0;
    std::uint64_t epoch = 1;
    std::set<std::string> commits; // every payload there is: what records may refer to
    bool sealed = false;           // no "unsealed" marker stands
    bool journalDirty = false;
    bool blobsDirty = false;
    std::optional<Error> spent; // after a failed write

    // Once something failed, everything fails the same way.
    [[nodiscard]] std::unexpected<Error> spend(Error error);
    [[nodiscard]] Result<void> usable() const;
    // The marker must be on disk before the first byte beyond the checkpoint.
    [[nodiscard]] Result<void> unseal();
    [[nodiscard]] Result<std::uint64_t> append(std::span<const Event> events);
    [[nodiscard]] Result<void> sync();
    [[nodiscard]] Result<void> seal();
    [[nodiscard]] Result<nlohmann::json> store(std::string_view bytes);

private:
    [[nodiscard]] Result<void> checkReferences(const nlohmann::json& data) const;
    [[nodiscard]] Result<void> write(const std::string& lines, const std::vector<Sha256Digest>& digests);
};

// Who says what the writer itself has to say.
[[nodiscard]] inline Actor harness()
{
    return {ActorKind::System, "gatehouse"};
}
// The file of a run's folder, for appending, 0600.
[[nodiscard]] Result<UniqueFd> openForAppend(int runDirectory, const char* name, int extraFlags);
// One write(2); fewer bytes than asked for are an error too.
[[nodiscard]] Result<void> writeOnce(int fd, const char* name, std::string_view bytes);

} // namespace gatehouse::journal
