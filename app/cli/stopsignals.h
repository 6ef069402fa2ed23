// SIGINT, SIGTERM and SIGHUP as something to wait for. While one of these lives, the first of them only makes fd() readable, so that
// what runs can end in order; a SIGINT after that ends the process at once with 130. Nothing is left running then: the launcher
// and every sandbox die with the process, and a run's journal stands as after a crash, ready to be resumed.
// At most one at a time, on the main thread.
#pragma once

#include "core/foundation/uniquefd.h"

#include <array>
#include <csignal>

namespace gatehouse::cli {

class StopSignals {
public:
    StopSignals();
    // The signals do again what they do by themselves.
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    // -1 when there were no descriptors left: then the signals were left alone.
    [[nodiscard]] int fd() const { return m_read.get(); }

private:
    UniqueFd m_read;
    UniqueFd m_write;
    std::array<struct sigaction, 3> m_before{};
};

} // namespace gatehouse::cli
