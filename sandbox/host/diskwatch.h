// How much a sandbox's layer takes on disk. There is no quota for a plain folder, so it is looked at during a call: walked only
// when the file system's free space says that it could have grown past what is left. Folders that the sandbox closed are counted too;
// what stays uncountable in several walks in a row (closed or too deep) counts as too much. Not thread-safe; borrows the folder.
#pragma once

#include "core/execution/limits.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace gatehouse::host {

class DiskWatch {
public:
    DiskWatch(int layer, std::uint64_t bytes, std::uint64_t files) : m_layer(layer), m_bytes(bytes), m_files(files) { }
    [[nodiscard]] std::optional<execution::LimitBreach> check();

private:
    struct Size {
        std::uint64_t bytes = 0;
        std::uint64_t files = 0;
        bool complete = true; // nothing was left out
    };
    void walk(int folder, int depth, Size& size) const;

    int m_layer;
    std::uint64_t m_bytes;
    std::uint64_t m_files;
    Size m_known;
    Size m_freeThen;
    int m_incomplete = 0; // walks in a row
    std::chrono::steady_clock::time_point m_nextWalk{};
};

} // namespace gatehouse::host
