#include "core/tools/execcommand.h"

#include "core/tools/outcometext.h"
#include "tests/core/tools/fakesession.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using execution::CommandEffect;
using execution::ExecEnd;
using execution::Limit;
using test::FakeSession;

namespace {

execution::ToolCall call(const std::string& arguments)
{
    return {"call_1", "exec_command", arguments};
}

std::unique_ptr<execution::Tool> tool()
{
    execution::ResourceLimits limits;
    limits.call = std::chrono::seconds(30);
    limits.memory = 512u << 20;
    return *tools::makeExecCommand(limits);
}

} // namespace

class TestExecCommand : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void theSchemaIsTheOneThatModelsKnow()
    {
        const auto made = tool();
        QCOMPARE(made->schema().name, std::string("exec_command"));
        const auto parameters = nlohmann::json::parse(made->schema().parametersJson);
        QCOMPARE(parameters.at("required").dump(), std::string("[\"cmd\"]"));
        std::string names;
        for (const auto& [name, value] : parameters.at("properties").items())
            names += name + ' ' + value.at("type").dump() + ' ';
        QCOMPARE(
            names,
            std::string(
                "cmd \"string\" login \"boolean\" max_output_tokens [\"integer\",\"null\"] shell [\"string\",\"null\"] tty \"boolean\" "
                "workdir [\"string\",\"null\"] yield_time_ms \"integer\" "));
        for (const char* said : {"30 s", "512 MiB", "256 processes", "background"})
            QVERIFY2(made->schema().description.find(said) != std::string::npos, made->schema().description.c_str());
    }

    void prepares_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("argv");
        QTest::addColumn<QByteArray>("workdir");
        const auto row = [](const char* arguments, const char* argv, const char* workdir) {
            QTest::newRow(arguments) << QByteArray(arguments) << QByteArray(argv) << QByteArray(workdir);
        };
        row(R"({"cmd":"ls"})", "/bin/sh|-c|ls|", "");
        row(R"({"cmd":"ls","workdir":null,"shell":null,"login":false,"tty":false,"yield_time_ms":1,"max_output_tokens":null})",
            "/bin/sh|-c|ls|", "");
        row("{\"cmd\":\"a \\\"b\\\"\\n\",\"login\":true}", "/bin/sh|-l|-c|a \"b\"\n|", "");
        row(R"({"cmd":"ls","shell":"bash"})", "bash|-c|ls|", "");
        row(R"({"cmd":"ls","workdir":"repo"})", "/bin/sh|-c|ls|", "repo");
        row(R"({"cmd":"ls","workdir":"./repo/"})", "/bin/sh|-c|ls|", "repo");
        row(R"({"cmd":"ls","workdir":"/workspace"})", "/bin/sh|-c|ls|", "");
        row(R"({"cmd":"ls","workdir":"/workspace/repo"})", "/bin/sh|-c|ls|", "repo");
        row(R"({"cmd":"ls","workdir":"."})", "/bin/sh|-c|ls|", "");
        row(R"({"cmd":"l\u0073"})", "/bin/sh|-c|ls|", "");
    }
    void prepares()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, argv);
        QFETCH(QByteArray, workdir);
        FakeSession session;
        session.files.now["repo"] = {execution::FileKind::Directory, 0755, ""};
        GH_VALUE(const auto prepared, tool()->prepare(call(arguments.toStdString()), session.workspace()));
        const auto& request = std::get<CommandEffect>(prepared.effect).request;
        std::string joined;
        for (const std::string& word : request.argv)
            joined += word + '|';
        QCOMPARE(joined, argv.toStdString());
        QCOMPARE(request.workdir, workdir.toStdString());
        QVERIFY(prepared.argv == request.argv);
        QVERIFY(session.requests.empty());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("why");
        const auto row = [](const char* arguments, const char* why) {
            QTest::newRow(arguments) << QByteArray(arguments) << QByteArray(why);
        };
        row("", "cmd");
        row("{}", "cmd");
        row("[]", "one JSON object");
        row("ls", "arguments:1:1");
        row(R"({"cmd":""})", "cmd");
        row(R"({"cmd":["ls"]})", "cmd");
        row(R"({"cmd":"ls","cmd":"rm"})", "arguments:1:");
        row(R"({"cmd":"ls","colour":1})", "colour");
        row(R"({"cmd":"ls","tty":true})", "terminal");
        row(R"({"cmd":"ls","workdir":"../x"})", "workdir");
        row(R"({"cmd":"ls","workdir":"/etc"})", "workdir");
        row(R"({"cmd":"ls","workdir":"/workspace/../etc"})", "workdir");
        row(R"({"cmd":"ls","workdir":"/workspacex"})", "workdir");
        row(R"({"cmd":"ls","workdir":"missing"})", "no folder");
        row(R"({"cmd":"ls","workdir":"empty.txt"})", "is a file");
        row(R"({"cmd":"ls","shell":""})", "shell");
        row(R"({"cmd":"ls","shell":"-c"})", "shell");
        row(R"({"cmd":"ls","shell":"sh -x"})", "shell");
        row(R"({"cmd":"ls\u0000rm"})", "NUL");
        row(R"({"cmd":"ls","max_output_tokens":0})", "max_output_tokens");
        row(R"({"cmd":"ls","yield_time_ms":-1})", "yield_time_ms");
        row(R"({"cmd":"\ud800"})", "arguments:1:");
        row(R"({"cmd":"ls"} x)", "arguments:1:");
        row("null", "one JSON object");
        row("\"ls\"", "one JSON object");
        row("{\"cmd\":\"ls", "arguments:1:");
        row(R"({"cmd":null})", "cmd");
        row(R"({"cmd":5})", "cmd");
        row(R"({"cmd":"ls","workdir":5})", "workdir");
        row(R"({"cmd":"ls","shell":[]})", "shell");
        row(R"({"cmd":"ls","login":"yes"})", "login");
        row(R"({"cmd":"ls","login":null})", "login");
        row(R"({"cmd":"ls","tty":1})", "tty");
        row(R"({"cmd":"ls","yield_time_ms":"1"})", "yield_time_ms");
        row(R"({"cmd":"ls","yield_time_ms":1.5})", "yield_time_ms");
        row(R"({"cmd":"ls","max_output_tokens":-1})", "max_output_tokens");
        row(R"({"cmd":"ls","max_output_tokens":1e99})", "max_output_tokens");
        row(R"({"cmd":"ls","max_output_tokens":99999999999999999999999999})", "64 bits");
        row(R"({"cmd":"ls","workdir":"a\u0000b"})", "workdir");
        row(R"({"cmd":"ls","workdir":"pipe"})", "not a folder");
        row(R"({"cmd":"ls","workdir":"full.txt"})", "is a file");
        row(R"({"cmd":"ls","workdir":"out"})", "leads out");
        row(R"({"cmd":"ls","workdir":"up"})", "leads out");
        QTest::newRow("a long command") << QByteArray::fromStdString("{\"cmd\":\"" + std::string(128u << 10, 'x') + "\"}")
                                        << QByteArray("cmd");
        QTest::newRow("a long folder") << QByteArray::fromStdString("{\"cmd\":\"ls\",\"workdir\":\"" + std::string(4001, 'x') + "\"}")
                                       << QByteArray("workdir");
        QTest::newRow("huge arguments") << QByteArray(9 << 20, ' ') << QByteArray("larger than");
    }
    void refuses()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, why);
        FakeSession session;
        session.files.now["empty.txt"] = {};
        session.files.now["full.txt"] = {execution::FileKind::Regular, 0644, "x"};
        session.files.now["pipe"] = {execution::FileKind::Other, 0644, ""};
        session.files.now["out"] = {execution::FileKind::Symlink, 0777, "/etc"};
        session.files.now["up"] = {execution::FileKind::Symlink, 0777, "../workspacex"};
        const auto prepared = tool()->prepare(call(arguments.toStdString()), session.workspace());
        QVERIFY(!prepared);
        QVERIFY(prepared.error().code == ErrorCode::InvalidInput);
        QVERIFY2(prepared.error().toString().find(why.toStdString()) != std::string::npos, prepared.error().toString().c_str());
    }

    void theResultHasItsShape()
    {
        FakeSession session;
        session.outcome = test::exited(3, "out\n", "err\xff\n");
        const auto made = tool();
        GH_VALUE(const auto prepared, made->prepare(call(R"({"cmd":"x"})"), session.workspace()));
        GH_VALUE(const auto outcome, made->perform(prepared, session, nullptr, {}));
        QCOMPARE(outcome.text,
                 "Chunk ID: " + sha256Hex("call_1").substr(0, 6) +
                     "\nWall time: 1.2340 seconds\nProcess exited with code 3\nOriginal token count: 3\nOutput:\nout\nerr\uFFFD\n");
        QVERIFY(outcome.error);
        QVERIFY(outcome.exec && outcome.exec->status == 3);
        GH_VALUE(const auto again, made->perform(prepared, session, nullptr, {}));
        QCOMPARE(again.text, outcome.text);
    }

    void everyEndHasItsWords_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("exit") << 0 << QByteArray("Process exited with code 7");
        QTest::newRow("signal") << 1 << QByteArray("Process ended by signal 9 (KILL)");
        QTest::newRow("limit") << 2 << QByteArray("Process ended by limit: memory (512 MiB of 512 MiB), processes (130 of 128)");
        QTest::newRow("time") << 3 << QByteArray("Process ended by limit: call (30.5 s of 30 s)");
        QTest::newRow("cancel") << 4 << QByteArray("Process was stopped");
    }
    void everyEndHasItsWords()
    {
        QFETCH(int, which);
        QFETCH(QByteArray, words);
        execution::ExecOutcome outcome = test::exited(which == 1 ? 9 : 7, "");
        outcome.end = which == 0 ? ExecEnd::Exited : which == 1 ? ExecEnd::Signalled : which == 4 ? ExecEnd::Cancelled : ExecEnd::Limit;
        if (which == 2)
            outcome.limits = {{Limit::Memory, 512 << 20, 512 << 20}, {Limit::Processes, 130, 128}};
        if (which == 3)
            outcome.limits = {{Limit::Call, 30512, 30000}};
        QCOMPARE(tools::endText(outcome), words.toStdString());
    }

    void longOutputIsCut()
    {
        FakeSession session;
        session.outcome = test::exited(0, std::string(100000, 'x'));
        session.outcome.output.tail = std::string(50, 'y');
        session.outcome.output.total = 5000000;
        const auto made = tool();
        GH_VALUE(const auto prepared, made->prepare(call(R"({"cmd":"x","max_output_tokens":100})"), session.workspace()));
        GH_VALUE(const auto outcome, made->perform(prepared, session, nullptr, {}));
        QVERIFY(outcome.text.size() < 600);
        QVERIFY(outcome.text.find("Original token count: 1250000\n") != std::string::npos);
        QVERIFY(outcome.text.ends_with("yyyy"));
        QVERIFY(tools::mergedText(session.outcome).find("…4899950 bytes not kept…") != std::string::npos);
        GH_VALUE(const auto unlimited, made->prepare(call(R"({"cmd":"x"})"), session.workspace()));
        GH_VALUE(const auto cut, made->perform(unlimited, session, nullptr, {}));
        QVERIFY(cut.text.size() < 41000);
    }

    void aDeadSandboxIsAnError()
    {
        FakeSession session;
        session.failure = Error{ErrorCode::Worker, "worker", "It died", {}};
        const auto made = tool();
        GH_VALUE(const auto prepared, made->prepare(call(R"({"cmd":"x"})"), session.workspace()));
        const auto outcome = made->perform(prepared, session, nullptr, {});
        QVERIFY(!outcome && outcome.error().code == ErrorCode::Worker);
    }
};

GATEHOUSE_TEST_MAIN(TestExecCommand)
#include "tst_execcommand.moc"
