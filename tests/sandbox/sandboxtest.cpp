#include "tests/sandbox/sandboxtest.h"
#include "tests/support/places.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatehouse::test {

namespace files = std::filesystem;

static constexpr uid_t plainUser = 65534;
static std::string copies; // the folder of a plain user's own; empty: the build's

std::string roleName()
{
    return ::geteuid() == 0 ? "root" : "plain";
}

std::string workerProgram()
{
    return copies.empty() ? programPath("gatehouse-worker") : copies + "/gatehouse-worker";
}

std::string hostCaseProgram()
{
    return copies.empty() ? testProgramPath("sandbox-host-case") : copies + "/sandbox-host-case";
}

static std::string hostileCaseProgram()
{
    return copies.empty() ? testProgramPath("sandbox-hostile-case") : copies + "/sandbox-hostile-case";
}

static void copyProgram(const std::string& from, const std::string& folder)
{
    const files::path to = files::path(folder) / files::path(from).filename();
    files::copy_file(from, to);
    files::permissions(to, files::perms(0755));
}

std::string hostileTools(const std::string& folder)
{
    copyProgram(hostileCaseProgram(), folder);
    return folder;
}

[[noreturn]] static void runAsPlainUser(const std::string& folder, int argc, char** argv, int (*body)(int, char**))
{
    copyProgram(workerProgram(), folder);
    copyProgram(hostCaseProgram(), folder);
    copyProgram(hostileCaseProgram(), folder);
    copies = folder;
    ::setenv("TMPDIR", folder.c_str(), 1);
    ::setenv("HOME", folder.c_str(), 1);
    if (::chown(folder.c_str(), plainUser, plainUser) != 0 || ::chdir(folder.c_str()) != 0 || ::setgroups(0, nullptr) != 0 ||
        ::setresgid(plainUser, plainUser, plainUser) != 0 || ::setresuid(plainUser, plainUser, plainUser) != 0)
        std::_Exit(71);
    ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    const int status = body(argc, argv);
    std::fflush(nullptr);
    std::_Exit(status);
}

int runInRoles(int argc, char** argv, int (*body)(int, char**))
{
    if (::geteuid() != 0) {
        std::printf("sandbox tests: as a plain user only, not started by root\n");
        return body(argc, argv);
    }
    std::string folder = "/var/tmp/gatehouse-tests-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr)
        return 71;
    std::printf("sandbox tests: as a plain user\n");
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child == 0)
        runAsPlainUser(folder, argc, argv, body);
    int status = 0;
    ::waitpid(child, &status, 0);
    std::error_code ignored;
    files::remove_all(folder, ignored);
    std::printf("sandbox tests: as root\n");
    std::fflush(nullptr);
    const int plain = WIFEXITED(status) ? WEXITSTATUS(status) : 70;
    return std::max(plain, body(argc, argv));
}

std::unique_ptr<backends::LocalBackend> makeBackend()
{
    backends::LocalOptions options;
    options.worker = workerProgram();
    return backends::makeLocalBackend(options);
}

execution::SandboxSpec smallSpec(const std::string& workspace)
{
    execution::SandboxSpec spec;
    spec.workspace = workspace;
    spec.limits.memory = 512ull << 20;
    spec.limits.processes = 64;
    spec.limits.call = std::chrono::seconds(30);
    return spec;
}

execution::ExecRequest shell(const std::string& script)
{
    execution::ExecRequest request;
    request.argv = {"sh", "-c", script};
    return request;
}

} // namespace gatehouse::test
