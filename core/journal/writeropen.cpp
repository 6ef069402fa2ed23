#include "core/base/ids.h"
#include "core/base/savefile.h"
#include "core/foundation/beneath.h"
#include "core/foundation/hex.h"
#include "core/journal/checkpoint.h"
#include "core/journal/inspection.h"
#include "core/journal/rundirectory.h"
#include "core/journal/writerstate.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::journal {

using nlohmann::json;

namespace {

constexpr const char* classes[] = {"draft", "delivery", "privileged"};

Result<void> checkHeader(const RunHeader& header, const std::string& runDirectory)
{
    for (const char* known : classes) {
        if (header.cls == known && !header.run.empty())
            return {};
    }
    return fail(ErrorCode::InvalidInput, runDirectory, "A run needs an id and the class draft, delivery or privileged");
}

Result<void> makeFolder(const std::string& path)
{
    if (::mkdir(path.c_str(), 0700) != 0) {
        if (errno == EEXIST)
            return fail(ErrorCode::AlreadyExists, path, "There is a run of this name already");
        return failErrno(path, "Could not make the folder", errno);
    }
    // Its name is durable with the parent.
    const std::size_t slash = path.rfind('/');
    const std::string parent = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    GH_ASSIGN(const UniqueFd fd, openDirectory(parent));
    if (::fsync(fd.get()) != 0)
        return failErrno(parent, "Could not sync the folder", errno);
    return {};
}

// What a crash left is mended here, each step of it harmless to repeat; only then the journal tells of it.
class Recovery {
public:
    Recovery(int directory, const Inspection& inspection) : m_directory(directory), m_inspection(inspection) { }

    // What journal.recovered will say; null when there was nothing to mend.
    [[nodiscard]] Result<json> run()
    {
        GH_TRY(mendTail());
        GH_TRY(mendLeaves());
        GH_TRY(mendPack());
        if (!m_inspection.lostPayloads.empty())
            m_told["lostPayloads"] = m_inspection.lostPayloads;
        return m_told;
    }
    [[nodiscard]] bool terminated() const { return m_terminated; }

private:
    [[nodiscard]] Result<void> keepTorn(const std::string& name, std::string_view bytes)
    {
        GH_TRY(makeDirectoriesBeneath(m_directory, files::torn, 0700));
        GH_ASSIGN(const UniqueFd folder, openBeneath(m_directory, files::torn, O_RDONLY | O_DIRECTORY));
        return saveFileAt(folder.get(), name, bytes, 0600);
    }

    [[nodiscard]] Result<void> mendTail()
    {
        const auto& journal = m_inspection.journal;
        if (journal.tornTail.empty())
            return {};
        GH_ASSIGN(const UniqueFd fd, openForAppend(m_directory, files::journal, 0));
        m_terminated = journal.tornIsRecord;
        m_told["bytes"] = journal.tornTail.size();
        m_told["sha256"] = sha256Hex(journal.tornTail);
        m_told["terminated"] = m_terminated;
        if (m_terminated)
            return writeOnce(fd.get(), files::journal, "\n");
        GH_TRY(keepTorn(std::to_string(journal.leaves.size()) + ".bin", journal.tornTail));
        if (::ftruncate(fd.get(), static_cast<off_t>(journal.completeBytes)) != 0)
            return failErrno(files::journal, "Could not cut off the torn record", errno);
        return {};
    }

    // The leaves of the sealed part are never touched: they were verified.
    [[nodiscard]] Result<void> mendLeaves()
    {
        std::vector<Sha256Digest> wanted = m_inspection.journal.leaves;
        if (m_terminated)
            wanted.push_back(leafHash(m_inspection.journal.tornTail));
        std::size_t good = 0; // leaves on disk that are right
        while (good < wanted.size() && good < m_inspection.leaves.size() && wanted[good] == m_inspection.leaves[good])
            ++good;
        if (good == wanted.size() && m_inspection.leafBytes == wanted.size() * 32)
            return {};
        if (good < m_inspection.sealedSize)
            return fail(ErrorCode::Internal, files::leaves, "The sealed leaves would have to be rewritten");
        GH_ASSIGN(const UniqueFd fd, openForAppend(m_directory, files::leaves, 0));
        if (::ftruncate(fd.get(), static_cast<off_t>(good * 32)) != 0)
            return failErrno(files::leaves, "Could not cut off", errno);
        std::string bytes;
        for (std::size_t i = good; i < wanted.size(); ++i)
            bytes.append(reinterpret_cast<const char*>(wanted[i].data()), 32);
        if (!bytes.empty())
            GH_TRY(writeOnce(fd.get(), files::leaves, bytes));
        m_told["leavesFrom"] = good;
        m_told["leavesRebuilt"] = wanted.size() - good;
        if (m_inspection.leaves.size() > wanted.size())
            m_told["recordsLost"] = m_inspection.leaves.size() - wanted.size();
        return {};
    }

    [[nodiscard]] Result<void> mendPack()
    {
        const BlobScan& blobs = m_inspection.blobs;
        if (!blobs.tornTail)
            return {};
        const std::uint64_t offset = blobs.tornTail->offset;
        GH_ASSIGN(const UniqueFd fd, openForAppend(m_directory, files::blobs, 0));
        std::string torn(static_cast<std::size_t>(blobs.fileSize - offset), '\0');
        if (::pread(fd.get(), torn.data(), torn.size(), static_cast<off_t>(offset)) != static_cast<ssize_t>(torn.size()))
            return failErrno(files::blobs, "Could not read", errno);
        GH_TRY(keepTorn("blob-" + std::to_string(offset) + ".bin", torn));
        if (::ftruncate(fd.get(), static_cast<off_t>(offset)) != 0)
            return failErrno(files::blobs, "Could not cut off the torn payload", errno);
        m_told["blobBytes"] = torn.size();
        m_told["blobSha256"] = sha256Hex(torn);
        return {};
    }

    int m_directory;
    const Inspection& m_inspection;
    json m_told;
    bool m_terminated = false;
};

Result<void> refuseAltered(const Inspection& inspection, const std::string& runDirectory)
{
    if (inspection.verification.ok && !inspection.journal.leaves.empty())
        return {};
    if (inspection.verification.ok)
        return fail(ErrorCode::Corrupt, runDirectory, "The run has no record");
    return std::unexpected(inspection.verification.error());
}

// The lock, and the run as it is under the lock. A missing lock file is made only when the run is good.
Result<RunLock> lockGoodRun(int directory, const std::string& runDirectory)
{
    auto lock = RunLock::take(directory, RunLock::IfMissing::Fail);
    if (lock || lock.error().code != ErrorCode::NotFound)
        return lock;
    GH_ASSIGN(const Inspection inspection, inspect(directory));
    GH_TRY(refuseAltered(inspection, runDirectory));
    return RunLock::take(directory, RunLock::IfMissing::Create);
}

} // namespace

Result<std::unique_ptr<Writer>> Writer::create(const std::string& runDirectory, const RunHeader& header, Clock& clock)
{
    GH_TRY(checkHeader(header, runDirectory));
    GH_TRY(makeFolder(runDirectory));
    auto state = std::make_unique<State>(runDirectory, header, clock);
    GH_ASSIGN(state->directory, openDirectory(runDirectory));
    const int directory = state->directory.get();
    GH_ASSIGN(state->lock, RunLock::take(directory, RunLock::IfMissing::Create));
    GH_TRY(state->lock->writePid());
    GH_TRY(saveFileAt(directory, files::unsealed, formatUnsealed(0), 0600));
    GH_ASSIGN(state->journal, openForAppend(directory, files::journal, O_CREAT | O_EXCL));
    GH_ASSIGN(state->leaves, openForAppend(directory, files::leaves, O_CREAT | O_EXCL));
    GH_ASSIGN(state->blobs, openForAppend(directory, files::blobs, O_CREAT | O_EXCL));
    GH_TRY(makeDirectoriesBeneath(directory, files::inbox, 0700));
    if (::fsync(directory) != 0)
        return failErrno(runDirectory, "Could not sync the folder", errno);
    state->lastDigest = header.origin.empty() ? zeroDigest() : sha256Hex(header.origin);
    return std::unique_ptr<Writer>(new Writer(std::move(state)));
}

Result<std::unique_ptr<Writer>> Writer::open(const std::string& runDirectory, Clock& clock)
{
    auto state = std::make_unique<State>(runDirectory, RunHeader{}, clock);
    GH_ASSIGN(state->directory, openDirectory(runDirectory));
    const int directory = state->directory.get();
    auto lock = lockGoodRun(directory, runDirectory);
    if (!lock) {
        if (lock.error().where.empty())
            lock.error().where = runDirectory;
        return std::unexpected(std::move(lock).error());
    }
    state->lock = std::move(*lock);
    GH_ASSIGN(Inspection inspection, inspect(directory));
    GH_TRY(refuseAltered(inspection, runDirectory));
    // From here on bytes change: the marker says so first.
    GH_TRY(state->lock->writePid());
    // Anew also where there is one: a writer killed between its checkpoint and the removal of its marker left the older size there.
    GH_TRY(saveFileAt(directory, files::unsealed, formatUnsealed(inspection.sealedSize), 0600));
    GH_TRY(makeDirectoriesBeneath(directory, files::inbox, 0700));
    Recovery recovery(directory, inspection);
    GH_ASSIGN(const json recovered, recovery.run());

    const JournalScan& journal = inspection.journal;
    GH_ASSIGN(state->journal, openForAppend(directory, files::journal, 0));
    GH_ASSIGN(state->leaves, openForAppend(directory, files::leaves, 0));
    GH_ASSIGN(state->blobs, openForAppend(directory, files::blobs, 0));
    state->header = {journal.run, journal.cls, journal.origin};
    for (const Sha256Digest& leaf : journal.leaves)
        state->tree.append(leaf);
    state->lastDigest = journal.lastDigest;
    state->journalBytes = journal.completeBytes;
    if (recovery.terminated()) {
        state->tree.append(leafHash(journal.tornTail));
        state->lastDigest = sha256Hex(journal.tornTail);
        state->journalBytes += journal.tornTail.size() + 1;
    }
    state->blobBytes = inspection.blobs.tornTail ? inspection.blobs.tornTail->offset : inspection.blobs.fileSize;
    for (const auto& [commit, size] : inspection.blobs.sizes)
        state->commits.insert(commit);
    state->epoch = journal.epochs + 1;
    state->journalDirty = true;
    state->blobsDirty = true;
    std::vector<Event> events;
    if (!recovered.is_null())
        events.push_back({EventType::JournalRecovered, harness(), {}, recovered});
    events.push_back({EventType::WriterOpened, harness(), {}, {{"epoch", state->epoch}, {"pid", ::getpid()}}});
    GH_TRY(state->append(events));
    GH_TRY(state->sync());
    return std::unique_ptr<Writer>(new Writer(std::move(state)));
}

} // namespace gatehouse::journal
