#include "core/tools/commandtool.h"

#include "core/tools/toolregistry.h"
#include "core/workflow/workflow.h"
#include "tests/core/tools/fakesession.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

using namespace gatehouse;
using execution::CommandEffect;
using nlohmann::json;
using test::FakeSession;

namespace {

workflow::ToolDefinition definition(std::vector<std::string> command)
{
    workflow::ToolDefinition out;
    out.name = "calculate";
    out.description = "Adds";
    out.parameters = json::parse(R"({"type":"object","properties":{"operation":{"enum":["add","multiply"]},"a":{"type":"number"}},
                                    "required":["operation","a"],"additionalProperties":false})");
    out.kind = workflow::CommandTool{std::move(command), std::chrono::seconds(10)};
    return out;
}

} // namespace

class TestCommandTool : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void argumentsArriveByteForByte()
    {
        FakeSession session;
        GH_VALUE(const auto tool, tools::makeCommandTool(definition({"python3", "calculate.py"})));
        const std::string arguments = "{ \"a\" : 1.50, \"operation\":\"\\u0061dd\"}";
        GH_VALUE(const auto prepared, tool->prepare({"c", "calculate", arguments}, session.workspace()));
        const auto& request = std::get<CommandEffect>(prepared.effect).request;
        QCOMPARE(request.standardInput, arguments);
        QCOMPARE(request.files.size(), std::size_t(1));
        QCOMPARE(request.files[0].variable, std::string("GATEHOUSE_ARGUMENTS_FILE"));
        QCOMPARE(request.files[0].bytes, arguments);
        QCOMPARE(request.workdir, std::string("/opt/tools"));
        QVERIFY(request.timeout == std::chrono::seconds(10));
        QVERIFY(request.argv == std::vector<std::string>({"python3", "calculate.py"}));
        QVERIFY(prepared.argv == request.argv);
    }

    void programsWithASlashStandInTheToolsFolder()
    {
        FakeSession session;
        for (const auto& [given, expected] : std::vector<std::pair<std::string, std::string>>{
                 {"./calc", "/opt/tools/./calc"}, {"bin/calc", "/opt/tools/bin/calc"}, {"/usr/bin/env", "/usr/bin/env"}, {"sh", "sh"}}) {
            GH_VALUE(const auto tool, tools::makeCommandTool(definition({given})));
            GH_VALUE(const auto prepared, tool->prepare({"c", "calculate", R"({"operation":"add","a":1})"}, session.workspace()));
            QCOMPARE(prepared.argv->front(), expected);
        }
    }

    void badArgumentsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        for (const char* bad :
             {"", "{}", "[]", "1", "{", R"({"operation":"add"})", R"({"operation":"divide","a":1})", R"({"operation":"add","a":"1"})",
              R"({"operation":"add","a":1,"b":2})", R"({"operation":"add","a":1,"a":2})", R"({"operation":"add","a":1}{})"})
            QTest::newRow(*bad ? bad : "nothing") << QByteArray(bad);
    }
    void badArgumentsAreRefused()
    {
        QFETCH(QByteArray, arguments);
        FakeSession session;
        GH_VALUE(const auto tool, tools::makeCommandTool(definition({"x"})));
        const auto prepared = tool->prepare({"c", "calculate", arguments.toStdString()}, session.workspace());
        QVERIFY(!prepared && prepared.error().code == ErrorCode::InvalidInput);
        QVERIFY(prepared.error().where.starts_with("arguments"));
    }

    void answers_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("JSON") << 0 << QByteArray("{\"result\": 8}\n") << QByteArray() << QByteArray("{\"result\": 8}");
        QTest::newRow("text") << 0 << QByteArray("eight") << QByteArray("a warning") << QByteArray("eight");
        QTest::newRow("nothing") << 0 << QByteArray() << QByteArray() << QByteArray();
        QTest::newRow("bytes") << 0 << QByteArray("\xff") << QByteArray() << QByteArray("\uFFFD");
        QTest::newRow("failure") << 2 << QByteArray("half") << QByteArray("no such city")
                                 << QByteArray("The tool calculate failed. Process exited with code 2\nno such city");
        QTest::newRow("silent failure") << 2 << QByteArray("half") << QByteArray()
                                        << QByteArray("The tool calculate failed. Process exited with code 2\nhalf");
    }
    void answers()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, output);
        QFETCH(QByteArray, error);
        QFETCH(QByteArray, expected);
        FakeSession session;
        session.outcome = test::exited(status, output.toStdString(), error.toStdString());
        GH_VALUE(const auto tool, tools::makeCommandTool(definition({"x"})));
        GH_VALUE(const auto prepared, tool->prepare({"c", "calculate", R"({"operation":"add","a":1})"}, session.workspace()));
        GH_VALUE(const auto outcome, tool->perform(prepared, session, nullptr, {}));
        QCOMPARE(outcome.text, expected.toStdString());
        QCOMPARE(outcome.error, status != 0);
    }

    void anEndlessAnswerIsBounded()
    {
        FakeSession session;
        session.outcome = test::exited(0, std::string(1u << 20, 'x'));
        GH_VALUE(const auto tool, tools::makeCommandTool(definition({"x"})));
        GH_VALUE(const auto prepared, tool->prepare({"c", "calculate", R"({"operation":"add","a":1})"}, session.workspace()));
        GH_VALUE(const auto outcome, tool->perform(prepared, session, nullptr, {}));
        QVERIFY(outcome.text.size() <= 40000);
    }

    void definitionsThatCannotRunAreRefused()
    {
        QVERIFY(!tools::makeCommandTool(definition({})));
        QVERIFY(!tools::makeCommandTool(definition({""})));
        workflow::ToolDefinition http = definition({"x"});
        http.kind = workflow::HttpTool{"POST", "https://example.com/", {}};
        const auto unsupported = tools::makeCommandTool(http);
        QVERIFY(!unsupported && unsupported.error().code == ErrorCode::Unsupported);
        workflow::ToolDefinition broken = definition({"x"});
        broken.parameters = json::parse(R"({"type":"nonsense"})");
        QVERIFY(!tools::makeCommandTool(broken));
    }

    void theRegistryKnowsItsTools()
    {
        tools::ToolRegistry registry;
        GH_VALUE(auto tool, tools::makeCommandTool(definition({"x"})));
        const execution::Tool* raw = tool.get();
        GH_VERIFY(registry.add(std::move(tool)));
        GH_VALUE(const execution::Tool* found, registry.find("calculate"));
        QCOMPARE(found, raw);
        GH_VALUE(auto twin, tools::makeCommandTool(definition({"x"})));
        const auto taken = registry.add(std::move(twin));
        QVERIFY(!taken && taken.error().code == ErrorCode::AlreadyExists);
        const auto unknown = registry.find("calc\x1b");
        QVERIFY(!unknown && unknown.error().code == ErrorCode::NotFound);
        QCOMPARE(unknown.error().toString(), std::string("calc\\x1b: There is no such tool; There are: calculate"));
        for (const std::string& name : {std::string(), std::string("a b"), std::string(65, 'a'), std::string("ä")}) {
            workflow::ToolDefinition odd = definition({"x"});
            odd.name = name;
            GH_VALUE(auto oddTool, tools::makeCommandTool(odd));
            const auto added = registry.add(std::move(oddTool));
            QVERIFY(!added && added.error().code == ErrorCode::InvalidInput);
        }
        QCOMPARE(registry.schemas().size(), std::size_t(1));
    }
};

GATEHOUSE_TEST_MAIN(TestCommandTool)
#include "tst_commandtool.moc"
