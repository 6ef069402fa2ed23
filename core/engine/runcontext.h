// What the parts of one run share. Owned by the Run; everything in it outlives the parts. The run's thread.
#pragma once

#include "core/engine/approvalgate.h"
#include "core/engine/backgroundjobs.h"
#include "core/engine/recorder.h"
#include "core/engine/runplan.h"
#include "core/engine/storedpayloads.h"
#include "core/engine/workplace.h"
#include "core/foundation/cancel.h"

namespace gatehouse::engine {

struct RunContext {
    const RunPlan& plan;
    Recorder& recorder;
    ApprovalGate& gate;
    BackgroundJobs& jobs;
    StoredPayloads& stored;         // for the jobs
    Workplace* workplace = nullptr; // null until the sandbox is open
    ApprovalMode approvals = ApprovalMode::Wait;
    CancelToken cancel;
};

} // namespace gatehouse::engine
