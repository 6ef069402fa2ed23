#include "tests/bench/processes.h"

#include "core/foundation/uniquefd.h"
#include "tests/bench/measure.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <optional>
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

// Nothing when it takes too long between two pieces.
std::optional<std::string> readAll(int fd)
{
    constexpr int longestSilence = 60'000; // milliseconds
    std::string text;
    char buffer[4096];
    for (;;) {
        struct pollfd waiting = {fd, POLLIN, 0};
        if (::poll(&waiting, 1, longestSilence) <= 0)
            return std::nullopt;
        const ssize_t got = ::read(fd, buffer, sizeof buffer);
        if (got <= 0)
            return text;
        text.append(buffer, static_cast<std::size_t>(got));
    }
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

namespace {

struct Child {
    pid_t id = -1;
    UniqueFd output;
};

Result<Child> start(const std::vector<std::string>& command, const std::vector<std::pair<std::string, std::string>>& environment)
{
    int pipeEnds[2];
    if (::pipe2(pipeEnds, O_CLOEXEC) != 0)
        return failErrno("pipe", "Could not make a pipe", errno);
    Child child;
    child.output.reset(pipeEnds[0]);
    const UniqueFd out(pipeEnds[1]);
    std::vector<char*> argv;
    for (const std::string& word : command)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    child.id = ::fork();
    if (child.id == 0) {
        for (const auto& [name, value] : environment)
            ::setenv(name.c_str(), value.c_str(), 1);
        ::dup2(out.get(), STDOUT_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    if (child.id < 0)
        return failErrno("fork", "Could not start a process", errno);
    return child;
}

} // namespace

Result<double> timeUntilPainted(const std::vector<std::string>& command,
                                const std::vector<std::pair<std::string, std::string>>& environment)
{
    const Stopwatch watch;
    GH_ASSIGN(const Child child, start(command, environment));
    const bool painted = readUntilPainted(child.output.get());
    const double time = watch.milliseconds();
    if (!painted)
        ::kill(child.id, SIGKILL);
    waitFor(child.id);
    if (!painted)
        return fail(ErrorCode::System, command.front(), "It did not say that it painted");
    return time;
}

Result<double> figureOf(const std::vector<std::string>& command, const std::vector<std::pair<std::string, std::string>>& environment)
{
    GH_ASSIGN(const Child child, start(command, environment));
    const std::optional<std::string> text = readAll(child.output.get());
    if (!text)
        ::kill(child.id, SIGKILL);
    const int status = waitFor(child.id);
    const std::size_t line = text && text->size() > 1 ? text->rfind('\n', text->size() - 2) + 1 : 0;
    double figure = 0;
    if (!text || !WIFEXITED(status) || WEXITSTATUS(status) != 0 || std::sscanf(text->c_str() + line, "%lf", &figure) != 1)
        return fail(ErrorCode::System, command.front(), "It did not give a figure");
    return figure;
}

} // namespace gatehouse::bench
