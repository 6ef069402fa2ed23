// The workspace as a sandbox sees it, read from its two layers: the private upper one over the untouched lower one.
//
// Never through a mount: the overlay exists only inside. A character device 0:0 in the upper layer is a deletion, a folder with
// user.overlay.opaque hides what lies below. Every component is opened beneath a descriptor and none is followed.
// Thread-safe: it keeps no state.
#pragma once

#include "core/execution/workspacereader.h"
#include "core/foundation/uniquefd.h"

#include <optional>
#include <sys/stat.h>

namespace gatehouse::host {

// How a file of a layer is to be described.
[[nodiscard]] execution::FileState stateOf(const struct stat& info);
// A deletion in the upper layer.
[[nodiscard]] bool isWhiteout(const struct stat& info);
[[nodiscard]] bool isOpaque(int folder);

class LayeredWorkspace final : public execution::WorkspaceReader {
public:
    // Either may be absent: no layer (a read-only workspace), no folder below (an empty one).
    LayeredWorkspace(UniqueFd upper, UniqueFd lower);

    [[nodiscard]] Result<execution::FileContent> read(const std::string& path, std::uint64_t maximum) const override;
    [[nodiscard]] Result<execution::FileContent> readBase(const std::string& path, std::uint64_t maximum) const override;
    [[nodiscard]] Result<execution::FileDigest> digest(const std::string& path, std::uint64_t maximum) const override;
    [[nodiscard]] Result<std::vector<execution::DirectoryEntry>> list(const std::string& path) const override;

    [[nodiscard]] int upper() const { return m_upper.get(); }
    [[nodiscard]] int lower() const { return m_lower.get(); }

private:
    struct Found;
    [[nodiscard]] Result<Found> findUpper(const std::string& path) const;

    UniqueFd m_upper;
    UniqueFd m_lower;
};

} // namespace gatehouse::host
