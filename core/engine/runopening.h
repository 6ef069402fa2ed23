// The beginning of a run: a new one's folder and first records, or an unfinished one taken over. Blocks; the run's thread.
#pragma once

#include "core/base/clock.h"
#include "core/engine/recorder.h"
#include "core/engine/runplan.h"
#include "core/execution/sandbox.h"
#include "core/model/modelclient.h"

#include <functional>
#include <memory>
#include <string>

namespace gatehouse::engine {

// What a run needs from the program. Everything outlives the run.
struct RunServices {
    execution::SandboxBackend& sandboxes;
    Clock& clock;
    // Makes the client for a plan's model; keys are read there.
    std::function<Result<std::unique_ptr<model::ModelClient>>(const RunPlan&)> makeClient;
    std::string sandboxRoot; // private folder of ours for workspaces
};

// A run whose first records, or those of its resumption, are on disk.
struct OpenedRun {
    std::unique_ptr<RunPlan> plan;
    std::unique_ptr<Recorder> recorder;
    std::unique_ptr<model::ModelClient> client;
};

[[nodiscard]] Result<OpenedRun> openNewRun(const RunRequest& request, const RunServices& services);
// ErrorCode::Busy when another process writes it, Corrupt when it was altered; whatever refuses leaves no record.
[[nodiscard]] Result<OpenedRun> takeRunOver(const std::string& project, const std::string& runDirectory, const RunServices& services);

} // namespace gatehouse::engine
