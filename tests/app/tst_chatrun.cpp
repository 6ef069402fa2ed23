// The same run against a strict Chat Completions server: a real process, streaming, with a 429 and a cut stream.
#include "tests/support/places.h"
#include "tests/support/testmain.h"

#include "tests/app/commandline.h"

#include <algorithm>

using namespace gatehouse;

// Ends with its standard input.
class Server : public QProcess {
public:
    ~Server() override
    {
        closeWriteChannel();
        if (!waitForFinished(10000))
            kill();
    }
};

class TestChatRun : public test::TestCase {
    Q_OBJECT

    static std::unique_ptr<Server> startServer(const test::CommandLine& cli, QStringList arguments, int& port)
    {
        auto server = std::make_unique<Server>();
        const QString program = QString::fromStdString(test::sourcePath("tests/support/chatserver/chatserver.py"));
        const QString script = QString::fromStdString(cli.project() + "/scripts/credit-note.script.json");
        server->start(QString::fromStdString(test::pythonProgram()), QStringList{program, QStringLiteral("--script"), script} + arguments);
        if (server->waitForReadyRead(20000)) {
            const QByteArray line = server->readLine();
            port = line.mid(5).trimmed().toInt();
        }
        return server;
    }

    static void nameModel(const test::CommandLine& cli, int port, const std::string& key = {})
    {
        auto project = nlohmann::json::parse(test::readFile(cli.project() + "/gatehouse.json"));
        project["models"]["strict"] = {
            {"api", "chat-completions"}, {"baseUrl", "http://127.0.0.1:" + std::to_string(port) + "/v1"}, {"model", "scripted"}};
        if (!key.empty())
            project["models"]["strict"]["key"] = key;
        test::writeFile(cli.project() + "/gatehouse.json", project.dump());
    }

    static QStringList runArguments()
    {
        return {QStringLiteral("run"),         QStringLiteral("workflows/credit-note.workflow.json"),
                QStringLiteral("--model"),     QStringLiteral("strict"),
                QStringLiteral("--approvals"), QStringLiteral("pause"),
                QStringLiteral("--json")};
    }

private Q_SLOTS:
    void repairsOverTheWireAndRecordsTheFaults()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        int port = 0;
        const auto server =
            startServer(cli,
                        {QStringLiteral("--tools"), QStringLiteral("exec_command,apply_patch"), QStringLiteral("--split"),
                         QStringLiteral("each"), QStringLiteral("--fault"), QStringLiteral("429@1"), QStringLiteral("--fault"),
                         QStringLiteral("cut@3"), QStringLiteral("--key"), QStringLiteral("planted-key-4711")},
                        port);
        QVERIFY2(port > 0, server->readAllStandardError().constData());
        cli.setVariable(QStringLiteral("STRICT_KEY"), QStringLiteral("planted-key-4711"));
        nameModel(cli, port, "env:STRICT_KEY");
        const auto paused = cli.run(runArguments());
        QVERIFY2(paused.status == 4, (paused.output + paused.error).c_str());
        GH_JSON(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), QString::fromStdString(paused.json()["approval"])}).status,
                0);
        const auto done = cli.run({QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--approvals"), QStringLiteral("pause"),
                                   QStringLiteral("--json")});
        QVERIFY2(done.status == 0, (done.output + done.error).c_str());
        GH_JSON(done.json()["files"], nlohmann::json::array({"repo/credit_note.sh"}));

        bool refused = false;
        bool cut = false;
        for (const auto& record : cli.records("last")) {
            if (record["type"] != "model.retry")
                continue;
            refused = refused || (record["data"]["status"] == 429 && record["data"]["demandedMs"] == 1000);
            cut = cut || record["data"]["status"] == 0 || record["data"]["status"] == 200;
        }
        QVERIFY2(refused, "the 429 with its Retry-After is recorded");
        QVERIFY2(cut, "the cut stream is recorded");
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
        // The key is in no file of the run.
        const auto found =
            cli.program(QStringLiteral("grep"), {QStringLiteral("-r"), QStringLiteral("planted-key-4711"), QStringLiteral(".gatehouse")},
                        cli.project());
        QCOMPARE(found.status, 1);
    }

    void brokenServersEndTheRunWithSeven_data()
    {
        QTest::addColumn<QString>("fault");
        for (const char* fault : {"garbage@*", "html@*", "401@*", "noid@*", "hugeline@*"})
            QTest::newRow(fault) << QString::fromLatin1(fault);
    }

    void brokenServersEndTheRunWithSeven()
    {
        QFETCH(QString, fault);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        int port = 0;
        const auto server = startServer(cli, {QStringLiteral("--fault"), fault}, port);
        QVERIFY(port > 0);
        nameModel(cli, port);
        const auto ended = cli.run(runArguments());
        QVERIFY2(ended.status == 7, (std::to_string(ended.status) + ended.error).c_str());
        QCOMPARE(std::ranges::count(ended.error, '\n'), 1);
        const auto records = cli.records("last");
        QCOMPARE(test::countOf(records, "model.error"), 1);
        GH_JSON(records.back()["type"], "run.finished");
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    void aServerThatIsNotThereEndsTheRunWithSeven()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        nameModel(cli, 1);
        const auto ended = cli.run(runArguments());
        QVERIFY2(ended.status == 7, (std::to_string(ended.status) + ended.error).c_str());
    }
};

GATEHOUSE_TEST_MAIN(TestChatRun)
#include "tst_chatrun.moc"
