#include "core/model/makeclient.h"

#include "tests/support/chatserver/chatserver.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

using namespace gatehouse;
using namespace gatehouse::model;

static workflow::ModelDefinition scripted(const std::string& script)
{
    workflow::ModelDefinition definition;
    definition.name = "offline";
    definition.script = script;
    definition.where = "gatehouse.json:4:5";
    return definition;
}

class TestMakeClient : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    // The same file plays in the test server: what both answer must agree.
    void aScriptDocumentIsPlayed()
    {
        GH_VALUE(const workflow::Script script, workflow::loadScript(test::conversationScript()).take());
        const ScriptedClient client(scriptedOptions(script));
        Request request;
        request.agent = "planner";
        request.items = {UserMessage{"Repair the credit note."}};
        GH_VALUE(const Response first, client.answer(request));
        QCOMPARE(first.calls.at(0).name, std::string("exec_command"));
        QVERIFY((first.usage == Usage{1200, 300, {}, {}}));
        for (const Item& item : itemsOf(first))
            request.items.push_back(item);
        request.items.emplace_back(ToolResultItem{"c1", "1 failed"});
        GH_VALUE(const Response second, client.answer(request));
        QCOMPARE(nlohmann::json::parse(second.calls.at(0).arguments).at("patch").get<std::string>().substr(0, 15),
                 std::string("*** Begin Patch"));
        QCOMPARE(second.calls.at(1).arguments, std::string("{ \"cmd\" : \"sh tests/test_credit_note.sh\",\t\"n\": 1.50, \"n\": 1e2 }"));
    }

    void theTaskChooses()
    {
        GH_VALUE(const workflow::Script script, workflow::loadScript(test::conversationScript()).take());
        const ScriptedClient client(scriptedOptions(script));
        for (const auto& [task, text] : std::map<std::string, std::string>{{"first", "one"}, {"second", "two"}, {"third", "any"}}) {
            Request request;
            request.agent = "other";
            request.items = {UserMessage{task}};
            GH_VALUE(const Response response, client.answer(request));
            QCOMPARE(response.text, text);
        }
    }

    void whatCanNotBeMadeSaysWhere()
    {
        KeyRing keys;
        QVERIFY(makeClient(scripted(test::conversationScript()), keys));
        QVERIFY(!makeClient(scripted("/no/such.script.json"), keys));
        workflow::ModelDefinition other = scripted({});
        other.api = workflow::ModelApi::Responses;
        other.baseUrl = "https://api.example.com/v1";
        QCOMPARE(
            makeClient(other, keys).error().toString(),
            std::string(
                "gatehouse.json:4:5: This version can't talk to responses models yet; Use chat-completions, which most servers offer too"));
        other.api = workflow::ModelApi::ChatCompletions;
        QVERIFY(makeClient(other, keys));
        other.key = workflow::KeyReference{workflow::KeyReference::Kind::Environment, "GATEHOUSE_NO_SUCH_KEY", {}};
        QVERIFY(makeClient(other, keys).error().code == ErrorCode::NotFound);
        other.key.reset();
        other.baseUrl = "gopher://x";
        QCOMPARE(makeClient(other, keys).error().where, std::string("gatehouse.json:4:5"));
    }

    void theDefinitionsParametersGoIntoTheRequest()
    {
        workflow::ModelDefinition definition;
        definition.parameters = {0.5, 0.9, 100, "low"};
        const Parameters parameters = parametersOf(definition);
        QCOMPARE(*parameters.temperature, 0.5);
        QCOMPARE(*parameters.topP, 0.9);
        QCOMPARE(*parameters.maxOutputTokens, std::uint64_t(100));
        QCOMPARE(*parameters.reasoningEffort, std::string("low"));
        QVERIFY(!parametersOf({}).temperature);
    }
};

GATEHOUSE_TEST_MAIN(TestMakeClient)
#include "tst_makeclient.moc"
