// A project of one agent whose model is a script, written from a few values: for tests of what the engine does with a call.
#pragma once

#include "tests/app/commandline.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace gatehouse::test {

class SmallProject {
public:
    // The script's turns. The policy allows the task and asks about every tool; the workspace holds "note.txt".
    SmallProject(std::initializer_list<nlohmann::json> turns);

    nlohmann::json project;
    nlohmann::json workflow;
    nlohmann::json policy;
    nlohmann::json script;
    // Writes the four documents; again after a change.
    void save() const;

    [[nodiscard]] Finished gatehouse(std::initializer_list<std::string> arguments) const { return m_cli.run(list(arguments)); }
    [[nodiscard]] std::unique_ptr<QProcess> start(std::initializer_list<std::string> arguments) const
    {
        return m_cli.start(list(arguments));
    }
    // With --json; approvals: ask, pause or deny.
    [[nodiscard]] Finished run(const std::string& approvals = "pause") const;
    [[nodiscard]] Finished resume(const std::string& approvals = "pause") const;
    // A run that waits for its votes.
    [[nodiscard]] std::unique_ptr<QProcess> startWaiting() const;
    // The id of the only request that waits for a person; empty when there is none.
    [[nodiscard]] std::string openApproval() const;
    [[nodiscard]] Finished approve(const std::string& id) const { return gatehouse({"approvals", "approve", id}); }
    [[nodiscard]] Finished deny(const std::string& id) const { return gatehouse({"approvals", "deny", id, "--reason", "no"}); }
    [[nodiscard]] std::vector<nlohmann::json> records() const { return m_cli.records("last"); }
    // The folder of the newest run.
    [[nodiscard]] std::string runFolder() const;
    // What the model got back for a call, as far as it stands in a record.
    [[nodiscard]] std::string resultOf(const std::string& call) const;

    [[nodiscard]] CommandLine& cli() { return m_cli; }
    [[nodiscard]] std::string path(const std::string& relative) const { return m_cli.project() + '/' + relative; }

private:
    [[nodiscard]] static QStringList list(std::initializer_list<std::string> arguments);

    CommandLine m_cli;
};

[[nodiscard]] nlohmann::json rule(const std::string& id, const std::string& effect, const std::string& point,
                                  nlohmann::json when = nlohmann::json::object());
// A turn that calls exec_command once, and one that ends the script.
[[nodiscard]] nlohmann::json commandTurn(const std::string& id, const std::string& command);
[[nodiscard]] nlohmann::json finalTurn();

} // namespace gatehouse::test
