#include "core/model/chatassembler.h"
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

static std::string delta(const std::string& inner, const char* finish = "null")
{
    return q("{'choices':[{'index':0,'delta':") + inner + q(",'finish_reason':") + finish + "}]}";
}

static const char* const stop = "\"stop\"";

static Result<Response> assemble(const std::vector<std::string>& chunks)
{
    ChatAssembler assembler(4);
    for (const std::string& chunk : chunks)
        GH_TRY(assembler.add(chunk));
    return assembler.take();
}

static std::string call(const std::string& inner)
{
    return delta(q("{'tool_calls':[") + inner + "]}");
}

class TestChatAssembler : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void textUsageAndFinish()
    {
        ChatAssembler assembler(4);
        const std::string role = q("{'role':'assistant','content':''}"), one = q("{'content':'gr\\u00fc'}"), two = q("{'content':'ße'}");
        QCOMPARE(*assembler.add(delta(role)), std::string());
        QCOMPARE(*assembler.add(delta(one)), std::string("grü"));
        QCOMPARE(*assembler.add(delta(two)), std::string("ße"));
        QVERIFY(!assembler.complete());
        GH_VERIFY(assembler.add(delta("{}", stop)));
        QVERIFY(assembler.complete());
        const std::string usage = q("{'prompt_tokens':7,'completion_tokens':3,'prompt_tokens_details':{'cached_tokens':2},") +
            q("'completion_tokens_details':{'reasoning_tokens':1}}");
        const std::string last = q("{'model':'m-1','choices':[],'usage':") + usage + "}";
        GH_VERIFY(assembler.add(last));
        QVERIFY(!assembler.done());
        GH_VERIFY(assembler.add("[DONE]"));
        QVERIFY(assembler.done());
        QCOMPARE(*assembler.add("anything"), std::string());
        GH_VALUE(const Response response, assembler.take());
        QVERIFY((response == Response{"grüße", {}, Usage{7, 3, 2, 1}, "stop", "m-1"}));
    }

    void callsAreReassembledByIndex()
    {
        const std::vector<std::string> chunks = {
            call(q("{'index':0,'id':'a','type':'function','function':{'name':'one','arguments':''}}")),
            call(q("{'index':1,'id':'b','function':{'name':'two','arguments':'{'}},{'index':0,'function':{'arguments':'{\\'x\\''}}")),
            call(q("{'index':1,'function':{'arguments':' \\'y\\':1e2}'}}")),
            call(q("{'index':0,'id':'a','function':{'arguments':': 1.0}'}}")),
            delta("{}", "\"tool_calls\""),
            "[DONE]"};
        GH_VALUE(const Response response, assemble(chunks));
        const std::vector<ToolCall> calls = {{"a", "one", q("{'x': 1.0}")}, {"b", "two", q("{ 'y':1e2}")}};
        QVERIFY(response.calls == calls);
        QCOMPARE(response.finish, std::string("tool_calls"));
    }

    void argumentsAreKeptByteForByteEvenWhenTheyAreNoJson()
    {
        for (const std::string text :
             {"", "not json", "{\"a\":1,\"a\":2}", " {\t} \n", "{\"n\":1.50}", "{\"s\":\"\\u00e9é\"}", "[1,", "\"\""}) {
            const nlohmann::json chunk = {{"index", 0}, {"id", "a"}, {"function", {{"name", "t"}, {"arguments", text}}}};
            GH_VALUE(const Response response, assemble({call(chunk.dump()), "[DONE]"}));
            QCOMPARE(response.calls.at(0).arguments, text);
        }
    }

    void serversThatForgetTheIndexAreUnderstood_data()
    {
        QTest::addColumn<QByteArray>("index");
        QTest::newRow("no index") << QByteArray();
        QTest::newRow("always 0") << QByteArray("\"index\":0,");
        QTest::newRow("null") << QByteArray("\"index\":null,");
    }

    void serversThatForgetTheIndexAreUnderstood()
    {
        QFETCH(QByteArray, index);
        const std::string i = index.toStdString();
        const std::vector<std::string> chunks = {call("{" + i + q("'id':'a','function':{'name':'one','arguments':'1'}}")),
                                                 call("{" + i + q("'function':{'arguments':'2'}}")),
                                                 call("{" + i + q("'id':'b','function':{'name':'two','arguments':'3'}}")),
                                                 call("{" + i + q("'id':'b','function':{'arguments':'4'}}")), "[DONE]"};
        GH_VALUE(const Response response, assemble(chunks));
        const std::vector<ToolCall> calls = {{"a", "one", "12"}, {"b", "two", "34"}};
        QVERIFY(response.calls == calls);
    }

    void harmlessOddities_data()
    {
        QTest::addColumn<QByteArray>("chunk");
        QTest::newRow("unknown members") << QByteArray::fromStdString(
            q("{'x':[{}],'choices':[{'index':0,'y':1,'delta':{'z':null,'reasoning_content':'r'}}]}"));
        QTest::newRow("second choice") << QByteArray::fromStdString(
            q("{'choices':[{'index':1,'delta':{'content':'no'},'finish_reason':'length'}]}"));
        QTest::newRow("null members") << QByteArray::fromStdString(
            q("{'choices':[{'delta':{'content':null,'tool_calls':null},'finish_reason':null}],'usage':null,'error':null}"));
        QTest::newRow("no delta") << QByteArray::fromStdString(q("{'choices':[{'index':0}]}"));
        QTest::newRow("odd usage") << QByteArray::fromStdString(
            q("{'usage':{'prompt_tokens':-1,'completion_tokens':'x','prompt_tokens_details':[]}}"));
        QTest::newRow("empty object") << QByteArray("{}");
    }

    void harmlessOddities()
    {
        QFETCH(QByteArray, chunk);
        const std::vector<std::string> chunks = {delta(q("{'content':'hi'}")), chunk.toStdString(), delta("{}", stop), "[DONE]"};
        GH_VALUE(const Response response, assemble(chunks));
        QVERIFY((response == Response{"hi", {}, {}, "stop", ""}));
    }

    void badChunksAreOneClearError_data()
    {
        QTest::addColumn<QByteArray>("chunk");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& chunk, const char* reason) {
            QTest::newRow(name) << QByteArray::fromStdString(chunk) << QString::fromUtf8(reason);
        };
        row("not JSON", "{\"choices\": [", "The server sent a chunk that is not JSON: {\"choices\": [");
        row("two values", "{} {}", "The server sent a chunk that is not JSON: {} {}");
        row("bad UTF-8", "{\"a\":\"\xff\"}", "The server sent a chunk that is not JSON: {\"a\":\"\\xff\"}");
        row("lone surrogate", q("{'a':'\\ud800'}"), "The server sent a chunk that is not JSON: {\"a\":\"\\ud800\"}");
        row("too deep", std::string(100000, '[') + std::string(100000, ']'), "The server sent a chunk that is nested too deeply");
        row("array", "[1]", "The server sent a chunk that is not an object: [1]");
        row("choices", q("{'choices':{}}"), "The server sent a chunk whose choices are not a list: {}");
        row("choice", q("{'choices':[3]}"), "The server sent a choice that is not an object: 3");
        row("delta", delta("7"), "The server sent a delta that is not an object: 7");
        row("content", delta(q("{'content':{'a':1}}")), "The server sent a chunk whose content is not text: {\"a\":1}");
        row("tool calls", delta(q("{'tool_calls':'x'}")), "The server sent tool calls that are not a list: \"x\"");
        row("tool call", call("[]"), "The server sent a tool call that is not an object: []");
        row("arguments", call(q("{'id':'a','function':{'name':'t','arguments':{'b':1}}}")),
            "The server sent a chunk whose arguments is not text: {\"b\":1}");
        row("index", call(q("{'index':'0','id':'a'}")), "The server sent a tool call whose index is no number: \"0\"");
        row("no id", call(q("{'function':{'name':'rm','arguments':'{}'}}")), "The server sent a call of tool rm without an id");
        row("no name", call(q("{'id':'a','function':{'arguments':'{}'}}")), "The server sent tool call a without a name");
        row("same id", call(q("{'index':0,'id':'a','function':{'name':'t'}},{'index':1,'id':'a','function':{'name':'u'}}")),
            "The server sent two tool calls with the id a");
        row("renamed", call(q("{'index':0,'id':'a','function':{'name':'t'}},{'index':0,'function':{'name':'u'}}")),
            "The server changed a tool call's name from t to u");
        row("five calls", call(q("{'index':1,'id':'a'},{'index':2},{'index':3},{'index':4},{'index':5}")),
            "The server sent more than 4 tool calls");
        row("long name", call(q("{'id':'a','function':{'name':'") + std::string(300, 'n') + "\"}}"),
            "The server sent a chunk whose name is longer than 256 bytes");
        row("error object", q("{'error':{'message':'over\\u001bload'}}"), "The server broke off with an error: over\\x1bload");
        row("error text", q("{'error':'tired'}"), "The server broke off with an error: \"tired\"");
    }

    void badChunksAreOneClearError()
    {
        QFETCH(QByteArray, chunk);
        QFETCH(QString, reason);
        const auto response = assemble({chunk.toStdString(), delta("{}", stop), "[DONE]"});
        QVERIFY(!response);
        QVERIFY(response.error().code == ErrorCode::Model);
        QCOMPARE(QString::fromStdString(response.error().why.format()), reason);
    }

    void anAnswerWithoutChoiceIsEmpty()
    {
        QVERIFY(!assemble({"[DONE]"}));
        const std::string usage = q("{'choices':[],'usage':{'prompt_tokens':1}}");
        QVERIFY(!assemble({usage, "[DONE]"}));
    }

    void aRefusalIsTextThatSaysSo()
    {
        const std::vector<std::string> chunks = {delta(q("{'refusal':'I can not.'}")), delta("{}", stop), "[DONE]"};
        GH_VALUE(const Response response, assemble(chunks));
        QVERIFY((response == Response{"I can not.", {}, {}, "refusal", ""}));
    }
};

GATEHOUSE_TEST_MAIN(TestChatAssembler)
#include "tst_chatassembler.moc"
