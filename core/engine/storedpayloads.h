// StoredPayloads: what a run has already stored, for work off the run's thread.
//
// One for the run: a journal reader has to find its way through the whole pack once, and a reader of each call's own would do so
// again for every call. Any thread; reads take turns. Nothing is opened before the first read.
#pragma once

#include "core/foundation/result.h"
#include "core/journal/reader.h"
#include "core/workspace/knownstate.h"

#include <mutex>
#include <optional>
#include <string>

namespace gatehouse::engine {

class StoredPayloads {
public:
    explicit StoredPayloads(std::string runDirectory) : m_directory(std::move(runDirectory)) { }

    // Bytes of path versions; it must not outlive this object.
    [[nodiscard]] workspace::BytesSource source();

private:
    [[nodiscard]] Result<std::string> bytes(const std::string& path, const workspace::PathVersion& version);

    std::string m_directory;
    std::mutex m_mutex;
    std::optional<journal::Reader> m_reader;
};

} // namespace gatehouse::engine
