#include "core/model/chatrequest.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::model;

// JSON with ' for ": raw strings confuse Qt's moc.
static std::string q(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

class TestChatRequest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void itemsBecomeMessages()
    {
        Request request;
        request.agent = "planner";
        request.instructions = "Fix it.";
        request.items = {UserMessage{"Go"},
                         AssistantMessage{"I look."},
                         ToolCallItem{"a", "ls", "{ \"x\":1.0 }"},
                         ToolCallItem{"b", "cat", "no json"},
                         ToolResultItem{"a", "one"},
                         ToolResultItem{"b", "two"},
                         ToolCallItem{"c", "ls", ""},
                         ToolResultItem{"c", "three"},
                         UserMessage{"And?"}};
        request.tools = {{"ls", "Lists", {{"type", "object"}, {"properties", nlohmann::json::object()}}}};
        request.parameters.temperature = 0.5;
        request.parameters.toolChoice = ToolChoice::Required;
        GH_VALUE(const std::string body, chatRequestBody(request, "m"));
        const nlohmann::json expected = nlohmann::json::parse(
            q("{"
              "'model': 'm', 'stream': true, 'stream_options': {'include_usage': true}, 'temperature': 0.5, 'tool_choice': 'required',"
              "'tools': [{'type': 'function', 'function': {'name': 'ls', 'description': 'Lists', 'parameters': {'type': 'object', "
              "'properties': {}}}}],"
              "'messages': ["
              "{'role': 'system', 'content': 'Fix it.'},"
              "{'role': 'user', 'content': 'Go'},"
              "{'role': 'assistant', 'content': 'I look.', 'tool_calls': ["
              "{'id': 'a', 'type': 'function', 'function': {'name': 'ls', 'arguments': '{ \\'x\\':1.0 }'}},"
              "{'id': 'b', 'type': 'function', 'function': {'name': 'cat', 'arguments': 'no json'}}]},"
              "{'role': 'tool', 'tool_call_id': 'a', 'content': 'one'},"
              "{'role': 'tool', 'tool_call_id': 'b', 'content': 'two'},"
              "{'role': 'assistant', 'content': null, 'tool_calls': [{'id': 'c', 'type': 'function', 'function': {'name': 'ls', "
              "'arguments': ''}}]},"
              "{'role': 'tool', 'tool_call_id': 'c', 'content': 'three'},"
              "{'role': 'user', 'content': 'And?'}]}"));
        QCOMPARE(nlohmann::json::parse(body).dump(), expected.dump());
    }

    void withoutToolsNothingAboutTools()
    {
        Request request;
        request.model = "own";
        request.items = {UserMessage{"Go"}};
        request.parameters = {.temperature = {},
                              .topP = {},
                              .maxOutputTokens = 5,
                              .parallelToolCalls = true,
                              .toolChoice = ToolChoice::Auto,
                              .reasoningEffort = {}};
        GH_VALUE(const std::string body, chatRequestBody(request, "m"));
        const std::string expected = q("{'model':'own','messages':[{'role':'user','content':'Go'}],'stream':true,") +
            q("'stream_options':{'include_usage':true},'max_tokens':5}");
        QCOMPARE(body, expected);
    }

    void whatNoServerTakesIsNotSent_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("reason");
        QTest::newRow("result without call") << 0 << QStringLiteral("A tool result answers no open call: x");
        QTest::newRow("second result") << 1 << QStringLiteral("A tool result answers no open call: a");
        QTest::newRow("call without result") << 2 << QStringLiteral("Tool call a has no result");
        QTest::newRow("user between") << 3 << QStringLiteral("Tool call a has no result");
        QTest::newRow("turn between") << 4 << QStringLiteral("Tool call a has no result");
        QTest::newRow("same id") << 5 << QStringLiteral("Two tool calls of one turn have the id a");
        QTest::newRow("not UTF-8") << 6 << QStringLiteral("The request holds text that is not UTF-8");
    }

    void whatNoServerTakesIsNotSent()
    {
        QFETCH(int, which);
        QFETCH(QString, reason);
        const ToolCallItem call{"a", "t", "{}"};
        const ToolResultItem result{"a", "r"};
        const std::vector<std::vector<Item>> conversations = {{ToolResultItem{"x", ""}},
                                                              {call, result, result},
                                                              {call},
                                                              {call, UserMessage{"u"}, result},
                                                              {call, AssistantMessage{"m"}, result},
                                                              {call, call, result},
                                                              {UserMessage{"\xff"}}};
        Request request;
        request.items = conversations.at(static_cast<std::size_t>(which));
        const auto body = chatRequestBody(request, "m");
        QVERIFY(!body);
        QCOMPARE(QString::fromStdString(body.error().why.format()), reason);
    }
};

GATEHOUSE_TEST_MAIN(TestChatRequest)
#include "tst_chatrequest.moc"
