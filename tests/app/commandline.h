// Runs the built gatehouse as a process of its own, in a project of its own, with an environment of its own.
#pragma once

#include "tests/support/temporaryfolder.h"

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QStringList>

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::test {

struct Finished {
    int status = -1;
    std::string output;
    std::string error;
    // Standard output as one JSON document; a discarded value when it is none.
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(output, nullptr, false); }
};

class CommandLine {
public:
    // An empty folder with HOME and the XDG folders inside it.
    CommandLine();
    // Makes a project of the template in project() and lets later commands run there.
    [[nodiscard]] Finished makeProject(const QString& templateName = QStringLiteral("credit-note"));
    [[nodiscard]] Finished run(const QStringList& arguments, int timeoutMilliseconds = 120000) const;
    // Starts without waiting.
    [[nodiscard]] std::unique_ptr<QProcess> start(const QStringList& arguments) const;
    // Any other program, in folder.
    [[nodiscard]] Finished program(const QString& name, const QStringList& arguments, const std::string& folder,
                                   const QByteArray& input = {}) const;
    [[nodiscard]] static QString programPath(const QString& name);
    void unsetVariable(const QString& name) { m_environment.remove(name); }
    [[nodiscard]] const QProcessEnvironment& environment() const { return m_environment; }
    void setVariable(const QString& name, const QString& value) { m_environment.insert(name, value); }
    [[nodiscard]] std::string project() const { return m_folder.path("demo"); }
    [[nodiscard]] const TemporaryFolder& folder() const { return m_folder; }
    // The records of a run, parsed.
    [[nodiscard]] std::vector<nlohmann::json> records(const std::string& run) const;

private:
    TemporaryFolder m_folder;
    QProcessEnvironment m_environment;
};

// QCOMPARE for JSON: GH_JSON(value["state"], "requested").
#define GH_JSON(actual, ...) QVERIFY2((actual) == nlohmann::json(__VA_ARGS__), nlohmann::json(actual).dump().c_str())

[[nodiscard]] int countOf(const std::vector<nlohmann::json>& records, const std::string& type);

} // namespace gatehouse::test
