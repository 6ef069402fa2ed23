#include "core/base/problem.h"

#include <algorithm>

namespace gatehouse {

std::string Problem::line() const
{
    std::string out = placeName(file, position) + (severity == Severity::Error ? ": error: " : ": warning: ") + message.format();
    if (!rule.empty())
        out += " [" + rule + ']';
    return out;
}

static bool isError(const Problem& problem)
{
    return problem.severity == Severity::Error;
}

bool hasErrors(const std::vector<Problem>& problems)
{
    return std::ranges::any_of(problems, isError);
}

Error firstError(const std::vector<Problem>& problems)
{
    const auto found = std::ranges::find_if(problems, isError);
    if (found == problems.end())
        return {ErrorCode::Internal, {}, "An error was asked for where there is none", {}};
    return {ErrorCode::InvalidInput, placeName(found->file, found->position), found->message, {}};
}

} // namespace gatehouse
