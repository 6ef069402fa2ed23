// Appending, syncing, sealing; writeropen.cpp has the two ways to get a writer.
#include "core/journal/writer.h"

#include "core/base/canonicaljson.h"
#include "core/base/savefile.h"
#include "core/base/utf8.h"
#include "core/foundation/beneath.h"
#include "core/foundation/hex.h"
#include "core/journal/blobpack.h"
#include "core/journal/checkpoint.h"
#include "core/journal/rundirectory.h"
#include "core/journal/writerstate.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

namespace gatehouse::journal {

using nlohmann::json;

static constexpr std::size_t maximumInlinePayload = 16 * 1024;

Result<UniqueFd> openForAppend(int runDirectory, const char* name, int extraFlags)
{
    return openBeneath(runDirectory, name, O_RDWR | O_APPEND | extraFlags, 0600);
}

static std::unexpected<Error> recordFailure(const char* name, const char* what, int errorNumber)
{
    auto failed = failErrno(name, what, errorNumber);
    failed.error().code = ErrorCode::Record;
    return failed;
}

Result<void> writeOnce(int fd, const char* name, std::string_view bytes)
{
    ssize_t written = 0;
    do {
        written = ::write(fd, bytes.data(), bytes.size());
    } while (written < 0 && errno == EINTR);
    if (written < 0)
        return recordFailure(name, "Could not write", errno);
    if (static_cast<std::size_t>(written) != bytes.size())
        return recordFailure(name, "Could not write all", ENOSPC);
    return {};
}

static Result<void> syncData(int fd, const char* name)
{
    if (::fdatasync(fd) != 0)
        return recordFailure(name, "Could not sync", errno);
    return {};
}

std::unexpected<Error> Writer::State::spend(Error error)
{
    error.code = ErrorCode::Record;
    spent = error;
    return std::unexpected(std::move(error));
}

Result<void> Writer::State::usable() const
{
    if (spent)
        return std::unexpected(*spent);
    return {};
}

Result<void> Writer::State::unseal()
{
    if (!sealed)
        return {};
    if (auto saved = saveFileAt(directory.get(), files::unsealed, formatUnsealed(tree.size()), 0600); !saved)
        return spend(std::move(saved).error());
    sealed = false;
    return {};
}

Result<void> Writer::State::checkReferences(const json& data) const
{
    Result<void> good;
    forEachBlobReference(data, [&](const BlobReference& reference) {
        if (!commits.contains(reference.commit))
            good =
                fail(ErrorCode::InvalidInput, {}, Message("An event refers to the payload %1, which was not stored", {reference.commit}));
    });
    return good;
}

Result<void> Writer::State::write(const std::string& lines, const std::vector<Sha256Digest>& digests)
{
    std::string leafBytes;
    for (const Sha256Digest& digest : digests)
        leafBytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
    Result<void> written = writeOnce(journal.get(), files::journal, lines);
    if (written)
        written = writeOnce(leaves.get(), files::leaves, leafBytes);
    if (written)
        return {};
    // No half record may stand: what was there before is the journal. Should even this fail, the next writer recovers.
    const bool undone = ::ftruncate(journal.get(), static_cast<off_t>(journalBytes)) == 0 &&
        ::ftruncate(leaves.get(), static_cast<off_t>(tree.size() * 32)) == 0;
    if (!undone)
        written.error().advice = "The journal may end in a half record; opening the run again mends that";
    return spend(std::move(written).error());
}

Result<std::uint64_t> Writer::State::append(std::span<const Event> events)
{
    GH_TRY(usable());
    std::vector<Event> withOpening;
    if (tree.size() == 0) {
        if (events.empty() || events.front().type != EventType::RunOpened)
            return fail(ErrorCode::Internal, path, "A journal begins with run.opened");
        withOpening.assign(events.begin(), events.end());
        withOpening.front().data["events"] = eventTypesDigest();
        if (!header.origin.empty())
            withOpening.front().data["origin"] = header.origin;
        withOpening.insert(withOpening.begin() + 1, {EventType::WriterOpened, harness(), {}, {{"epoch", epoch}, {"pid", ::getpid()}}});
        events = withOpening;
    }
    std::string lines;
    std::vector<Sha256Digest> digests;
    std::string prev = lastDigest;
    const std::string wall = clock.wall();
    const std::string monoNs = std::to_string(clock.boottimeNanoseconds());
    const std::string boot = clock.bootId();
    for (const Event& event : events) {
        if (event.type == EventType::RunOpened && tree.size() + digests.size() > 0)
            return fail(ErrorCode::Internal, path, "A journal has one run.opened");
        GH_TRY(checkReferences(event.data));
        GH_ASSIGN(const std::string line,
                  formatRecord({tree.size() + digests.size(),
                                header.run,
                                prev,
                                wall,
                                boot,
                                monoNs,
                                header.cls,
                                event.actor,
                                event.type,
                                event.span,
                                event.data,
                                {}}));
        prev = sha256Hex(line);
        digests.push_back(leafHash(line));
        lines += line;
        lines += '\n';
    }
    if (events.empty())
        return fail(ErrorCode::Internal, path, "Nothing was given to append");
    GH_TRY(unseal());
    GH_TRY(write(lines, digests));
    for (const Sha256Digest& digest : digests)
        tree.append(digest);
    lastDigest = std::move(prev);
    journalBytes += lines.size();
    journalDirty = true;
    return tree.size() - 1;
}

Result<void> Writer::State::sync()
{
    GH_TRY(usable());
    // Payloads first: a durable record never refers to one that is not.
    if (blobsDirty) {
        if (auto synced = syncData(blobs.get(), files::blobs); !synced)
            return spend(std::move(synced).error());
        blobsDirty = false;
    }
    if (journalDirty) {
        if (auto synced = syncData(journal.get(), files::journal); !synced)
            return spend(std::move(synced).error());
        journalDirty = false;
    }
    return {};
}

Result<void> Writer::State::seal()
{
    GH_TRY(sync());
    if (sealed)
        return {};
    if (tree.size() == 0)
        return fail(ErrorCode::Internal, path, "There is nothing to seal");
    const Checkpoint checkpoint{checkpointOrigin(header.run), tree.size(), tree.root()};
    Result<void> done = syncData(leaves.get(), files::leaves);
    if (done)
        done = saveFileAt(directory.get(), files::checkpoint, formatCheckpoint(checkpoint), 0600);
    if (done && ::unlinkat(directory.get(), files::unsealed, 0) != 0)
        done = recordFailure(files::unsealed, "Could not remove", errno);
    if (done && ::fsync(directory.get()) != 0)
        done = recordFailure(files::checkpoint, "Could not sync the folder", errno);
    if (!done)
        return spend(std::move(done).error());
    sealed = true;
    return {};
}

Result<json> Writer::State::store(std::string_view bytes)
{
    GH_TRY(usable());
    BlobHeader entry;
    entry.size = bytes.size();
    // Up to 256 bytes come whole; without randomness nothing may be stored.
    if (::getrandom(entry.salt.data(), entry.salt.size(), 0) != static_cast<ssize_t>(entry.salt.size()))
        std::abort();
    entry.commit = blobCommitment(entry.salt, bytes);
    std::string stored = formatBlobHeader(entry);
    stored += bytes;
    GH_TRY(unseal());
    if (auto written = writeOnce(blobs.get(), files::blobs, stored); !written) {
        // Half an entry would be told as torn by the next writer: take it back if that works.
        if (::ftruncate(blobs.get(), static_cast<off_t>(blobBytes)) != 0)
            written.error().advice = "The pack may end in a half payload; opening the run again mends that";
        return spend(std::move(written).error());
    }
    blobBytes += stored.size();
    blobsDirty = true;
    const std::string commit = toHex(entry.commit);
    commits.insert(commit);
    return json{{"commit", commit}, {"size", bytes.size()}};
}

Writer::Writer(std::unique_ptr<State> state) : m_state(std::move(state)) { }
Writer::~Writer() = default;

Result<std::uint64_t> Writer::append(const Event& event)
{
    return m_state->append(std::span(&event, 1));
}

Result<std::uint64_t> Writer::appendDurable(std::span<const Event> events)
{
    GH_ASSIGN(const std::uint64_t seq, m_state->append(events));
    GH_TRY(m_state->sync());
    return seq;
}

Result<void> Writer::sync()
{
    return m_state->sync();
}

Result<json> Writer::payload(std::string_view bytes)
{
    // The bytes alone decide: the reader must be able to tell the two forms apart, and a small text is readable in the record.
    if (bytes.size() <= maximumInlinePayload && isValidUtf8(bytes) && canonicalStringSize(bytes) - 2 <= maximumInlinePayload) {
        GH_TRY(m_state->usable());
        return json{{"text", bytes}};
    }
    return m_state->store(bytes);
}

Result<json> Writer::blob(std::string_view bytes)
{
    return m_state->store(bytes);
}

Result<void> Writer::seal()
{
    return m_state->seal();
}

std::uint64_t Writer::size() const
{
    return m_state->tree.size();
}

const RunHeader& Writer::header() const
{
    return m_state->header;
}

const std::string& Writer::runDirectory() const
{
    return m_state->path;
}

} // namespace gatehouse::journal
