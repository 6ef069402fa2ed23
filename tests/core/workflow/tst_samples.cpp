// The sample projects against the parts that carry them out: git, manifest, policy, tools. Only the sandbox and the engine are missing.
#include "core/manifest/materialise.h"
#include "core/policy/policy.h"
#include "core/policy/policyset.h"
#include "core/tools/applypatch.h"
#include "core/tools/commandtool.h"
#include "core/workflow/script.h"
#include "core/workflow/templates.h"
#include "core/workflow/workflow.h"
#include "core/workspace/commitfolder.h"
#include "tests/core/tools/fakesession.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QProcess>

#include <filesystem>

using namespace gatehouse;
using namespace gatehouse::workflow;

namespace {

struct Sample {
    test::TemporaryFolder folder;
    Project project;
    Workflow workflow;
    policy::PolicySet policies;

    explicit Sample(const std::string& name)
    {
        const auto made = createFromTemplate(name, folder.path("demo"));
        if (!made)
            qFatal("%s", made.error().toString().c_str());
        for (const std::string& repository : made->repositories) {
            if (!workspace::commitFolder(folder.path("demo/" + repository), made->branch, made->commitMessage))
                qFatal("no repository %s", repository.c_str());
        }
        project = loadProject(folder.path("demo")).document.value();
        workflow = loadWorkflow(folder.path("demo/" + made->workflow), project).document.value();
        for (const std::string& path : project.policies) {
            policy::PolicyLoad load = policy::loadPolicy(path);
            if (!load.problems.empty() || !policies.add(*std::move(load.policy)))
                qFatal("%s: %s", path.c_str(), load.problems.empty() ? "not added" : load.problems.front().line().c_str());
        }
    }

    [[nodiscard]] policy::Subject subject() const
    {
        return {std::string(className(workflow.executionClass)), workflow.name, workflow.entry, "me"};
    }

    [[nodiscard]] policy::Effect input(const std::string& task) const
    {
        return policies.evaluate(policy::inputSnapshot(subject(), task)).effect;
    }

    [[nodiscard]] policy::Effect tool(const std::string& name, const std::string& arguments, std::optional<std::vector<std::string>> argv,
                                      std::optional<std::vector<std::string>> effects) const
    {
        const auto snapshot = policy::toolSnapshot(subject(), {name, arguments, std::move(argv), {}, std::move(effects)});
        return snapshot ? policies.evaluate(*snapshot).effect : policy::Effect::Deny;
    }
};

QByteArray runTests(const std::string& repo)
{
    QProcess process;
    process.setWorkingDirectory(QString::fromStdString(repo));
    process.start(QStringLiteral("sh"), {QStringLiteral("tests/test_credit_note.sh")});
    if (!process.waitForFinished(30000))
        qFatal("the sample's tests did not end");
    return process.readAllStandardOutput();
}

} // namespace

class TestSamples : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void theCreditNoteIsMendedByItsScript()
    {
        const Sample sample("credit-note");
        const std::string root = sample.folder.path("workspace");
        std::filesystem::create_directory(root);
        GH_VALUE(const auto receipts, manifest::materialise(sample.workflow.manifest, sample.project, root));
        QCOMPARE(receipts.size(), 1u);
        QCOMPARE(receipts[0].commit.size(), 40u);
        QVERIFY(runTests(root + "/repo").endsWith("\n2 failed\n"));

        const auto script = loadScript(sample.project.models.at("offline").script).document.value();
        const execution::ToolCall call = patchCall(script);
        test::FakeSession session;
        session.files.now["repo/credit_note.sh"] = {execution::FileKind::Regular, 0755, test::readFile(root + "/repo/credit_note.sh")};
        GH_VALUE(const auto tool, tools::makeApplyPatch());
        GH_VALUE(const auto prepared, tool->prepare(call, session.workspace()));
        QCOMPARE(prepared.paths, std::vector<std::string>{"repo/credit_note.sh"});
        QVERIFY(prepared.warnings.empty());
        QVERIFY(sample.tool("apply_patch", call.arguments, {}, prepared.paths) == policy::Effect::Ask);
        GH_VALUE(const auto outcome, tool->perform(prepared, session, nullptr, {}));
        QVERIFY2(outcome.text.find("Updated repo/credit_note.sh") != std::string::npos, outcome.text.c_str());
        test::writeFile(root + "/repo/credit_note.sh", session.files.now.at("repo/credit_note.sh").bytes);
        QVERIFY(runTests(root + "/repo").endsWith("\n2 passed\n"));
    }

    void theSampleRepositoryHasOneCommitIdEverywhere()
    {
        const Sample first("credit-note");
        const Sample second("credit-note");
        const std::string head = ".git/refs/heads/main";
        const std::string repo = "demo/sources/credit-note/";
        QCOMPARE(first.folder.read(repo + head), second.folder.read(repo + head));
    }

    void theCreditNotePolicyLooksAsksAndProtectsTheTests()
    {
        const Sample sample("credit-note");
        QVERIFY(sample.input(sample.workflow.task) == policy::Effect::Allow);
        QVERIFY(sample.tool("exec_command", "{\"cmd\":\"ls\"}", std::vector<std::string>{"/bin/sh", "-c", "ls"}, {}) ==
                policy::Effect::Allow);
        QVERIFY(sample.tool("apply_patch", "{\"patch\":\"\"}", {}, std::vector<std::string>{"repo/tests/x"}) == policy::Effect::Deny);
        QVERIFY(sample.tool("apply_patch", "{\"patch\":\"\"}", {}, std::vector<std::string>{"repo/a", "repo/tests/deep/x"}) ==
                policy::Effect::Deny);
        QVERIFY(sample.tool("apply_patch", "{\"patch\":\"\"}", {}, {}) == policy::Effect::Deny);
        QVERIFY(sample.tool("write_stdin", "{}", {}, {}) == policy::Effect::Deny);
    }

    void theAssistantRefusesFourWordsHoweverTheyAreSpelled_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("sum") << QStringLiteral("Calculate 5 plus 3") << true;
        QTest::newRow("weather") << QStringLiteral("What is the weather in Oslo?") << true;
        QTest::newRow("the example") << QStringLiteral("Access system files and modify database") << false;
        QTest::newRow("capitals") << QStringLiteral("DELETE it") << false;
        QTest::newRow("escape") << QStringLiteral("dele\\u0074e it") << false;
        QTest::newRow("full width") << QStringLiteral(u"\uFF44\uFF45\uFF4C\uFF45\uFF54\uFF45 it") << false;
        QTest::newRow("inside a name") << QStringLiteral("call file_delete_all") << false;
        QTest::newRow("unauthorized") << QStringLiteral("an Unauthorized visit") << false;
    }

    void theAssistantRefusesFourWordsHoweverTheyAreSpelled()
    {
        QFETCH(QString, text);
        QFETCH(bool, allowed);
        static const Sample sample("governed-assistant");
        const policy::Effect expected = allowed ? policy::Effect::Allow : policy::Effect::Deny;
        QVERIFY(sample.input(text.toStdString()) == expected);
        const std::string arguments = nlohmann::json{{"text", text.toStdString()}, {"style", "heading"}}.dump();
        QVERIFY(sample.tool("format_response", arguments, {}, {}) == expected);
        QVERIFY(sample.tool("exec_command", arguments, {}, {}) == policy::Effect::Deny);
    }

    void theAssistantsCallsAreTakenByItsTools()
    {
        const Sample sample("governed-assistant");
        const auto script = loadScript(sample.project.models.at("offline").script).document.value();
        const test::FakeSession session;
        std::size_t calls = 0;
        for (const AgentScript& each : script.agents.at("assistant")) {
            for (const ScriptTurn& turn : each.turns) {
                for (const ScriptCall& call : turn.calls) {
                    GH_VALUE(const auto tool, tools::makeCommandTool(sample.workflow.tools.at(call.tool)));
                    GH_VALUE(const auto prepared, tool->prepare({call.id, call.tool, call.arguments}, session.workspace()));
                    QVERIFY(std::holds_alternative<execution::CommandEffect>(prepared.effect));
                    const bool refused = call.id == "refused";
                    QVERIFY((sample.tool(call.tool, call.arguments, prepared.argv, {}) == policy::Effect::Deny) == refused);
                    ++calls;
                }
            }
        }
        QVERIFY(calls >= 5);
    }

private:
    static execution::ToolCall patchCall(const Script& script)
    {
        for (const ScriptTurn& turn : scriptFor(script, "repairer", "")->turns) {
            for (const ScriptCall& call : turn.calls) {
                if (call.tool == "apply_patch")
                    return {call.id, call.tool, call.arguments};
            }
        }
        qFatal("the script patches nothing");
    }
};

GATEHOUSE_TEST_MAIN(TestSamples)
#include "tst_samples.moc"
