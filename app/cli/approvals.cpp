// approvals, and the controls of a run.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/projectoption.h"
#include "core/approval/presentation.h"
#include "core/base/canonicaljson.h"
#include "core/engine/runpaths.h"
#include "core/engine/runstore.h"
#include "core/journal/lock.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace gatehouse::cli {

using nlohmann::json;

static QString tr(const char* text)
{
    return QCoreApplication::translate("cli", text);
}

namespace {

std::string stateOf(const approval::RequestStatus& status)
{
    if (status.state == approval::RequestState::Resolved && status.decision)
        return *status.decision == approval::VoteDecision::Approve ? "approved" : "denied";
    return std::string(stateName(status.state));
}

json toJson(const engine::StoredApproval& stored)
{
    const approval::Request& request = stored.status.request;
    json quorum = policy::toJson(request.obligations).value("quorum", json::array());
    if (quorum.empty())
        quorum.push_back({{"role", ""}, {"n", 1}});
    const auto expires = request.expiresAt();
    return {
        {"id", request.id.text()},     {"run", stored.run.text()},  {"state", stateOf(stored.status)},
        {"tool", request.tool},        {"digest", request.binding}, {"expires", expires ? json(approval::formatWall(*expires)) : json()},
        {"quorum", std::move(quorum)}, {"rule", request.rule},      {"confirmedBy", stored.status.decision ? json("one person") : json()}};
}

ExitStatus list(const Arguments& arguments, const engine::RunStore& store)
{
    const engine::StoredApprovals all = store.approvals();
    json out = json::array();
    for (const engine::StoredApproval& stored : all.approvals) {
        out.push_back(toJson(stored));
        if (!arguments.json())
            printLine(QStringLiteral("%1  %2  %3  run %4")
                          .arg(QString::fromStdString(stored.status.request.id.text()))
                          .arg(QString::fromStdString(stateOf(stored.status)), -12)
                          .arg(QString::fromStdString(stored.status.request.tool), QString::fromStdString(stored.run.text())));
    }
    if (arguments.json())
        printJson(out);
    else if (out.empty() && all.unreadable.empty())
        tell(tr("Nothing waits for a person."));
    // The others are shown all the same: one damaged run must not keep every other from being decided.
    ExitStatus status = ExitStatus::Done;
    for (const engine::UnreadableRun& run : all.unreadable)
        status =
            gravest({status, tellError(tr("what waits in run %1 can't be told").arg(QString::fromStdString(run.run.text())), run.error)});
    return status;
}

ExitStatus show(const Arguments& arguments, const engine::RunStore& store, const engine::StoredApproval& stored)
{
    const auto text = store.presentation(stored);
    const auto value = text ? parseCanonical(*text) : std::unexpected(text.error());
    const auto presentation = value ? approval::presentationFromJson(*value) : std::unexpected(value.error());
    if (!presentation)
        return reportError(arguments.name(), presentation.error());
    if (arguments.json()) {
        json out = toJson(stored);
        out["presentation"] = *value;
        printJson(out);
    } else {
        print(approval::renderText(*presentation));
    }
    return ExitStatus::Done;
}

ExitStatus decide(const Arguments& arguments, const engine::RunStore& store, const engine::StoredApproval& stored,
                  approval::VoteDecision decision, app::EngineServices& services)
{
    const approval::Vote vote{
        stored.status.request.id,     app::principal(), decision, arguments.value(QStringLiteral("reason")).value_or(""), "command-line",
        stored.status.request.binding};
    const auto status = store.vote(stored, vote, services.clock());
    if (!status)
        return reportError(arguments.name(), status.error());
    engine::StoredApproval now = stored;
    now.status = *status;
    if (arguments.json())
        printJson(toJson(now));
    else
        tell(tr("%1 is %2 (confirmed by one person).")
                 .arg(QString::fromStdString(vote.id.text()), QString::fromStdString(stateOf(*status))));
    if (!journal::isWriterAlive(stored.directory))
        tell(tr("Nobody works on the run: %1 resume %2 goes on with it.")
                 .arg(programFor(engine::projectOf(stored.directory)), QString::fromStdString(stored.run.text())));
    return ExitStatus::Done;
}

} // namespace

ExitStatus approvalsCommand(const QStringList& raw, app::EngineServices& services)
{
    Arguments arguments(raw.first(), tr("What waits for a person: lists, shows and decides it."),
                        QStringLiteral("[list | show ID | approve ID [--reason R] | deny ID --reason R]"));
    arguments.projectOption();
    arguments.jsonOption();
    arguments.option(QStringLiteral("reason"), tr("Why; the agent and the record get it."), QStringLiteral("R"));
    if (const auto status = arguments.parse(raw, 0, 2))
        return *status;
    const auto project = projectOf(arguments);
    if (!project)
        return reportError(arguments.name(), project.error());
    const engine::RunStore store(*project);
    const QString verb = arguments.positional().value(0, QStringLiteral("list"));
    if (verb == QStringLiteral("list") && arguments.positional().size() <= 1)
        return list(arguments, store);
    const bool known = verb == QStringLiteral("show") || verb == QStringLiteral("approve") || verb == QStringLiteral("deny");
    if (!known || arguments.positional().size() != 2)
        return reportUsage(arguments.name(), tr("expected list, show ID, approve ID or deny ID"), tr("see gatehouse approvals --help"));
    if (verb == QStringLiteral("deny") && !arguments.has(QStringLiteral("reason")))
        return reportUsage(arguments.name(), tr("a denial needs --reason"), tr("the agent is told why"));
    const auto stored = store.findApproval(arguments.at(1));
    if (!stored)
        return reportError(arguments.name(), stored.error());
    if (verb == QStringLiteral("show"))
        return show(arguments, store, *stored);
    return decide(arguments, store, *stored,
                  verb == QStringLiteral("approve") ? approval::VoteDecision::Approve : approval::VoteDecision::Deny, services);
}

ExitStatus controlCommand(const QStringList& raw, app::EngineServices& services)
{
    const bool say = raw.first() == QStringLiteral("say");
    Arguments arguments(raw.first(),
                        say ? tr("Tells the agent of a running run something.") : tr("Controls a run, also one of another process."),
                        say ? QStringLiteral("RUN TEXT [--json]") : QStringLiteral("RUN [--json]"));
    arguments.projectOption();
    arguments.jsonOption();
    if (const auto status = arguments.parse(raw, say ? 2 : 1, say ? 2 : 1))
        return *status;
    const auto project = projectOf(arguments);
    if (!project)
        return reportError(arguments.name(), project.error());
    const engine::RunStore store(*project);
    const auto directory = store.find(arguments.at(0));
    if (!directory)
        return reportError(arguments.name(), directory.error());
    json message = {{"kind", raw.first().toStdString()}, {"from", app::principal()}};
    if (say)
        message["text"] = arguments.at(1);
    if (const auto done = store.control(*directory, message, services.clock()); !done)
        return reportError(arguments.name(), done.error());
    if (arguments.json())
        printJson({{"run", std::filesystem::path(*directory).filename().string()}, {"sent", raw.first().toStdString()}});
    return ExitStatus::Done;
}

} // namespace gatehouse::cli
