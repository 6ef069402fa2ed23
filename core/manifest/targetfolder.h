// The folder that is being filled: everything in it is new, nothing is ever overwritten, modes are set exactly.
// Internal to core/manifest.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace gatehouse::manifest {

class TargetFolder {
public:
    // The folder must exist and be empty.
    [[nodiscard]] static Result<TargetFolder> open(const std::string& path);

    // Parents are made as needed, 0755.
    [[nodiscard]] Result<void> addFolder(const std::string& path);
    [[nodiscard]] Result<void> addFile(const std::string& path, std::string_view bytes, mode_t mode);
    [[nodiscard]] Result<void> addLink(const std::string& path, const std::string& target);
    struct Copied {
        std::string sha256;
        std::uint64_t bytes = 0;
    };
    // From a descriptor of a regular file, in pieces.
    [[nodiscard]] Result<Copied> copyFile(const std::string& path, int source, mode_t mode);
    // Takes effect in finish(): until then we must be able to write there.
    void setFolderMode(const std::string& path, mode_t mode) { m_modes.emplace_back(path, mode); }
    [[nodiscard]] Result<void> finish();
    // Removes everything in it again.
    void clear();

private:
    TargetFolder() = default;
    [[nodiscard]] Result<void> makeParents(const std::string& path);
    [[nodiscard]] Result<UniqueFd> createFile(const std::string& path);

    std::string m_path;
    UniqueFd m_fd;
    std::string m_lastParent; // made already: most files come folder by folder
    std::vector<std::pair<std::string, mode_t>> m_modes;
};

} // namespace gatehouse::manifest
