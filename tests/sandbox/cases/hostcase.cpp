// A host in a process of its own, for tests that kill it or look at it from outside:
//   sandbox-host-case WORKER [memory=MIB] [processes=N] [call=MS] [workspace=DIR] [access=ro|none|overlay] -- COMMAND…
// Prints the outcome as "end status wall limit:value/maximum…" on standard error, the command's streams on ours.
#include "sandbox/backends/localbackend.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace gatehouse;

static void set(execution::SandboxSpec& spec, const std::string& option)
{
    const std::string value = option.substr(option.find('=') + 1);
    if (option.starts_with("memory="))
        spec.limits.memory = std::strtoull(value.c_str(), nullptr, 10) << 20;
    else if (option.starts_with("processes="))
        spec.limits.processes = std::strtoull(value.c_str(), nullptr, 10);
    else if (option.starts_with("disk="))
        spec.limits.disk = std::strtoull(value.c_str(), nullptr, 10) << 20;
    else if (option.starts_with("call="))
        spec.limits.call = std::chrono::milliseconds(std::atoll(value.c_str()));
    else if (option.starts_with("workspace="))
        spec.workspace = value;
    else if (option.starts_with("tools="))
        spec.tools = value;
    else if (option.starts_with("access="))
        spec.access = value == "ro" ? execution::WorkspaceAccess::ReadOnly
            : value == "none"       ? execution::WorkspaceAccess::None
                                    : execution::WorkspaceAccess::Overlay;
}

static int failed(const Error& error)
{
    std::fprintf(stderr, "error %d %s\n", static_cast<int>(error.code), error.toString().c_str());
    return 70;
}

static void print(const execution::ExecOutcome& outcome)
{
    static constexpr const char* ends[] = {"exited", "signalled", "limit", "cancelled"};
    std::fwrite(outcome.output.head.data(), 1, outcome.output.head.size(), stdout);
    std::fwrite(outcome.output.tail.data(), 1, outcome.output.tail.size(), stdout);
    std::fwrite(outcome.error.head.data(), 1, outcome.error.head.size(), stderr);
    std::fprintf(stderr, "%s %d %lld", ends[static_cast<int>(outcome.end)], outcome.status, static_cast<long long>(outcome.wall.count()));
    for (const auto& limit : outcome.limits)
        std::fprintf(stderr, " %s:%lld/%lld", std::string(execution::limitName(limit.limit)).c_str(), static_cast<long long>(limit.value),
                     static_cast<long long>(limit.maximum));
    for (const auto& change : outcome.changes.changes)
        std::fprintf(stderr, "\n  %s %d->%d", change.path.c_str(), static_cast<int>(change.before.kind),
                     static_cast<int>(change.after.kind));
    std::fprintf(stderr, "\n");
}

int main(int argc, char** argv)
{
    backends::LocalOptions options;
    options.worker = argc > 1 ? argv[1] : "";
    execution::SandboxSpec spec;
    spec.limits.memory = 512 << 20;
    spec.limits.processes = 64;
    int at = 2;
    for (; at < argc && std::strcmp(argv[at], "--") != 0; ++at)
        set(spec, argv[at]);
    execution::ExecRequest request;
    for (++at; at < argc; ++at)
        request.argv.emplace_back(argv[at]);
    const auto backend = backends::makeLocalBackend(options);
    if (request.argv.empty()) {
        const auto report = backend->probe();
        if (!report)
            return failed(report.error());
        for (const auto& layer : report->layers)
            std::printf("%s %s %s\n", std::string(execution::layerName(layer.layer)).c_str(),
                        std::string(execution::layerStateName(layer.state)).c_str(), layer.why.c_str());
        return 0;
    }
    const auto session = backend->open(spec, CancelToken());
    if (!session)
        return failed(session.error());
    std::fprintf(stderr, "open\n");
    const auto outcome = (*session)->exec(request, nullptr, CancelToken());
    if (!outcome)
        return failed(outcome.error());
    print(*outcome);
    return outcome->end == execution::ExecEnd::Exited ? outcome->status : 71;
}
