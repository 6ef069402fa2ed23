// Payloads against the records that refer to them.
#include "core/foundation/beneath.h"
#include "core/journal/inspector.h"
#include "core/journal/record.h"

namespace gatehouse::journal {

Result<void> Inspector::judgeBlobs()
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

void Inspector::tellDamage(const BlobScan::Damage& damage, std::set<std::string>& told)
{
    const auto& references = m_out.journal.references;
    for (const std::string& commit : {damage.commit, damage.computed}) {
        const auto reference = references.find(commit);
        if (reference == references.end())
            continue;
        told.insert(commit);
        if (m_out.journal.declaredGone.contains(commit))
            return tellFile(FindingKind::BlobErased, files::blobs, Message("The payload %1 was erased, as declared", {commit}));
        return tellBlob(reference->second.seq, Message("The payload %1 of %2 was altered", {commit, recordName(reference->second.seq)}));
    }
    tellFile(FindingKind::Blob, files::blobs,
             Message("What stands at byte %1 is no payload that was written", {std::to_string(damage.offset)}));
}

void Inspector::tellGone(const std::string& commit, const JournalScan::Reference& reference)
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

} // namespace gatehouse::journal
