#include "core/engine/storedpayloads.h"

#include "core/engine/events.h"
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
        auto opened = journal::Reader::open(m_directory);
        if (!opened)
            return std::unexpected(recordFailure(std::move(opened).error()));
        m_reader = *std::move(opened);
    }
    return blobSource(*m_reader)(path, version);
}

} // namespace gatehouse::engine
