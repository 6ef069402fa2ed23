#include "core/manifest/contentdigest.h"

#include "core/foundation/hex.h"
#include "core/foundation/sha256.h"

namespace gatehouse::manifest {

static const char* gitMode(ContentKind kind)
{
    switch (kind) {
    case ContentKind::File:
        return "100644 ";
    case ContentKind::Executable:
        return "100755 ";
    case ContentKind::Link:
        return "120000 ";
    }
    return "";
}

void ContentDigest::add(const std::string& path, ContentKind kind, const std::string& sha256, std::uint64_t bytes)
{
    m_records.insert_or_assign(path, gitMode(kind) + sha256 + ' ');
    m_bytes += bytes;
}

std::string ContentDigest::finish() const
{
    Sha256 digest;
    for (const auto& [path, record] : m_records) {
        digest.update(record);
        digest.update(path);
        digest.update(std::string_view("\0", 1));
    }
    return toHex(digest.finish());
}

} // namespace gatehouse::manifest
