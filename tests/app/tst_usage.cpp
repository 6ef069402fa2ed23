// Bad usage and bad documents: one clear line that names the place, the right status, nothing half done.
#include "tests/support/testmain.h"

#include "tests/app/commandline.h"

#include <QDir>

#include <algorithm>

using namespace gatehouse;

class TestUsage : public test::TestCase {
    Q_OBJECT

private Q_SLOTS:
    void mistakesAreOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("names");
        const auto row = [](const char* name, const QStringList& arguments, const char* names) {
            QTest::newRow(name) << arguments << QString::fromLatin1(names);
        };
        row("no such command", {QStringLiteral("frobnicate")}, "frobnicate");
        row("no such option", {QStringLiteral("runs"), QStringLiteral("--frob")}, "frob");
        row("no such run", {QStringLiteral("show"), QStringLiteral("zzz")}, "zzz");
        row("no such approval", {QStringLiteral("approvals"), QStringLiteral("show"), QStringLiteral("zzz")}, "zzz");
        row("no such workflow", {QStringLiteral("run"), QStringLiteral("nowhere.workflow.json")}, "nowhere");
        row("no such model",
            {QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"), QStringLiteral("--model"),
             QStringLiteral("zzz")},
            "zzz");
        row("no such mode",
            {QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"), QStringLiteral("--approvals"),
             QStringLiteral("zzz")},
            "zzz");
        row("a lower class",
            {QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"), QStringLiteral("--class"),
             QStringLiteral("draft")},
            "delivery");
        row("no such backend",
            {QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"), QStringLiteral("--backend"),
             QStringLiteral("container")},
            "container");
        row("no such template", {QStringLiteral("new"), QStringLiteral("other"), QStringLiteral("--template"), QStringLiteral("zzz")},
            "zzz");
        row("folder is not empty", {QStringLiteral("new"), QStringLiteral(".")}, "demo");
        row("no such schema", {QStringLiteral("schema"), QStringLiteral("show"), QStringLiteral("zzz")}, "zzz");
        row("no command", {QStringLiteral("sandbox"), QStringLiteral("exec")}, "--");
    }

    void mistakesAreOneLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, names);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto ended = cli.run(arguments);
        QVERIFY2(ended.status == 2, (std::to_string(ended.status) + ended.error).c_str());
        QVERIFY2(ended.output.empty(), ended.output.c_str());
        QCOMPARE(std::ranges::count(ended.error, '\n'), 1);
        QVERIFY2(ended.error.starts_with("gatehouse: "), ended.error.c_str());
        QVERIFY2(ended.error.find(names.toStdString()) != std::string::npos, ended.error.c_str());
    }

    void badDocumentsNameLineAndColumn_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("place");
        QTest::newRow("broken project") << QStringLiteral("gatehouse.json")
                                        << QByteArray("{\n  \"schema\": \"gatehouse:project/1\",\n  oops\n}")
                                        << QStringLiteral("gatehouse.json:3:3");
        QTest::newRow("duplicate key") << QStringLiteral("gatehouse.json") << QByteArray("{\n  \"name\": \"a\",\n  \"name\": \"b\"\n}")
                                       << QStringLiteral("gatehouse.json:3:3");
        QTest::newRow("wrong type")
            << QStringLiteral("policies/credit-note.policy.json")
            << QByteArray("{\n  \"schema\": \"gatehouse:policy/1\",\n  \"id\": 7,\n  \"layer\": \"project\",\n  \"rules\": []\n}")
            << QStringLiteral("credit-note.policy.json:3:9");
    }

    void badDocumentsNameLineAndColumn()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, text);
        QFETCH(QString, place);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        test::writeFile(cli.project() + '/' + file.toStdString(), text.toStdString());
        const auto validated = cli.run({QStringLiteral("validate")});
        QVERIFY2(validated.status == 1, (validated.output + validated.error).c_str());
        QVERIFY2(validated.output.find(place.toStdString() + ": error: ") != std::string::npos, validated.output.c_str());
        const auto ended = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                    QStringLiteral("--approvals"), QStringLiteral("pause")});
        QVERIFY2(ended.status == 2, ended.error.c_str());
        QVERIFY2(ended.error.find(place.toStdString()) != std::string::npos, ended.error.c_str());
        QVERIFY2(!QDir(QString::fromStdString(cli.project() + "/.gatehouse/runs")).exists(), "nothing half done");
    }

    void badArgumentsGoBackToTheModel()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const nlohmann::json bad = {{{"id", "c1"}, {"tool", "exec_command"}, {"arguments", "{\"cmd\": 5"}},
                                    {{"id", "c2"}, {"tool", "no_such_tool"}, {"arguments", nlohmann::json::object()}},
                                    {{"id", "c3"}, {"tool", "exec_command"}, {"arguments", "{\"cmd\": \"true\", \"cmd\": \"false\"}"}}};
        const auto workflow = nlohmann::json::parse(test::readFile(cli.project() + "/workflows/credit-note.workflow.json"));
        const std::string agent = workflow["entry"];
        const nlohmann::json script = {{"schema", "gatehouse:script/1"},
                                       {"agents", {{agent, {{{"calls", bad}}, {{"final", "I give up."}}}}}}};
        test::writeFile(cli.project() + "/scripts/bad.script.json", script.dump());
        auto project = nlohmann::json::parse(test::readFile(cli.project() + "/gatehouse.json"));
        project["models"]["bad"] = {{"api", "scripted"}, {"script", "scripts/bad.script.json"}};
        test::writeFile(cli.project() + "/gatehouse.json", project.dump());
        const auto ended = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"), QStringLiteral("--model"),
                                    QStringLiteral("bad"), QStringLiteral("--json")});
        QVERIFY2(ended.status == 0, (ended.output + ended.error).c_str());
        const auto records = cli.records("last");
        QCOMPARE(test::countOf(records, "tool.refused"), 3);
        QCOMPARE(test::countOf(records, "effect.started"), 0);
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    void helpAndVersion()
    {
        test::CommandLine cli;
        QCOMPARE(cli.run({QStringLiteral("--help")}).status, 0);
        QVERIFY(cli.run({QStringLiteral("--version")}).output.starts_with("gatehouse "));
        for (const char* command : {"new", "validate", "run", "resume", "runs", "show", "diff", "approvals", "stop", "pause", "say",
                                    "verify", "sandbox", "schema"}) {
            const auto help = cli.run({QString::fromLatin1(command), QStringLiteral("--help")});
            QVERIFY2(help.status == 0 && help.output.starts_with("Usage: gatehouse "), command);
        }
    }

    void sandboxExecPassesStatusesAndLimitsOn()
    {
        test::CommandLine cli;
        const auto plain = cli.run({QStringLiteral("sandbox"), QStringLiteral("exec"), QStringLiteral("--"), QStringLiteral("sh"),
                                    QStringLiteral("-c"), QStringLiteral("echo out; echo err >&2; exit 37")});
        QVERIFY2(plain.status == 37, plain.error.c_str());
        QCOMPARE(plain.output, std::string("out\n"));
        QVERIFY(plain.error.find("err") != std::string::npos);
        const auto slow = cli.run({QStringLiteral("sandbox"), QStringLiteral("exec"), QStringLiteral("--timeout"), QStringLiteral("0.3"),
                                   QStringLiteral("--json"), QStringLiteral("--"), QStringLiteral("sleep"), QStringLiteral("30")});
        QVERIFY2(slow.status == 5, slow.error.c_str());
        GH_JSON(slow.json()["origin"], "limit");
        GH_JSON(slow.json()["limits"][0]["limit"], "call");
    }
};

GATEHOUSE_TEST_MAIN(TestUsage)
#include "tst_usage.moc"
