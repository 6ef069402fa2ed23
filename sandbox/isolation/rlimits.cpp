#include "sandbox/isolation/rlimits.h"

#include <algorithm>
#include <cerrno>
#include <sys/resource.h>

#include "sandbox/isolation/step.h"

namespace gatehouse::isolation {

static Result<void> lower(__rlimit_resource resource, std::uint64_t value)
{
    rlimit present = {};
    if (::getrlimit(resource, &present) != 0)
        return stepFailed("read a resource limit", {}, errno);
    const rlim_t wanted = std::min<rlim_t>(value, present.rlim_max);
    const rlimit limit = {wanted, wanted};
    if (::setrlimit(resource, &limit) != 0)
        return stepFailed("lower a resource limit", {}, errno);
    return {};
}

Result<void> applyRlimits(const RlimitPlan& plan)
{
    GH_TRY(lower(RLIMIT_NPROC, plan.processes));
    GH_TRY(lower(RLIMIT_NOFILE, plan.files));
    GH_TRY(lower(RLIMIT_FSIZE, plan.fileSize));
    GH_TRY(lower(RLIMIT_CORE, 0));
    GH_TRY(lower(RLIMIT_MEMLOCK, 64 << 10));
    GH_TRY(lower(RLIMIT_MSGQUEUE, 800 << 10));
    GH_TRY(lower(RLIMIT_SIGPENDING, 1024));
    GH_TRY(lower(RLIMIT_NICE, 0));
    GH_TRY(lower(RLIMIT_RTPRIO, 0));
    if (plan.data > 0)
        GH_TRY(lower(RLIMIT_DATA, plan.data));
    return {};
}

} // namespace gatehouse::isolation
