#include "tests/app/smallproject.h"

#include <QDir>

namespace gatehouse::test {

using nlohmann::json;

SmallProject::SmallProject(std::initializer_list<json> turns)
    : project({{"schema", "gatehouse:project/1"},
               {"name", "small"},
               {"models", {{"offline", {{"api", "scripted"}, {"script", "small.script.json"}}}}},
               {"defaults", {{"model", "offline"}}},
               {"policies", {"small.policy.json"}}}),
      workflow({{"schema", "gatehouse:workflow/1"},
                {"name", "small"},
                {"class", "delivery"},
                {"entry", "worker"},
                {"task", "Do it."},
                {"agents", {{"worker", {{"instructions", "Work."}, {"capabilities", {"shell", "filesystem"}}}}}},
                {"manifest", {{"version", 1}, {"entries", {{"note.txt", {{"type", "file"}, {"content", "one\n"}}}}}}}}),
      policy({{"schema", "gatehouse:policy/1"},
              {"id", "small"},
              {"layer", "project"},
              {"rules", json::array({rule("A-1", "allow", "input"), rule("P-1", "ask", "tool")})}}),
      script({{"schema", "gatehouse:script/1"}, {"agents", {{"worker", std::vector<json>(turns)}}}})
{
    QDir().mkpath(QString::fromStdString(m_cli.project()));
    save();
}

void SmallProject::save() const
{
    writeFile(path("gatehouse.json"), project.dump());
    writeFile(path("small.workflow.json"), workflow.dump());
    writeFile(path("small.policy.json"), policy.dump());
    writeFile(path("small.script.json"), script.dump());
}

Finished SmallProject::run(const std::string& approvals) const
{
    return gatehouse({"run", "small.workflow.json", "--approvals", approvals, "--json"});
}

Finished SmallProject::resume(const std::string& approvals) const
{
    return gatehouse({"resume", "last", "--approvals", approvals, "--json"});
}

std::unique_ptr<QProcess> SmallProject::startWaiting() const
{
    return start({"run", "small.workflow.json", "--approvals", "ask", "--json"});
}

std::string SmallProject::openApproval() const
{
    const json requests = gatehouse({"approvals", "list", "--json"}).json();
    std::string found;
    for (const json& request : requests) {
        if (request["state"] == "requested" || request["state"] == "delivered")
            found = request["id"];
    }
    return found;
}

std::string SmallProject::runFolder() const
{
    const QDir runs(QString::fromStdString(path(".gatehouse/runs")));
    const QStringList names = runs.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    return names.isEmpty() ? std::string() : runs.filePath(names.last()).toStdString();
}

std::string SmallProject::resultOf(const std::string& call) const
{
    for (const json& record : records()) {
        if (record["type"] == "tool.result" && record["data"]["call"] == call)
            return record["data"]["text"].value("text", "");
    }
    return {};
}

QStringList SmallProject::list(std::initializer_list<std::string> arguments)
{
    QStringList out;
    for (const std::string& argument : arguments)
        out.append(QString::fromStdString(argument));
    return out;
}

json rule(const std::string& id, const std::string& effect, const std::string& point, json when)
{
    return {{"id", id}, {"effect", effect}, {"points", {point}}, {"when", std::move(when)}, {"reason", "because of " + id}};
}

json commandTurn(const std::string& id, const std::string& command)
{
    return {{"calls", json::array({{{"id", id}, {"tool", "exec_command"}, {"arguments", {{"cmd", command}}}}})}};
}

json finalTurn()
{
    return {{"final", "Done."}};
}

} // namespace gatehouse::test
