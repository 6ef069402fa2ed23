// How much a sandbox's layer takes on disk. There is no quota for a plain folder, so it is looked at during calls: measured only
// when the file system's free space says that it could have grown past what is left.
//
// What can't be measured counts against the sandbox: where a folder can't be looked into or lies too deep, or a file may be there
// without a name or a descriptor, all that the file system has lost since the last look is its. Not thread-safe; borrows the folder.
#pragma once

#include "core/execution/limits.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <sys/types.h>

namespace gatehouse::host {

class DiskWatch {
public:
    // layer: -1 for none. worker: PID 1 of the sandbox.
    DiskWatch(int layer, pid_t worker, std::uint64_t bytes, std::uint64_t files)
        : m_layer(layer), m_worker(worker), m_bytes(bytes), m_files(files)
    {
    }
    // The next look is the first of a call.
    void beginCall()
    {
        m_first = true;
        m_goneInCall = 0;
    }
    [[nodiscard]] std::optional<execution::LimitBreach> check();

private:
    struct Size {
        std::uint64_t bytes = 0;
        std::uint64_t files = 0;
    };
    struct Seen {
        Size size;
        bool hidden = false;
    };
    void walk(int folder, int depth, Seen& seen) const;
    void noteLosses(const Size& freeNow);
    [[nodiscard]] Size measure() const;
    [[nodiscard]] std::optional<execution::LimitBreach> judge(const Size& size) const;

    int m_layer;
    pid_t m_worker;
    std::uint64_t m_bytes;
    std::uint64_t m_files;
    Size m_known;
    std::optional<Size> m_freeThen;
    Size m_gone; // what the file system lost since the layer was measured; what it won meanwhile is not set off
    std::uint64_t m_goneInCall = 0;
    bool m_first = true;
    std::chrono::steady_clock::time_point m_nextWalk{};
};

} // namespace gatehouse::host
