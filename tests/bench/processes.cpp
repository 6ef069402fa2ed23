#include "tests/bench/processes.h"

#include "core/foundation/uniquefd.h"
#include "tests/bench/measure.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

constexpr int longestPaint = 30000; // milliseconds

int waitFor(pid_t child)
{
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) { }
    return status;
}

// False when the pipe closed or nothing came in time.
bool readUntilPainted(int fd)
{
    std::string text;
    char buffer[4096];
    while (text.find("painted\n") == std::string::npos) {
        struct pollfd waiting = {fd, POLLIN, 0};
        if (::poll(&waiting, 1, longestPaint) <= 0)
            return false;
        const ssize_t got = ::read(fd, buffer, sizeof buffer);
        if (got <= 0)
            return false;
        text.append(buffer, static_cast<std::size_t>(got));
    }
    return true;
}

} // namespace

Result<double> forkAndExecTrue()
{
    const Stopwatch watch;
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl("/bin/true", "true", static_cast<char*>(nullptr));
        ::_exit(127);
    }
    if (child < 0)
        return failErrno("fork", "Could not start a process", errno);
    const int status = waitFor(child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(ErrorCode::System, "/bin/true", "It did not succeed");
    return watch.milliseconds();
}

Result<double> timeUntilPainted(const std::vector<std::string>& command,
                                const std::vector<std::pair<std::string, std::string>>& environment)
{
    int pipeEnds[2];
    if (::pipe2(pipeEnds, O_CLOEXEC) != 0)
        return failErrno("pipe", "Could not make a pipe", errno);
    const UniqueFd in(pipeEnds[0]);
    UniqueFd out(pipeEnds[1]);
    std::vector<char*> argv;
    for (const std::string& word : command)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const Stopwatch watch;
    const pid_t child = ::fork();
    if (child == 0) {
        for (const auto& [name, value] : environment)
            ::setenv(name.c_str(), value.c_str(), 1);
        ::dup2(out.get(), STDOUT_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    if (child < 0)
        return failErrno("fork", "Could not start a process", errno);
    out.reset();
    const bool painted = readUntilPainted(in.get());
    const double time = watch.milliseconds();
    if (!painted)
        ::kill(child, SIGKILL);
    waitFor(child);
    if (!painted)
        return fail(ErrorCode::System, command.front(), "It did not say that it painted");
    return time;
}

} // namespace gatehouse::bench
