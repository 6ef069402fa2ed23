// How a step of setting up a sandbox fails: which step, on what, with which errno. Host and launcher carry the three apart,
// so that advice can depend on them.
#pragma once

#include "core/foundation/result.h"

#include <string>

namespace gatehouse::isolation {

// ErrorCode::Setup; why is "Could not %1 (error %2)" with the step and the error number.
[[nodiscard]] std::unexpected<Error> stepFailed(const char* step, std::string path, int errorNumber);

// The parts again, of any error: one that stepFailed did not make gives its whole text as the step.
struct FailedStep {
    std::string step;
    std::string path;
    int error = 0;
};
[[nodiscard]] FailedStep failedStep(const Error& error);

} // namespace gatehouse::isolation
