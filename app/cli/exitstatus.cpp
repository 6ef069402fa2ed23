#include "app/cli/exitstatus.h"

#include <algorithm>
#include <array>

namespace gatehouse::cli {

ExitStatus exitStatusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput:
    case ErrorCode::NotFound:
    case ErrorCode::AlreadyExists:
    case ErrorCode::PermissionDenied:
    case ErrorCode::Busy:
    case ErrorCode::Unsupported:
        return ExitStatus::Usage;
    case ErrorCode::Corrupt:
        return ExitStatus::CheckFailed;
    case ErrorCode::Setup:
    case ErrorCode::Worker:
        return ExitStatus::Sandbox;
    case ErrorCode::Model:
        return ExitStatus::Model;
    case ErrorCode::Limit:
        return ExitStatus::Limit;
    case ErrorCode::Denied:
        return ExitStatus::Denied;
    case ErrorCode::Cancelled:
        return ExitStatus::Interrupted;
    case ErrorCode::Record:
    case ErrorCode::System:
    case ErrorCode::Internal:
        break;
    }
    return ExitStatus::Record;
}

ExitStatus gravest(std::initializer_list<ExitStatus> statuses)
{
    static constexpr std::array<ExitStatus, 11> order = {
        ExitStatus::Interrupted, ExitStatus::Record, ExitStatus::Sandbox,     ExitStatus::Model,      ExitStatus::Limit, ExitStatus::Denied,
        ExitStatus::Waiting,     ExitStatus::Usage,  ExitStatus::CheckFailed, ExitStatus::Incomplete, ExitStatus::Done};
    const auto found =
        std::ranges::find_if(order, [&](ExitStatus candidate) { return std::ranges::find(statuses, candidate) != statuses.end(); });
    return found == order.end() ? ExitStatus::Done : *found;
}

} // namespace gatehouse::cli
