#include "sandbox/isolation/landlock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/isolation/landlockabi.h"
#include "sandbox/isolation/step.h"

namespace gatehouse::isolation {

static constexpr std::uint64_t readRights = fsReadFile | fsReadDir;
static constexpr std::uint64_t fileRights = fsExecute | fsWriteFile | fsReadFile | fsTruncate | fsIoctlDev;

static std::uint64_t handledBy(int abi)
{
    std::uint64_t rights = fsMakeSym | (fsMakeSym - 1);
    if (abi >= 2)
        rights |= fsRefer;
    if (abi >= 3)
        rights |= fsTruncate;
    if (abi >= 5)
        rights |= fsIoctlDev;
    return rights;
}

static std::uint64_t rightsOf(PathRight right)
{
    switch (right) {
    case PathRight::Read:
        return readRights;
    case PathRight::ReadExecute:
        return readRights | fsExecute;
    case PathRight::ListOnly:
        return fsReadDir;
    case PathRight::Write:
        return readRights | fsExecute | fsWriteFile | fsRemoveDir | fsRemoveFile | fsMakeDir | fsMakeReg | fsMakeFifo | fsMakeSym |
            fsRefer | fsTruncate;
    case PathRight::Device:
        return fsReadFile | fsWriteFile | fsTruncate | fsIoctlDev;
    }
    return 0;
}

int landlockAbi()
{
    const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, landlockCreateRulesetVersion);
    return abi > 0 ? static_cast<int>(abi) : 0;
}

static Result<void> addRule(int ruleset, const PathRule& rule, std::uint64_t handled)
{
    UniqueFd path(::open(rule.path, O_PATH | O_CLOEXEC));
    if (!path && errno == ENOENT)
        return {};
    if (!path)
        return stepFailed("open a path for Landlock", rule.path, errno);
    struct stat info = {};
    if (::fstat(path.get(), &info) != 0)
        return stepFailed("look at a path for Landlock", rule.path, errno);
    std::uint64_t rights = rightsOf(rule.right) & handled;
    if (!S_ISDIR(info.st_mode))
        rights &= fileRights;
    const LandlockPathBeneathAttr attr = {rights, path.get()};
    if (::syscall(SYS_landlock_add_rule, ruleset, landlockRulePathBeneath, &attr, 0) != 0)
        return stepFailed("add a Landlock rule", rule.path, errno);
    return {};
}

Result<void> confineToPaths(std::span<const PathRule> rules, int abi)
{
    LandlockRulesetAttr attr = {handledBy(abi), 0, abi >= 6 ? scopeAbstractUnixSocket | scopeSignal : 0};
    const std::size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? 16 : 8;
    UniqueFd ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attr, size, 0)));
    if (!ruleset)
        return stepFailed("make a Landlock ruleset", {}, errno);
    for (const PathRule& rule : rules)
        GH_TRY(addRule(ruleset.get(), rule, attr.handledAccessFs));
    if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
        return stepFailed("apply Landlock", {}, errno);
    return {};
}

} // namespace gatehouse::isolation
