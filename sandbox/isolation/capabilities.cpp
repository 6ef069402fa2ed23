#include "sandbox/isolation/capabilities.h"

#include <cerrno>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/isolation/step.h"

namespace gatehouse::isolation {

static Result<void> setCapabilities(std::uint32_t low)
{
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct data[2] = {{low, low, 0}, {0, 0, 0}};
    if (::syscall(SYS_capset, &header, data) != 0)
        return stepFailed("set capabilities", {}, errno);
    return {};
}

static Result<void> dropBoundingSet()
{
    for (int capability = 0; capability < 64; ++capability)
        if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
            if (errno == EINVAL) // past the last one this kernel has
                return {};
            return stepFailed("drop the bounding set", {}, errno);
        }
    return {};
}

static Result<void> becomeUndumpable()
{
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return stepFailed("become undumpable", {}, errno);
    return {};
}

Result<void> keepWorkerCapabilities()
{
    GH_TRY(dropBoundingSet());
    constexpr unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED |
        SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (::prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) != 0)
        return stepFailed("lock the secure bits", {}, errno);
    GH_TRY(setCapabilities(1u << CAP_SYS_ADMIN | 1u << CAP_SYS_PTRACE));
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return stepFailed("set no_new_privs", {}, errno);
    return becomeUndumpable();
}

Result<void> dropAllCapabilities()
{
    GH_TRY(setCapabilities(0));
    return becomeUndumpable();
}

} // namespace gatehouse::isolation
