// EngineServices: the concrete parts behind the engine's seams, for both programs. One per process, made first thing in
// main and outliving every run. start() before any key is read. Used by the engine's thread.
#pragma once

#include "core/base/clock.h"
#include "core/engine/run.h"
#include "core/foundation/result.h"
#include "core/model/keyring.h"
#include "sandbox/backends/localbackend.h"

#include <memory>
#include <string>

namespace gatehouse::app {

class EngineServices {
public:
    // options: where the worker is, when it is not beside the program.
    explicit EngineServices(backends::LocalOptions options = {});

    // Starts the launcher: a process of its own, which must not have seen the keys that are read afterwards.
    [[nodiscard]] Result<void> start();
    [[nodiscard]] engine::RunServices forRuns();
    [[nodiscard]] Clock& clock() { return m_clock; }
    [[nodiscard]] execution::SandboxBackend& sandboxes() { return *m_sandboxes; }

private:
    SystemClock m_clock;
    std::unique_ptr<backends::LocalBackend> m_sandboxes;
    model::KeyRing m_keys;
};

// The operating system's name of whoever runs this: "ann". Never empty.
[[nodiscard]] std::string principal();
// Of this program, for records: "gatehouse 0.1.0".
[[nodiscard]] std::string buildName();
// Where the folders of sandboxes are: $XDG_CACHE_HOME/gatehouse/sandboxes, else beneath HOME, else beneath the home that the system
// knows. Relative values are ignored. Empty when there is no such place: making a sandbox then fails and says so.
[[nodiscard]] std::string sandboxRoot();

} // namespace gatehouse::app
