#include "core/model/scriptedclient.h"
#include "tests/core/model/recorder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

using namespace gatehouse;
using namespace gatehouse::model;

static ScriptedOptions options()
{
    ScriptedOptions options;
    options.name = "demo.script.json";
    const Usage usage{1200, 300, {}, {}};
    options.agents["planner"] = {{
        {{}, {}, "I look first.", {{"c1", "exec_command", R"({"cmd":"ls"})"}}, usage, "demo.script.json:4:5"},
        {{},
         {{"c1", "1 failed|FAIL"}},
         "",
         {{"c2", "apply_patch", R"({"patch":"*"})"}, {"c3", "exec_command", "{}"}},
         usage,
         "demo.script.json:5:5"},
        {{}, {{"c2", "Updated"}, {"c3", "^2 passed$"}}, "Done.", {}, usage, "demo.script.json:6:5"},
    }};
    options.agents["chooser"] = {{{"(?i)credit", {}, "one", {}, usage, "a"}},
                                 {{"^second", {}, "two", {}, usage, "b"}, {{}, {}, "two again", {}, usage, "c"}}};
    return options;
}

static Request request(const std::string& agent, std::vector<Item> items)
{
    Request request;
    request.agent = agent;
    request.items = std::move(items);
    return request;
}

static const std::vector<Item> conversation = {UserMessage{"Go"},
                                               AssistantMessage{"I look first."},
                                               ToolCallItem{"c1", "exec_command", R"({"cmd":"ls"})"},
                                               ToolResultItem{"c1", "ok 1\n1 failed\n"},
                                               ToolCallItem{"c2", "apply_patch", R"({"patch":"*"})"},
                                               ToolCallItem{"c3", "exec_command", "{}"},
                                               ToolResultItem{"c2", "Updated note.sh"},
                                               ToolResultItem{"c3", "2 passed"}};

class TestScriptedClient : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void theTurnFollowsFromTheItemsAlone()
    {
        for (const auto& [items, text, calls] :
             std::vector<std::tuple<std::ptrdiff_t, std::string, std::size_t>>{{1, "I look first.", 1}, {4, "", 2}, {8, "Done.", 0}}) {
            // A new client each time: as after a resume in another process.
            const ScriptedClient client(options());
            GH_VALUE(const Response response, client.answer(request("planner", {conversation.begin(), conversation.begin() + items})));
            QCOMPARE(response.text, text);
            QCOMPARE(response.calls.size(), calls);
            QVERIFY((response.usage == Usage{1200, 300, {}, {}}));
            QCOMPARE(response.finish, std::string(calls > 0 ? "tool_calls" : "stop"));
        }
    }

    void aMismatchShowsBoth()
    {
        auto items = std::vector<Item>(conversation.begin(), conversation.begin() + 4);
        std::get<ToolResultItem>(items.back()).text = "3 passed\n\x1b[0m";
        const auto response = ScriptedClient(options()).answer(request("planner", items));
        QVERIFY(!response);
        QVERIFY(response.error().code == ErrorCode::Model);
        QCOMPARE(response.error().where, std::string("demo.script.json:5:5"));
        QCOMPARE(response.error().why.format(),
                 std::string("The script expects the result of call c1 to match “1 failed|FAIL”, but it is: 3 passed\\n\\x1b[0m"));
    }

    void failures_data()
    {
        QTest::addColumn<QString>("agent");
        QTest::addColumn<int>("items");
        QTest::addColumn<QString>("reason");
        QTest::newRow("unknown agent") << QStringLiteral("nobody") << 1 << QStringLiteral("The script has no turns for agent nobody");
        QTest::newRow("no script for the task")
            << QStringLiteral("chooser") << 1 << QStringLiteral("No script of agent chooser is for this task: Go");
        QTest::newRow("one call too many") << QStringLiteral("planner") << 10
                                           << QStringLiteral(
                                                  "The script of agent planner ends after 3 turns, but the model was called once more");
    }

    void failures()
    {
        QFETCH(QString, agent);
        QFETCH(int, items);
        QFETCH(QString, reason);
        std::vector<Item> all = conversation;
        all.insert(all.end(), {AssistantMessage{"Done."}, UserMessage{"More!"}});
        all.resize(static_cast<std::size_t>(items));
        ScriptedClient client(options());
        test::Recorder recorder(client.start(request(agent.toStdString(), all)));
        QCOMPARE(recorder.ends, 0); // not from within start()
        recorder.wait();
        QCOMPARE(recorder.ends, 1);
        QCOMPARE(recorder.pieces, 0);
        QVERIFY(recorder.error && recorder.error->code == ErrorCode::Model);
        QCOMPARE(QString::fromStdString(recorder.error->why.format()), reason);
    }

    void aResultThatIsNotThereIsSaid()
    {
        ScriptedOptions odd = options();
        odd.agents["planner"][0][1].expect[0].call = "c9";
        const auto response = ScriptedClient(odd).answer(request("planner", {conversation.begin(), conversation.begin() + 4}));
        QCOMPARE(response.error().why.format(),
                 std::string("The script expects a result of call c9 that matches “1 failed|FAIL”, but that call has no result"));
        odd.agents["planner"][0][1].expect[0] = {"c1", "("};
        QVERIFY(ScriptedClient(odd).answer(request("planner", {conversation.begin(), conversation.begin() + 4})).error().code ==
                ErrorCode::InvalidInput);
    }

    void theTaskChoosesTheScript()
    {
        const ScriptedClient client(options());
        QCOMPARE(client.answer(request("chooser", {UserMessage{"the CREDIT note"}}))->text, std::string("one"));
        QCOMPARE(client.answer(request("chooser", {UserMessage{"second"}}))->text, std::string("two"));
        QCOMPARE(client.answer(request("chooser", {UserMessage{"second"}, AssistantMessage{"two"}, UserMessage{"credit"}}))->text,
                 std::string("two again"));
    }

    void streamsAtItsPace()
    {
        ScriptedOptions paced = options();
        paced.tokensPerSecond = 50;
        paced.agents["planner"][0][0].text = "one two  three\nfour five ü six seven eight nine";
        ScriptedClient client(paced);
        QElapsedTimer clock;
        clock.start();
        test::Recorder recorder(client.start(request("planner", {UserMessage{"Go"}})));
        recorder.wait();
        QVERIFY(recorder.response);
        QCOMPARE(recorder.text, recorder.response->text);
        QVERIFY2(recorder.pieces > 3, qPrintable(QString::number(recorder.pieces)));
        QVERIFY(clock.elapsed() >= 200); // ten words at fifty a second
        QCOMPARE(recorder.lateSignals, 0);
    }

    void cancelStopsTheStream()
    {
        ScriptedOptions paced = options();
        paced.tokensPerSecond = 20;
        ScriptedClient client(paced);
        test::Recorder recorder(client.start(request("planner", {UserMessage{"Go"}})));
        connect(recorder.exchange.get(), &ModelExchange::textArrived, &recorder, [&] { recorder.exchange->cancel(); });
        recorder.wait();
        QCOMPARE(recorder.ends, 1);
        QVERIFY(recorder.error && recorder.error->code == ErrorCode::Cancelled);
        QCOMPARE(recorder.pieces, 1);
    }

    void theExchangeMayGoInTheMiddle_data()
    {
        QTest::addColumn<double>("pace");
        QTest::newRow("at once") << 0.0;
        QTest::newRow("paced") << 100.0;
    }

    void theExchangeMayGoInTheMiddle()
    {
        QFETCH(double, pace);
        ScriptedOptions paced = options();
        paced.tokensPerSecond = pace;
        ScriptedClient client(paced);
        test::Recorder recorder(client.start(request("planner", {UserMessage{"Go"}})));
        bool gone = false;
        connect(recorder.exchange.get(), &ModelExchange::textArrived, this, [&] {
            recorder.exchange.reset();
            gone = true;
        });
        QTRY_VERIFY(gone);
        QTest::qWait(50);
        QCOMPARE(recorder.ends, 0);
    }
};

GATEHOUSE_TEST_MAIN(TestScriptedClient)
#include "tst_scriptedclient.moc"
