// runs, show, diff, verify: reading what is recorded.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/engine/rundiff.h"
#include "core/engine/runstore.h"
#include "core/journal/reader.h"
#include "core/journal/verify.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <filesystem>

namespace gatehouse::cli {

using nlohmann::json;

static constexpr std::size_t readBatch = 1024;

static QString tr(const char* text)
{
    return QCoreApplication::translate("cli", text);
}

static std::string phaseName(const engine::StoredRun& run)
{
    if (!run.damage.empty())
        return "damaged";
    switch (run.state.phase) {
    case journal::RunPhase::Paused:
        return "waiting";
    case journal::RunPhase::Finished:
        return run.state.outcome;
    case journal::RunPhase::Closed:
        return "closed";
    case journal::RunPhase::Abandoned:
        return "abandoned";
    case journal::RunPhase::Opened:
        break;
    }
    return run.writerAlive ? "running" : "interrupted";
}

// A run's folder, from a word or from a path that is one.
static Result<std::string> runDirectory(const Arguments& arguments, int index)
{
    std::string word = arguments.at(index);
    std::error_code ignored;
    if (std::filesystem::exists(word + "/journal.jsonl", ignored))
        return word;
    GH_ASSIGN(const std::string project, projectOf(arguments));
    return engine::RunStore(project).find(word);
}

ExitStatus runsCommand(const QStringList& raw)
{
    Arguments arguments(raw.first(), tr("Lists the runs of a project, newest first."), QStringLiteral("[--json]"));
    arguments.projectOption();
    arguments.jsonOption();
    if (const auto status = arguments.parse(raw, 0, 0))
        return *status;
    const auto project = projectOf(arguments);
    if (!project)
        return reportError(arguments.name(), project.error());
    json all = json::array();
    for (const engine::StoredRun& run : engine::RunStore(*project).list()) {
        all.push_back({{"run", run.id.text()},
                       {"dir", run.directory},
                       {"name", run.state.name},
                       {"class", run.state.cls},
                       {"state", phaseName(run)},
                       {"started", run.state.openedAt},
                       {"turns", run.state.turns},
                       {"toolCalls", run.state.toolCalls},
                       {"denied", run.state.denied},
                       {"requester", run.state.requester},
                       {"damage", run.damage}});
        if (!arguments.json())
            printLine(QStringLiteral("%1  %2  %3  %4")
                          .arg(QString::fromStdString(run.id.text()), QString::fromStdString(run.state.openedAt))
                          .arg(QString::fromStdString(phaseName(run)), -14)
                          .arg(QString::fromStdString(run.damage.empty() ? run.state.name : run.damage)));
    }
    if (arguments.json())
        printJson(all);
    else if (all.empty())
        tell(tr("There are no runs yet."));
    return ExitStatus::Done;
}

// One line for people: what the record is about, without its payloads.
static std::string summary(const journal::Record& record)
{
    static const std::vector<const char*> fields = {"tool",     "call",   "point", "effect",  "rule",   "id",
                                                    "decision", "reason", "why",   "outcome", "status", "limit",
                                                    "turn",     "agent",  "model", "by",      "cause",  "error"};
    std::string out;
    for (const char* field : fields) {
        const auto found = record.data.find(field);
        if (found == record.data.end() || found->is_object() || found->is_array() || found->is_null())
            continue;
        out += std::string(out.empty() ? "" : " ") + field + '=' + (found->is_string() ? found->get<std::string>() : found->dump());
    }
    return out;
}

ExitStatus showCommand(const QStringList& raw)
{
    Arguments arguments(raw.first(), tr("Prints the records of a run in their order; with --json each is the journal's own line."),
                        QStringLiteral("RUN [--json]"));
    arguments.projectOption();
    arguments.jsonOption();
    if (const auto status = arguments.parse(raw, 1, 1))
        return *status;
    const auto directory = runDirectory(arguments, 0);
    if (!directory)
        return reportError(arguments.name(), directory.error());
    // From here on standard output has lines of the journal and nothing that could be taken for one.
    auto reader = journal::Reader::openVerified(*directory);
    if (!reader)
        return tellError(arguments.name(), reader.error());
    for (std::uint64_t seq = 0;;) {
        const auto records = reader->readFrom(seq, readBatch);
        if (!records)
            return tellError(arguments.name(), records.error());
        if (records->empty() || outputFailure() != 0)
            return ExitStatus::Done;
        seq += records->size();
        for (const journal::Record& record : *records) {
            if (arguments.json())
                printJsonText(record.line + '\n');
            else
                printLine(QStringLiteral("%1  %2  %3 %4")
                              .arg(record.seq, 5)
                              .arg(QString::fromStdString(record.wall))
                              .arg(QString::fromUtf8(eventTypeName(record.type).data(),
                                                     static_cast<qsizetype>(eventTypeName(record.type).size())),
                                   -22)
                              .arg(QString::fromStdString(summary(record))));
        }
    }
}

ExitStatus diffCommand(const QStringList& raw)
{
    Arguments arguments(raw.first(), tr("Prints the change of a git entry as a patch relative to it."),
                        QStringLiteral("RUN [--step N] [--entry NAME] [--json]"));
    arguments.projectOption();
    arguments.jsonOption();
    arguments.option(QStringLiteral("step"), tr("Only what step N changed."), QStringLiteral("N"));
    arguments.option(QStringLiteral("entry"), tr("The git entry, where there are several; '.' is the whole workspace."),
                     QStringLiteral("NAME"));
    if (const auto status = arguments.parse(raw, 1, 1))
        return *status;
    engine::DiffRequest request;
    request.entry = arguments.value(QStringLiteral("entry"));
    if (const auto step = arguments.value(QStringLiteral("step"))) {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(step->data(), step->data() + step->size(), number);
        if (error != std::errc() || end != step->data() + step->size())
            return reportUsage(arguments.name(), tr("--step takes a number"), tr("see gatehouse diff --help"));
        request.step = number;
    }
    const auto directory = runDirectory(arguments, 0);
    const auto patch = directory ? engine::runPatch(*directory, request) : std::unexpected(directory.error());
    if (!patch)
        return reportError(arguments.name(), patch.error());
    json excludedPaths = json::array();
    for (const workspace::ExcludedPath& excluded : patch->excluded) {
        excludedPaths.push_back(excluded.path);
        tell(tr("Not in the patch: %1").arg(QString::fromStdString(excluded.path)));
    }
    if (arguments.json())
        printJson({{"patch", patch->text}, {"excluded", std::move(excludedPaths)}});
    else
        printForeign(patch->text);
    return ExitStatus::Done;
}

ExitStatus verifyCommand(const QStringList& raw)
{
    Arguments arguments(raw.first(), tr("Checks every byte of a run's record and names the first that is not as it was written."),
                        QStringLiteral("RUN [--json]"));
    arguments.projectOption();
    arguments.jsonOption();
    if (const auto status = arguments.parse(raw, 1, 1))
        return *status;
    const auto directory = runDirectory(arguments, 0);
    const auto verification = directory ? journal::verify(*directory) : std::unexpected(directory.error());
    if (!verification)
        return reportError(arguments.name(), verification.error());
    json findings = json::array();
    for (const journal::Finding& finding : verification->findings) {
        json entry = {
            {"kind", findingKindName(finding.kind)}, {"file", finding.file}, {"line", finding.line}, {"message", finding.message.format()}};
        if (finding.seq)
            entry["seq"] = *finding.seq;
        entry["recoverable"] = finding.recoverable();
        findings.push_back(std::move(entry));
        if (!arguments.json())
            tell(QStringLiteral("%1: %2").arg(QString::fromStdString(finding.where()), translated(finding.message)));
    }
    if (arguments.json())
        printJson({{"ok", verification->ok},
                   {"records", verification->records},
                   {"sealed", verification->sealed},
                   {"findings", std::move(findings)}});
    else if (verification->ok)
        printLine(verification->sealed ? tr("ok: %1 records, all covered by the checkpoint").arg(verification->records)
                                       : tr("ok: %1 records; the run is not sealed yet").arg(verification->records));
    return verification->ok ? ExitStatus::Done : ExitStatus::CheckFailed;
}

} // namespace gatehouse::cli
