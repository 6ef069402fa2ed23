#include "tests/bench/processes.h"

#include "tests/bench/measure.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sstream>
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

enum class Complaints { Heard, Unheard };

Result<Child> start(const std::vector<std::string>& command, const Environment& environment, Complaints complaints = Complaints::Heard)
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
        if (complaints == Complaints::Unheard)
            ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    if (child.id < 0)
        return failErrno("fork", "Could not start a process", errno);
    return child;
}

} // namespace

Result<double> timeUntilPainted(const std::vector<std::string>& command, const Environment& environment)
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

Result<double> figureOf(const std::vector<std::string>& command, const Environment& environment)
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

Result<void> mustBeInstalled(const std::string& program)
{
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((folder + '/' + program).c_str(), X_OK) == 0)
            return {};
    return fail(ErrorCode::NotFound, program, "Not measured: the program is not installed", "./dev setup installs it");
}

Result<Program> Program::start(const std::vector<std::string>& command, const Environment& environment)
{
    GH_ASSIGN(Child child, bench::start(command, environment, Complaints::Unheard));
    Program program;
    program.m_id = child.id;
    program.m_output = std::move(child.output);
    return program;
}

Program& Program::operator=(Program&& other) noexcept
{
    if (this != &other) {
        end();
        m_id = std::exchange(other.m_id, -1);
        m_output = std::move(other.m_output);
    }
    return *this;
}

Result<std::string> Program::readLine(std::chrono::milliseconds longest) const
{
    std::string text;
    char letter = 0;
    for (;;) {
        struct pollfd waiting = {m_output.get(), POLLIN, 0};
        if (::poll(&waiting, 1, int(longest.count())) <= 0 || ::read(m_output.get(), &letter, 1) != 1)
            return fail(ErrorCode::System, {}, "A program did not say what was waited for");
        if (letter == '\n')
            return text;
        text += letter;
    }
}

Result<void> Program::waitForEnd(std::chrono::milliseconds longest)
{
    // Its end closes the pipe.
    struct pollfd waiting = {m_output.get(), POLLIN, 0};
    if (::poll(&waiting, 1, int(longest.count())) <= 0)
        return fail(ErrorCode::System, {}, "A program did not end in time");
    const int status = waitFor(std::exchange(m_id, -1));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(ErrorCode::System, {}, "A program did not succeed");
    return {};
}

void Program::end()
{
    if (m_id < 0)
        return;
    ::kill(m_id, SIGTERM);
    constexpr int longestEnd = 5000; // milliseconds
    const Stopwatch watch;
    int status = 0;
    while (::waitpid(m_id, &status, WNOHANG) == 0) {
        if (watch.milliseconds() > longestEnd) {
            ::kill(m_id, SIGKILL);
            waitFor(m_id);
            break;
        }
        ::poll(nullptr, 0, 5);
    }
    m_id = -1;
}

} // namespace gatehouse::bench
