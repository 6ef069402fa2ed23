#include "core/journal/inspection.h"

#include "core/foundation/beneath.h"
#include "core/journal/inspector.h"
#include "core/journal/merkle.h"
#include "core/journal/record.h"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <span>
#include <tuple>

namespace gatehouse::journal {

static constexpr std::size_t digestBytes = 32;

std::optional<Sha256Digest> Inspector::rootOf(const std::vector<Sha256Digest>& digests, std::uint64_t count)
{
    if (digests.size() < count)
        return std::nullopt;
    return merkleRoot(std::span(digests).first(static_cast<std::size_t>(count)));
}

Result<Inspection> Inspector::run()
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

void Inspector::tell(Finding finding)
{
    if (m_out.verification.findings.size() < maximumFindings)
        m_out.verification.findings.push_back(std::move(finding));
    else if (!finding.recoverable())
        m_out.verification.findings.back() = std::move(finding);
}

void Inspector::tellRecord(FindingKind kind, std::uint64_t seq, std::uint64_t line, Message message)
{
    tell({kind, seq, line + 1, files::journal, std::move(message)});
}

Result<std::optional<UniqueFd>> Inspector::openFile(const char* name)
{
    auto fd = openBeneath(m_directory, name, O_RDONLY | O_NONBLOCK);
    if (fd)
        return std::optional(std::move(*fd));
    if (fd.error().code == ErrorCode::NotFound)
        return std::nullopt;
    return std::unexpected(fd.error());
}

Result<void> Inspector::readSeals()
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

Result<void> Inspector::readJournal()
{
    GH_ASSIGN(const auto fd, openFile(files::journal));
    if (!fd) {
        tellFile(FindingKind::Files, files::journal, "The file is missing");
        return {};
    }
    GH_ASSIGN(m_out.journal, scanJournal(fd->get()));
    return {};
}

Result<void> Inspector::readLeaves()
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

void Inspector::judgeSealedPart()
{
    const auto& lines = m_out.journal.leaves;
    auto& leaves = m_out.leaves;
    if (!m_out.checkpoint) {
        m_out.sealedSize = m_open ? m_out.unsealed.value_or(0) : leaves.size();
        const bool neverSealed = m_open && m_out.unsealed == 0 && !m_checkpointText;
        if (!neverSealed)
            tellCheckpoint(m_checkpointText ? Message("The checkpoint is not what a writer wrote") : Message("The checkpoint is missing"));
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

void Inspector::judgeCheckpoint()
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

void Inspector::trustLines(std::size_t sealed)
{
    const auto& lines = m_out.journal.leaves;
    auto& leaves = m_out.leaves;
    const std::size_t common = std::min(sealed, leaves.size());
    const auto [line, leaf] = std::mismatch(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(common), leaves.begin());
    const auto index = static_cast<std::size_t>(line - lines.begin());
    if (index < sealed)
        tell({FindingKind::Leaves, index, 0, files::leaves,
              common < sealed && index == common ? Message("The leaf file ends before %1", {recordName(index)})
                                                 : Message("The leaf of %1 was changed; the record itself is good", {recordName(index)})});
    if (!m_open && index == sealed && m_out.leafBytes != sealed * digestBytes)
        tellFile(FindingKind::Leaves, files::leaves, "The leaf file has more than the checkpoint covers");
    leaves.resize(std::max(leaves.size(), sealed));
    std::copy_n(lines.begin(), sealed, leaves.begin());
}

void Inspector::finish()
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

Result<Inspection> inspect(int runDirectory)
{
    return Inspector(runDirectory).run();
}

} // namespace gatehouse::journal
