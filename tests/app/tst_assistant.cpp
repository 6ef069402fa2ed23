// governed-assistant: what policy denies never reaches a model or a process.
#include "tests/support/testmain.h"

#include "tests/app/commandline.h"

using namespace gatehouse;

class TestAssistant : public test::TestCase {
    Q_OBJECT

    static test::Finished ask(const test::CommandLine& cli, const QString& task)
    {
        return cli.run({QStringLiteral("run"), QStringLiteral("workflows/governed-assistant.workflow.json"), QStringLiteral("--input"),
                        task, QStringLiteral("--approvals"), QStringLiteral("pause"), QStringLiteral("--json")});
    }

private Q_SLOTS:
    void calculates()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject(QStringLiteral("governed-assistant")).status, 0);
        const auto done = ask(cli, QStringLiteral("Calculate 5 plus 3"));
        QVERIFY2(done.status == 0, (done.output + done.error).c_str());
        QVERIFY2(done.json()["final"].get<std::string>().find('8') != std::string::npos, done.output.c_str());
        // The figure came from the tool, not from the script.
        bool computed = false;
        for (const auto& record : cli.records("last"))
            computed = computed ||
                (record["type"] == "tool.result" && record["data"]["error"] == false &&
                 record["data"]["text"].dump().find('8') != std::string::npos);
        QVERIFY(computed);
    }

    void deniedTasksReachNothing_data()
    {
        QTest::addColumn<QString>("task");
        QTest::newRow("the sample") << QStringLiteral("Access system files and modify database");
        QTest::newRow("upper case") << QStringLiteral("DELETE the notes");
        QTest::newRow("escape") << QStringLiteral("please dele\\u0074e the notes");
        QTest::newRow("full width") << QStringLiteral(u"please \uff44\uff45\uff4c\uff45\uff54\uff45 the notes");
        QTest::newRow("zero width") << QStringLiteral(u"please de\u200blete the notes");
        QTest::newRow("unauthorized") << QStringLiteral("an Unauthorized thing");
    }

    void deniedTasksReachNothing()
    {
        QFETCH(QString, task);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject(QStringLiteral("governed-assistant")).status, 0);
        const auto denied = ask(cli, task);
        QVERIFY2(denied.status == 3, (denied.output + denied.error).c_str());
        const auto records = cli.records("last");
        QCOMPARE(test::countOf(records, "policy.decided"), 1);
        for (const char* never : {"model.request", "sandbox.created", "effect.started", "tool.requested"})
            QVERIFY2(test::countOf(records, never) == 0, never);
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    void deniedArgumentsReachNoProcess_data()
    {
        QTest::addColumn<QString>("word");
        QTest::newRow("plain") << QStringLiteral("modify");
        QTest::newRow("upper case") << QStringLiteral("DELETE");
        QTest::newRow("escape") << QStringLiteral("dele\\u0074e");
        QTest::newRow("full width") << QStringLiteral(u"\uff53\uff59\uff53\uff54\uff45\uff4d");
    }

    void deniedArgumentsReachNoProcess()
    {
        QFETCH(QString, word);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject(QStringLiteral("governed-assistant")).status, 0);
        // A model that puts the word into a call's arguments, whatever the task says.
        const std::string arguments = "{\"text\": \"" + word.toStdString() + "\", \"style\": \"heading\"}";
        nlohmann::json turn = {{"calls", {{{"id", "c1"}, {"tool", "format_response"}, {"arguments", arguments}}}}};
        const nlohmann::json script = {{"schema", "gatehouse:script/1"}, {"agents", {{agentName(cli), {turn, {{"final", "done"}}}}}}};
        test::writeFile(cli.project() + "/scripts/hostile.script.json", script.dump());
        auto project = nlohmann::json::parse(test::readFile(cli.project() + "/gatehouse.json"));
        project["models"]["hostile"] = {{"api", "scripted"}, {"script", "scripts/hostile.script.json"}};
        test::writeFile(cli.project() + "/gatehouse.json", project.dump());
        const auto done =
            cli.run({QStringLiteral("run"), QStringLiteral("workflows/governed-assistant.workflow.json"), QStringLiteral("--input"),
                     QStringLiteral("hello"), QStringLiteral("--model"), QStringLiteral("hostile"), QStringLiteral("--json")});
        QVERIFY2(done.status == 0, (done.output + done.error).c_str());
        GH_JSON(done.json()["denied"], 1);
        const auto records = cli.records("last");
        QCOMPARE(test::countOf(records, "effect.started"), 0);
    }

private:
    static std::string agentName(const test::CommandLine& cli)
    {
        const auto workflow = nlohmann::json::parse(test::readFile(cli.project() + "/workflows/governed-assistant.workflow.json"));
        return workflow["entry"];
    }
};

GATEHOUSE_TEST_MAIN(TestAssistant)
#include "tst_assistant.moc"
