#include "sandbox/backends/localsession.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "sandbox/protocol/limits.h"

namespace gatehouse::backends {

using execution::ExecOutcome;
using execution::ExecRequest;
using execution::FileCommit;
using execution::FileKind;

static UniqueFd upperOf(const UniqueFd& layer)
{
    auto upper = layer ? openBeneath(layer.get(), "upper", O_RDONLY | O_DIRECTORY) : Result<UniqueFd>(UniqueFd());
    return upper ? std::move(*upper) : UniqueFd();
}

LocalSession::LocalSession(host::LauncherClient& launcher, host::LaunchedSandbox sandbox, execution::SandboxSpec spec)
    : m_launcher(launcher),
      m_spec(std::move(spec)),
      m_created(std::move(sandbox.created)),
      m_process(std::move(sandbox.process)),
      m_layer(std::move(sandbox.layer)),
      m_workspace(upperOf(m_layer), std::move(sandbox.workspace)),
      m_scanner(m_workspace.upper(), m_workspace.lower()),
      m_disk(m_layer ? m_layer.get() : -1, static_cast<pid_t>(m_created.pid), m_spec.limits.disk, m_spec.limits.inodes),
      m_channel(std::move(sandbox.channel), m_process.get())
{
}

LocalSession::~LocalSession()
{
    close();
}

void LocalSession::close()
{
    if (m_closed.exchange(true))
        return;
    // First, without the lock: a call in progress then ends by itself.
    ::syscall(SYS_pidfd_send_signal, m_process.get(), SIGKILL, nullptr, 0);
    const std::lock_guard lock(m_mutex);
    (void)m_launcher.destroy(m_created.sandbox);
}

Result<void> LocalSession::awaitReady()
{
    // What a kept state folder already holds is the past, not this sandbox's doing.
    if (!m_spec.state.empty())
        GH_TRY(m_scanner.scan());
    return m_channel.awaitReady();
}

Result<void> LocalSession::checkAlive() const
{
    if (m_closed || m_channel.broken())
        return fail(ErrorCode::Worker, "sandbox", "The sandbox has ended");
    return {};
}

Result<execution::ChangeSet> LocalSession::changes(const CancelToken& cancel)
{
    return m_spec.access == execution::WorkspaceAccess::ReadOnly ? execution::ChangeSet() : m_scanner.scan(cancel);
}

static bool isVariableName(const std::string& name)
{
    return !name.empty() && name.find_first_of(std::string("=\0", 2)) == std::string::npos;
}

// Later settings of a name win, as in a shell's own environment.
static Result<void> addEnvironment(std::vector<std::string>& lines, const execution::Environment& environment)
{
    for (const auto& [name, value] : environment) {
        if (!isVariableName(name) || value.find('\0') != std::string::npos || value.size() + name.size() >= protocol::maximumString)
            return fail(ErrorCode::InvalidInput, name, "The environment variable can't be passed to a command");
        std::erase_if(lines, [&](const std::string& line) { return line.starts_with(name + '='); });
        lines.push_back(name + '=' + value);
    }
    return {};
}

static Result<void> checkArguments(const std::vector<std::string>& argv)
{
    if (argv.empty() || argv[0].empty())
        return fail(ErrorCode::InvalidInput, {}, "There is no command to run");
    for (const std::string& argument : argv)
        if (argument.find('\0') != std::string::npos || argument.size() >= protocol::maximumString)
            return fail(ErrorCode::InvalidInput, argv[0], "An argument is longer than 128 KiB or holds a NUL byte",
                        "Pass long values in a file");
    return {};
}

static Result<std::string> absoluteWorkdir(const std::string& workdir)
{
    if (workdir.find('\0') != std::string::npos || workdir.size() >= protocol::maximumPath - 16)
        return fail(ErrorCode::InvalidInput, workdir, "The working directory is not a path");
    if (workdir.starts_with('/'))
        return workdir;
    return workdir.empty() ? std::string("/workspace") : "/workspace/" + workdir;
}

Result<host::WireCall> LocalSession::wireCall(const ExecRequest& request) const
{
    host::WireCall call;
    GH_TRY(checkArguments(request.argv));
    call.exec.argv = request.argv;
    GH_ASSIGN(call.exec.workdir, absoluteWorkdir(request.workdir));
    call.exec.environment = {"PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
                             "HOME=/home/agent",
                             "TMPDIR=/tmp",
                             "LANG=C.UTF-8",
                             "USER=agent",
                             "LOGNAME=agent",
                             "SHELL=/bin/sh"};
    GH_TRY(addEnvironment(call.exec.environment, m_spec.environment));
    GH_TRY(addEnvironment(call.exec.environment, request.environment));
    auto timeout = m_spec.limits.call;
    if (request.timeout && request.timeout->count() > 0)
        timeout = std::min(timeout, *request.timeout);
    call.exec.timeoutMs = static_cast<std::uint64_t>(std::max<std::int64_t>(1, timeout.count()));
    call.exec.output = std::min(m_spec.limits.output, protocol::maximumOutput);
    call.exec.streamed = request.outputMode == execution::OutputMode::Streamed;
    call.parts.push_back(request.standardInput);
    for (const execution::InputFile& file : request.files) {
        if (!isVariableName(file.variable))
            return fail(ErrorCode::InvalidInput, file.variable, "The environment variable can't be passed to a command");
        call.exec.files.emplace_back(file.variable, file.bytes.size());
        call.parts.push_back(file.bytes);
    }
    call.exec.inputSize = request.standardInput.size();
    for (const std::string& part : call.parts)
        if (part.size() > protocol::maximumContent || request.files.size() > protocol::maximumInputFiles)
            return fail(ErrorCode::InvalidInput, request.argv[0], "The command's input is too large",
                        "A command takes at most 64 MiB of input and 64 input files");
    return call;
}

// The worker shares the cgroup of what it runs. Memory that outlives processes (System V messages) leaves the kernel nobody else to
// kill: then the limit ended the sandbox. The kernel's figures are of the sandbox's whole life, so they say nothing once a call before
// met the limit.
Error LocalSession::causeOfDeath(Error error)
{
    if (!m_channel.hasDied() || m_memoryLimitMet)
        return error;
    const auto end = m_launcher.endOf(m_created.sandbox);
    if (!end || end->memoryPeak == 0)
        return error;
    return {ErrorCode::Limit, "sandbox",
            Message("limit: memory (%1 of %2 bytes), and the sandbox ended with it",
                    {std::to_string(std::max(end->memoryPeak, m_spec.limits.memory)), std::to_string(m_spec.limits.memory)})};
}

static bool metMemoryLimit(const ExecOutcome& outcome)
{
    return std::ranges::any_of(outcome.limits,
                               [](const execution::LimitBreach& breach) { return breach.limit == execution::Limit::Memory; });
}

Result<ExecOutcome> LocalSession::exec(const ExecRequest& request, execution::ExecObserver* observer, const CancelToken& cancel)
{
    GH_ASSIGN(const host::WireCall call, wireCall(request));
    const std::lock_guard lock(m_mutex);
    GH_TRY(checkAlive());
    m_disk.beginCall();
    auto called = m_channel.call(call, observer, cancel, m_layer ? [this] { return m_disk.check(); } : host::WorkerChannel::Watch());
    if (!called)
        return std::unexpected(causeOfDeath(std::move(called).error()));
    ExecOutcome outcome = *std::move(called);
    m_memoryLimitMet = m_memoryLimitMet || metMemoryLimit(outcome);
    // How the command ended is known, whatever became of its workspace.
    if (auto changed = changes(cancel); changed)
        outcome.changes = *std::move(changed);
    else
        outcome.changesError = changed.error();
    return outcome;
}

static Result<protocol::CommitFile> wireFile(const FileCommit& file)
{
    protocol::CommitFile wire;
    if (!isPlainRelativePath(file.path) || file.path.size() >= protocol::maximumPath)
        return fail(ErrorCode::InvalidInput, file.path, "The path is not a plain path beneath the workspace");
    if (file.kind != FileKind::Regular && file.kind != FileKind::Directory && file.kind != FileKind::Symlink)
        return fail(ErrorCode::InvalidInput, file.path, "Only files, folders and symbolic links can be committed");
    wire.path = file.path;
    wire.mustBeAbsent = !file.expectedSha256;
    wire.expected = file.expectedSha256.value_or(std::string());
    wire.remove = !file.bytes;
    wire.kind = file.kind == FileKind::Directory ? protocol::WireKind::Directory
        : file.kind == FileKind::Symlink         ? protocol::WireKind::Symlink
                                                 : protocol::WireKind::Regular;
    wire.mode = file.mode & 0777;
    wire.size = file.bytes && file.kind != FileKind::Directory ? file.bytes->size() : 0;
    if (wire.size > protocol::maximumContent || wire.expected.size() > 64)
        return fail(ErrorCode::InvalidInput, file.path, "The file is too large to be committed");
    return wire;
}

static std::unexpected<Error> commitError(const protocol::CommitDone& done, const std::vector<FileCommit>& files)
{
    const std::string& path = files[done.file].path;
    if (done.end == protocol::CommitEnd::NotAsExpected)
        return fail(ErrorCode::InvalidInput, path, "The file is not as it was expected to be", "Nothing was changed; read it again");
    auto failed = failErrno(path, "Could not write the file in the sandbox", static_cast<int>(done.error));
    failed.error().code = ErrorCode::InvalidInput;
    return failed;
}

Result<execution::ChangeSet> LocalSession::commitFiles(const std::vector<FileCommit>& files)
{
    if (files.size() > protocol::maximumCommitFiles)
        return fail(ErrorCode::InvalidInput, {},
                    Message("A commit takes at most %1 files", {std::to_string(protocol::maximumCommitFiles)}));
    std::vector<protocol::CommitFile> wire;
    std::vector<std::string> contents;
    for (const FileCommit& file : files) {
        GH_ASSIGN(protocol::CommitFile one, wireFile(file));
        contents.push_back(one.size > 0 ? *file.bytes : std::string());
        wire.push_back(std::move(one));
    }
    const std::lock_guard lock(m_mutex);
    GH_TRY(checkAlive());
    if (files.empty())
        return execution::ChangeSet();
    GH_ASSIGN(const protocol::CommitDone done, m_channel.commit(wire, contents));
    if (done.end != protocol::CommitEnd::Committed)
        return commitError(done, files);
    return changes({});
}

Result<std::string> LocalSession::probeLines()
{
    const std::lock_guard lock(m_mutex);
    GH_TRY(checkAlive());
    host::WireCall call;
    call.probe = true;
    GH_ASSIGN(const ExecOutcome outcome, m_channel.call(call, nullptr, CancelToken(), nullptr));
    return outcome.output.head;
}

} // namespace gatehouse::backends
