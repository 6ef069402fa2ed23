// Bad usage and bad documents: one clear line that names the place, the right status, nothing half done.
#include "tests/support/testmain.h"

#include "tests/app/commandline.h"
#include "tests/app/smallproject.h"

#include <QDir>

#include <algorithm>
#include <filesystem>

#include <sys/stat.h>

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
        row("no sandbox folder",
            {QStringLiteral("sandbox"), QStringLiteral("exec"), QStringLiteral("--workspace"), QStringLiteral("gatehouse.json"),
             QStringLiteral("--"), QStringLiteral("true")},
            "gatehouse.json");
        for (const char* folder : {".", ".."})
            row(folder,
                {QStringLiteral("sandbox"), QStringLiteral("exec"), QStringLiteral("--workspace"), QString::fromLatin1(folder),
                 QStringLiteral("--"), QStringLiteral("true")},
                ".gatehouse");
        // A variable that nobody set must not become the working folder.
        row("empty workspace",
            {QStringLiteral("sandbox"), QStringLiteral("exec"), QStringLiteral("--write-back"), QStringLiteral("--workspace"), QString(),
             QStringLiteral("--"), QStringLiteral("true")},
            "--workspace is empty");
        row("empty project", {QStringLiteral("runs"), QStringLiteral("--project"), QString()}, "--project is empty");
        row("empty run", {QStringLiteral("show"), QString()}, "empty");
        row("no run", {QStringLiteral("verify")}, "RUN");
        row("too many", {QStringLiteral("stop"), QStringLiteral("a"), QStringLiteral("b")}, "RUN");
        row("nothing to say", {QStringLiteral("say"), QStringLiteral("a")}, "RUN TEXT");
        row("step is no number", {QStringLiteral("diff"), QStringLiteral("last"), QStringLiteral("--step"), QStringLiteral("x")}, "--step");
        row("denial without a reason", {QStringLiteral("approvals"), QStringLiteral("deny"), QStringLiteral("x")}, "--reason");
    }

    void mistakesAreJsonToo_data() { mistakesAreOneLine_data(); }

    void mistakesAreJsonToo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, names);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        QStringList asked = arguments;
        asked.insert(arguments.first() == QStringLiteral("sandbox") ? 2 : 1, QStringLiteral("--json"));
        const auto ended = cli.run(asked);
        QCOMPARE(ended.status, 2);
        QCOMPARE(std::ranges::count(ended.output, '\n'), 1);
        const auto document = ended.json();
        QVERIFY2(document.is_object(), ended.output.c_str());
        GH_JSON(document["exit"], 2);
        for (const char* field : {"what", "where", "why", "hint"})
            QVERIFY2(document["error"].contains(field) && document["error"][field].is_string(), ended.output.c_str());
        QVERIFY2(!document["error"]["why"].get<std::string>().empty(), ended.output.c_str());
        QCOMPARE(std::ranges::count(ended.error, '\n'), 1);
        QVERIFY2(ended.error.find(names.toStdString()) != std::string::npos, ended.error.c_str());
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

    // The base directory specification: relative folders are ignored.
    void placesOfOurs()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const QStringList run = {QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                 QStringLiteral("--approvals"), QStringLiteral("pause")};
        cli.setVariable(QStringLiteral("XDG_CACHE_HOME"), QStringLiteral("relative/cache"));
        QCOMPARE(cli.run(run).status, 4);
        QVERIFY(!QDir(QString::fromStdString(cli.project() + "/relative")).exists());
        QVERIFY(QDir(QString::fromStdString(cli.folder().path("home/.cache/gatehouse/sandboxes"))).exists());
        test::writeFile(cli.folder().path("file"), "");
        cli.setVariable(QStringLiteral("XDG_CACHE_HOME"), QString::fromStdString(cli.folder().path("file/cache")));
        const auto failed = cli.run(run);
        QVERIFY2(failed.status == 6, failed.error.c_str());
        QVERIFY2(failed.error.find("XDG_CACHE_HOME") != std::string::npos, failed.error.c_str());
        QCOMPARE(std::ranges::count(failed.error, '\n'), 1);
        cli.unsetVariable(QStringLiteral("XDG_CACHE_HOME"));
        cli.setVariable(QStringLiteral("TMPDIR"), QStringLiteral("/nowhere/at/all"));
        const auto lost = cli.run(run);
        QCOMPARE(lost.status, 6);
        QVERIFY2(lost.error.find("TMPDIR") != std::string::npos, lost.error.c_str());
    }

    // The project is found, and what is wrong with its document is said; nothing waits for a writer of the pipe.
    void aPipeIsNoProjectDocument()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const std::string document = cli.project() + "/gatehouse.json";
        std::filesystem::remove(document);
        QCOMPARE(::mkfifo(document.c_str(), 0600), 0);
        const auto failed = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json")}, 30000);
        QCOMPARE(failed.status, 2);
        QVERIFY2(failed.error.find("gatehouse.json") != std::string::npos, failed.error.c_str());
        QVERIFY2(failed.error.find("holds gatehouse.json") == std::string::npos, failed.error.c_str());
    }

    // Found only when the workspace is made: the run ends, and it is the input that is bad, not the sandbox.
    void aBadSourceIsBadInput()
    {
        test::SmallProject small({test::finalTurn()});
        QDir().mkpath(QString::fromStdString(small.path("source")));
        std::filesystem::create_symlink("nowhere", small.path("source/link"));
        small.workflow["manifest"]["entries"]["copied"] = {{"type", "local_dir"}, {"src", "source"}};
        small.save();
        const auto failed = small.run();
        QVERIFY2(failed.status == 2, (failed.output + failed.error).c_str());
        GH_JSON(failed.json()["outcome"], "bad-input");
        QVERIFY2(failed.error.find("symbolic link") != std::string::npos, failed.error.c_str());
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

    // Names of any bytes, also where they end a run: the record is written, and the limit is what it says.
    void namesThatAreNoTextEndNoRecord()
    {
        test::SmallProject small(
            {test::commandTurn("c1", "for i in $(seq 260); do d=$(printf '\\377'); mkdir $d; cd $d; done"), test::finalTurn()});
        small.policy["rules"].push_back(test::rule("A-2", "allow", "tool"));
        small.policy["rules"].erase(1);
        small.save();
        const auto ended = small.run();
        const auto records = small.records();
        GH_JSON(records.back()["type"], "run.finished");
        QVERIFY2(ended.status == 5, (ended.output + ended.error).c_str());
        QVERIFY2(records.back().dump().find("nested deeper") != std::string::npos, records.back().dump().c_str());
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
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
