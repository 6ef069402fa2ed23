#include "core/engine/storedpayloads.h"

#include "core/engine/runpaths.h"

namespace gatehouse::engine {

workspace::BytesSource StoredPayloads::source()
{
    return [this](const std::string& path, const workspace::PathVersion& version) { return bytes(path, version); };
}

Result<std::string> StoredPayloads::bytes(const std::string& path, const workspace::PathVersion& version)
{
    const std::lock_guard lock(m_mutex);
    if (!m_reader) {
        GH_ASSIGN(m_reader, journal::Reader::open(m_directory));
    }
    return blobSource(*m_reader)(path, version);
}

} // namespace gatehouse::engine
