// The exit statuses of the command line: docs/command-line.md has the table, scripts depend on it.
#pragma once

#include "core/foundation/error.h"

#include <initializer_list>

namespace gatehouse::cli {

enum class ExitStatus {
    Done = 0,
    CheckFailed = 1,
    Usage = 2, // bad usage or a bad input document
    Denied = 3,
    Waiting = 4,
    Limit = 5,
    Sandbox = 6,
    Model = 7,
    Incomplete = 8,
    Record = 9, // could not record, or a defect of ours
    Interrupted = 130,
};

[[nodiscard]] ExitStatus exitStatusOf(ErrorCode code);
// When several hold, the first of 130, 9, 6, 7, 5, 3, 4, 2, 1, 8, 0.
[[nodiscard]] ExitStatus gravest(std::initializer_list<ExitStatus> statuses);

} // namespace gatehouse::cli
