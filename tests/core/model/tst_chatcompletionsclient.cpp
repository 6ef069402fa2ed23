#include "core/model/chatcompletionsclient.h"
#include "tests/core/model/recorder.h"
#include "tests/support/chatserver/chatserver.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>
#include <QJsonObject>
#include <QTcpServer>
#include <QTcpSocket>

#include <chrono>

using namespace gatehouse;
using namespace gatehouse::model;
using namespace std::chrono_literals;

static const std::string patchArguments = R"({"patch": "*** Begin Patch\n*** Update File: repo/note.sh\n@@\n-total=$((net + vat))\n)"
                                          R"(+total=$((net - vat)) # \"−\"\n*** End Patch\n"})";
static const std::string oddArguments = "{ \"cmd\" : \"sh tests/test_credit_note.sh\",\t\"n\": 1.50, \"n\": 1e2 }";

static ChatOptions optionsFor(const std::string& baseUrl)
{
    ChatOptions options;
    options.baseUrl = baseUrl;
    options.model = "scripted";
    options.retry.firstPause = 10ms;
    return options;
}

static ToolDescription tool(const char* name)
{
    return {name, "Does it", {{"type", "object"}, {"properties", {{"cmd", {{"type", "string"}}}}}, {"additionalProperties", false}}};
}

static Request firstRequest()
{
    Request request;
    request.agent = "planner";
    request.instructions = "Fix the failing test.";
    request.items = {UserMessage{"Repair the credit note."}};
    request.tools = {tool("exec_command"), tool("apply_patch")};
    return request;
}

static std::unique_ptr<ChatCompletionsClient> clientFor(ChatOptions options)
{
    auto client = ChatCompletionsClient::create(std::move(options));
    if (!client)
        qFatal("%s", client.error().toString().c_str());
    return *std::move(client);
}

// What the tools of the script's conversation answer.
static std::string resultOf(const ToolCall& call)
{
    return call.id == "c1" ? "1 failed" : call.id == "c2" ? "Updated repo/note.sh" : "2 passed";
}

struct Played {
    std::vector<Response> responses;
    std::vector<RetryNotice> notices;
    std::optional<Error> error;
};

// The conversation to its end, as an engine would: answers, then the results of the calls.
static Played play(ModelClient& client, Request request = firstRequest())
{
    Played played;
    for (int turn = 0; turn < 10; ++turn) {
        test::Recorder recorder(client.start(request));
        recorder.wait();
        played.notices.insert(played.notices.end(), recorder.notices.begin(), recorder.notices.end());
        if (recorder.ends != 1 || recorder.lateSignals != 0 || !recorder.response) {
            played.error = recorder.error.value_or(Error{ErrorCode::Internal, {}, "not exactly one end", {}});
            return played;
        }
        const Response& response = *recorder.response;
        if (recorder.text != response.text) {
            played.error = Error{ErrorCode::Internal, {}, "the streamed text is not the answer's", {}};
            return played;
        }
        played.responses.push_back(response);
        for (const Item& item : itemsOf(response))
            request.items.push_back(item);
        for (const ToolCall& call : response.calls)
            request.items.emplace_back(ToolResultItem{call.id, resultOf(call)});
        if (response.calls.empty())
            return played;
    }
    return played;
}

static void checkWholeConversation(const Played& played)
{
    QVERIFY2(!played.error, played.error ? played.error->toString().c_str() : "");
    QCOMPARE(played.responses.size(), std::size_t(3));
    QCOMPARE(played.responses[0].text, std::string("I look at the task first – grüß dich, 世界 🧾."));
    QCOMPARE(played.responses[1].calls.size(), std::size_t(2));
    QCOMPARE(played.responses[1].calls[0].arguments, patchArguments);
    QCOMPARE(played.responses[1].calls[1].arguments, oddArguments);
    QCOMPARE(played.responses[2].text, std::string("Both defects are mended."));
    QVERIFY((played.responses[2].usage == Usage{1200, 300, 600, {}}));
    QCOMPARE(played.responses[2].finish, std::string("stop"));
    QCOMPARE(played.responses[2].providerModel, std::string("scripted"));
}

class TestChatCompletionsClient : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aWholeConversationSurvivesTooManyRequestsAndACutStream()
    {
        test::ChatServer server(test::conversationScript(), "planner",
                                {QStringLiteral("--split"), QStringLiteral("each"), QStringLiteral("--fault"), QStringLiteral("429@1"),
                                 QStringLiteral("--fault"), QStringLiteral("cut@3"), QStringLiteral("--tools"),
                                 QStringLiteral("exec_command,apply_patch")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        QElapsedTimer clock;
        clock.start();
        const Played played = play(*client);
        checkWholeConversation(played);
        QCOMPARE(server.answers(), QStringLiteral("429 200 cut 200 200"));
        QCOMPARE(played.notices.size(), std::size_t(2));
        QCOMPARE(played.notices[0].status, 429);
        QCOMPARE(played.notices[0].retryAfter, 1000ms);
        QCOMPARE(played.notices[0].demanded, 1000ms);
        QVERIFY(clock.elapsed() >= 1000);
        QCOMPARE(played.notices[1].status, 0);
        QCOMPARE(played.notices[1].demanded.count(), -1);
        QCOMPARE(played.notices[1].reason.format(), std::string("The model's answer was cut before its end"));
    }

    void theTextOfACutAttemptIsDiscardedAndCounted()
    {
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), QStringLiteral("cut@1")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        test::Recorder recorder(client->start(firstRequest()));
        recorder.wait();
        QVERIFY(recorder.response);
        QCOMPARE(recorder.notices.size(), std::size_t(1));
        QVERIFY(recorder.notices[0].discardedBytes > 0);
        QCOMPARE(recorder.text, recorder.response->text);
    }

    void everySplitInTwoGivesTheSameAnswer()
    {
        // Every position of the whole stream is the decoder's own test; here a walk over it through a real socket.
        for (int at = 1; at < 1400; at += 97) {
            test::ChatServer server(
                test::conversationScript(), "planner",
                {QStringLiteral("--split"), QStringLiteral("at:%1").arg(at), QStringLiteral("--pause"), QStringLiteral("3000")});
            const auto client = clientFor(optionsFor(server.baseUrl()));
            test::Recorder recorder(client->start(firstRequest()));
            recorder.wait();
            QVERIFY2(recorder.response, recorder.error ? recorder.error->toString().c_str() : "no end");
            QCOMPARE(recorder.response->text, std::string("I look at the task first – grüß dich, 世界 🧾."));
        }
    }

    void harmlessOdditiesAreUnderstood_data()
    {
        QTest::addColumn<QString>("fault");
        for (const char* fault : {"nodone", "nonewline", "crlf", "cr", "comments", "multiline", "bom", "unknown", "indexless", "sameindex",
                                  "shuffled", "nofinish"})
            QTest::newRow(fault) << QString::fromLatin1(fault);
    }

    void harmlessOdditiesAreUnderstood()
    {
        QFETCH(QString, fault);
        test::ChatServer server(test::conversationScript(), "planner",
                                {QStringLiteral("--fault"), fault + QStringLiteral("@*"), QStringLiteral("--split"), QStringLiteral("13")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        const Played played = play(*client);
        checkWholeConversation(played);
        QVERIFY(played.notices.empty());
    }

    void failuresAreOneClearError_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("answers"); // what the server gave, in all
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("advice");
        const auto row = [](const char* fault, const char* answers, const char* reason, const char* advice = "") {
            QTest::newRow(fault) << QString::fromLatin1(fault) << QString::fromLatin1(answers) << QString::fromUtf8(reason)
                                 << QString::fromUtf8(advice);
        };
        row("500", "500", "The server answered with status 500: out of order\\x1b[31m\\u{202e}");
        row("502", "502 502 502", "The server answered with status 502: out of order\\x1b[31m\\u{202e}", "Given up after 3 attempts");
        row("503", "503 503 503", "The server answered with status 503: out of order\\x1b[31m\\u{202e}", "Given up after 3 attempts");
        row("504", "504 504 504", "The server answered with status 504: out of order\\x1b[31m\\u{202e}", "Given up after 3 attempts");
        row("html-502", "html-502 html-502 html-502",
            "The server answered with status 502: <html><body><h1>502 Bad Gateway</h1></body></html>", "Given up after 3 attempts");
        row("429-long", "429-long", "The server answered with status 429: slow down",
            "It asks to wait for 3600 s, which is longer than a run waits");
        row("html", "html",
            "The server answered with text/html where an event stream was asked for: <!doctype html><title>Welcome to our hotel</title>",
            "Check that baseUrl names a Chat Completions server that can stream");
        row("json", "json",
            "The server answered with application/json where an event stream was asked for: {\"error\": {\"message\": \"not a stream\", "
            "\"type\": \"refused\"}}",
            "Check that baseUrl names a Chat Completions server that can stream");
        row("badchunk", "badchunk", "The server sent a chunk that is not JSON: {\"choices\": [");
        row("errorchunk", "errorchunk", "The server broke off with an error: the model fell over");
        row("deep", "deep", "The server sent a chunk that is nested too deeply");
        row("hugeline", "hugeline", "A line of the stream is longer than 4194304 bytes");
        row("empty", "empty", "The server's answer is empty: it ended without a choice");
        row("noid", "noid", "The server sent a call of tool exec_command without an id");
        row("noname", "noname", "The server sent tool call c1 without a name");
        row("argobject", "argobject", "The server sent a chunk whose arguments is not text: {\"cmd\":\"ls\"}");
        const char* cut = "The model's answer was cut before its end";
        row("cut", "cut cut cut", cut, "Given up after 3 attempts");
        row("cut-head", "cut-head cut-head cut-head", cut, "Given up after 3 attempts");
        row("reset", "reset reset reset", cut, "Given up after 3 attempts");
        row("halfchunk", "halfchunk halfchunk halfchunk", cut, "Given up after 3 attempts");
        row("close", "close close close", "The model server closed the connection without an answer", "Given up after 3 attempts");
        row("silent", "silent", "The model server was silent for 0.3 s", "Check that the server runs, or allow it more time");
        row("hang", "hang", "The model server was silent for 0.3 s", "Check that the server runs, or allow it more time");
    }

    void failuresAreOneClearError()
    {
        QFETCH(QString, fault);
        QFETCH(QString, answers);
        QFETCH(QString, reason);
        QFETCH(QString, advice);
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), fault + QStringLiteral("@*")});
        ChatOptions options = optionsFor(server.baseUrl());
        options.retry.attempts = 3;
        if (fault == QLatin1String("silent") || fault == QLatin1String("hang"))
            options.timeouts.idle = 300ms;
        const auto client = clientFor(options);
        const Played played = play(*client);
        QVERIFY(played.error);
        QVERIFY(played.error->code == ErrorCode::Model);
        QCOMPARE(played.error->where, server.baseUrl());
        QCOMPARE(QString::fromStdString(played.error->why.format()), reason);
        QCOMPARE(QString::fromStdString(played.error->advice.format()), advice);
        QCOMPARE(server.answers(), answers);
    }

    void garbageIsCalledSo()
    {
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), QStringLiteral("garbage@*")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        const Played played = play(*client);
        QVERIFY(played.error);
        QVERIFY2(played.error->why.format().starts_with("This is not an event stream; it begins with: "), played.error->toString().c_str());
        QVERIFY(played.error->why.format().size() < 1200);
    }

    void twoCallsWithOneIdAreRefused()
    {
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), QStringLiteral("sameid@2")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        const Played played = play(*client);
        QVERIFY(played.error);
        QCOMPARE(played.error->why.format(), std::string("The server sent two tool calls with the id same"));
    }

    void aFloodIsCutOff_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("reason");
        QTest::newRow("huge error page") << QStringLiteral("hugebody") << QStringLiteral("The server answered with status 500: ");
        QTest::newRow("comments for ever") << QStringLiteral("endless") << QStringLiteral("The model did not finish its answer within 1 s");
    }

    void aFloodIsCutOff()
    {
        QFETCH(QString, fault);
        QFETCH(QString, reason);
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), fault + QStringLiteral("@*")});
        ChatOptions options = optionsFor(server.baseUrl());
        options.timeouts.total = 1s;
        const auto client = clientFor(options);
        const Played played = play(*client);
        QVERIFY(played.error);
        QVERIFY2(QString::fromStdString(played.error->why.format()).startsWith(reason), played.error->toString().c_str());
        QVERIFY(played.error->toString().size() < 600);
        QCOMPARE(server.answers(), fault);
    }

    void anAnswerThatIsTooLargeIsCutOff()
    {
        test::ChatServer server(test::conversationScript(), "planner");
        ChatOptions options = optionsFor(server.baseUrl());
        options.limits.response = 500;
        const auto client = clientFor(options);
        QCOMPARE(play(*client).error->why.format(), std::string("The model's answer is larger than 500 bytes"));
    }

    void aDateIsWaitedForToo()
    {
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), QStringLiteral("429-date@1")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        const Played played = play(*client);
        checkWholeConversation(played);
        QCOMPARE(played.notices.size(), std::size_t(1));
        QVERIFY(played.notices[0].demanded >= 1s && played.notices[0].demanded <= 3s);
    }

    void redirectionsAreNotFollowed()
    {
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), QStringLiteral("redirect@1")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        const Played played = play(*client);
        QVERIFY(played.error);
        QCOMPARE(played.error->why.format(),
                 "The server answered with status 307, a redirection to " + server.baseUrl() + "/chat/completions, which is not followed");
        QCOMPARE(server.answers(), QStringLiteral("redirect"));
    }

    void theKeyIsSentAndNeverShown()
    {
        const std::string key = "sk-0123456789abcdefghij";
        test::ChatServer server(test::conversationScript(), "planner",
                                {QStringLiteral("--key"), QString::fromStdString(key), QStringLiteral("--fault"), QStringLiteral("401@1")});
        ChatOptions options = optionsFor(server.baseUrl());
        options.key = Secret(std::string(key));
        const auto client = clientFor(options);
        const Played refused = play(*client);
        QVERIFY(refused.error);
        QCOMPARE(refused.error->why.format(),
                 std::string("The server answered with status 401: Incorrect API key provided: [key]****ghij (full: [key])."));
        QCOMPARE(refused.error->advice.format(), std::string("Check the model's key"));
        checkWholeConversation(play(*client)); // a cookie set meanwhile would be refused by the server

        const auto keyless = clientFor(optionsFor(server.baseUrl()));
        QCOMPARE(play(*keyless).error->why.format(), std::string("The server answered with status 401: the key is wrong"));
    }

    void theServerIsStrict_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no tools") << 0 << QStringLiteral("tools are missing");
        QTest::newRow("a tool too few") << 1 << QStringLiteral("the schema of ['apply_patch'] is missing from tools");
        QTest::newRow("no schema") << 2 << QStringLiteral("tools[0].parameters is not an object schema");
        QTest::newRow("history left out") << 3 << QStringLiteral("the assistant message of turn 1 is not what was said");
        QTest::newRow("arguments changed") << 4 << QStringLiteral("is not the one that was made: c1");
        QTest::newRow("wrong tool result") << 5 << QStringLiteral("the result of c1 does not match '1 failed|FAIL': 'all good'");
        QTest::newRow("nothing new") << 6 << QStringLiteral("no user message stands first");
        QTest::newRow("other model") << 7 << QStringLiteral("model is 'other', not 'scripted'");
        QTest::newRow("order of results") << 8 << QStringLiteral("messages[5] answers 'c3', not 'c2'");
        QTest::newRow("earlier message changed") << 9 << QStringLiteral("an earlier message was changed or left out");
    }

    void theServerIsStrict()
    {
        QFETCH(int, which);
        QFETCH(QString, reason);
        test::ChatServer server(test::conversationScript(), "planner");
        const auto client = clientFor(optionsFor(server.baseUrl()));
        Request request = firstRequest();
        const AssistantMessage said{"I look at the task first – grüß dich, 世界 🧾."};
        const ToolCallItem c1{"c1", "exec_command", R"({"cmd": "cat task.md; sh tests/test_credit_note.sh", "workdir": "repo"})"};
        const std::vector<Item> second = {request.items[0], said, c1, ToolResultItem{"c1", "1 failed"}};
        if (which == 0)
            request.tools.clear();
        if (which == 1)
            request.tools.pop_back();
        if (which == 2)
            request.tools[0].parameters = nlohmann::json::object();
        if (which == 3)
            request.items = {second[0], c1, second[3]};
        if (which == 4)
            request.items = {second[0], said, ToolCallItem{"c1", "exec_command", R"({"cmd":"rm"})"}, second[3]};
        if (which == 5)
            request.items = {second[0], said, c1, ToolResultItem{"c1", "all good"}};
        if (which == 6)
            request.items = {};
        if (which == 7)
            request.model = "other";
        if (which == 8) {
            request.items = second;
            request.items.insert(request.items.end(),
                                 {ToolCallItem{"c2", "apply_patch", patchArguments}, ToolCallItem{"c3", "exec_command", oddArguments},
                                  ToolResultItem{"c3", "2 passed"}, ToolResultItem{"c2", "Updated"}});
        }
        if (which == 9) {
            request.items = second;
            QVERIFY(play(*client, request).responses.size() == 2);
            request.items = {second[0], said, c1, ToolResultItem{"c1", "FAIL"}};
        }
        test::Recorder recorder(client->start(request));
        recorder.wait();
        QVERIFY(recorder.error);
        const QString why = QString::fromStdString(recorder.error->why.format());
        QVERIFY2(why.startsWith(QLatin1String("The server answered with status 400: ")) && why.contains(reason), qPrintable(why));
        QVERIFY(recorder.notices.empty());
    }

    void cancelEndsIt_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<bool>("afterText");
        QTest::newRow("before anything") << QStringLiteral("silent@*") << false;
        QTest::newRow("in the stream") << QStringLiteral("hang@*") << true;
        QTest::newRow("in the pause") << QStringLiteral("429@*") << false;
    }

    void cancelEndsIt()
    {
        QFETCH(QString, fault);
        QFETCH(bool, afterText);
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), fault});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        test::Recorder recorder(client->start(firstRequest()));
        if (afterText)
            QTRY_VERIFY(recorder.pieces > 0);
        else
            QTRY_VERIFY(!server.requests().empty());
        if (fault.startsWith(QLatin1String("429")))
            QTRY_COMPARE(recorder.notices.size(), std::size_t(1));
        recorder.exchange->cancel();
        recorder.exchange->cancel();
        QCOMPARE(recorder.ends, 0);
        recorder.wait();
        recorder.exchange->cancel();
        recorder.wait(50);
        QCOMPARE(recorder.ends, 1);
        QVERIFY(recorder.error && recorder.error->code == ErrorCode::Cancelled);
        QCOMPARE(recorder.lateSignals, 0);
        QCOMPARE(server.requests().size(), std::size_t(1));
    }

    void theExchangeMayGoInTheMiddle()
    {
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--split"), QStringLiteral("each")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        test::Recorder recorder(client->start(firstRequest()));
        bool gone = false;
        connect(recorder.exchange.get(), &ModelExchange::textArrived, this, [&] {
            recorder.exchange.reset();
            gone = true;
        });
        QTRY_VERIFY(gone);
        QTest::qWait(100);
        QCOMPARE(recorder.ends, 0);
        checkWholeConversation(play(*client));
    }

    void oneConnectionServesManyTurns()
    {
        test::ChatServer server(test::conversationScript(), "planner");
        const auto client = clientFor(optionsFor(server.baseUrl()));
        checkWholeConversation(play(*client));
        const auto requests = server.requests();
        QCOMPARE(requests.size(), std::size_t(3));
        for (const QJsonObject& request : requests)
            QCOMPARE(request.value(QLatin1String("connection")), requests[0].value(QLatin1String("connection")));
    }

    void nobodyThere()
    {
        QTcpServer reserved;
        QVERIFY(reserved.listen(QHostAddress::LocalHost));
        const std::string url = "http://127.0.0.1:" + std::to_string(reserved.serverPort()) + "/v1";
        reserved.close();
        const auto client = clientFor(optionsFor(url));
        const Played played = play(*client);
        QVERIFY(played.error);
        QVERIFY2(played.error->toString().starts_with(url + ": No connection to the model server: "), played.error->toString().c_str());
        QVERIFY(played.notices.empty());
    }

    void proxiesOfTheEnvironmentAreNotUsed()
    {
        QTcpServer proxy;
        QVERIFY(proxy.listen(QHostAddress::LocalHost));
        const QByteArray address = "http://127.0.0.1:" + QByteArray::number(proxy.serverPort());
        for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy"})
            qputenv(name, address);
        test::ChatServer server(test::conversationScript(), "planner");
        const auto client = clientFor(optionsFor(server.baseUrl()));
        checkWholeConversation(play(*client));
        QVERIFY(!proxy.hasPendingConnections());

        ChatOptions through = optionsFor(server.baseUrl());
        through.proxy = address.toStdString();
        through.timeouts.idle = 200ms;
        QVERIFY(play(*clientFor(through)).error);
        QVERIFY(proxy.hasPendingConnections()); // nobody answers there, but it was asked
        for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy"})
            qunsetenv(name);
    }

    void badOptionsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<bool>("key");
        QTest::addColumn<bool>("good");
        QTest::newRow("https") << QByteArray("https://api.example.com/v1/") << true << true;
        QTest::newRow("loopback with key") << QByteArray("http://127.0.0.1:1/v1") << true << true;
        QTest::newRow("localhost with key") << QByteArray("http://localhost:1/v1") << true << true;
        QTest::newRow("IPv6 loopback with key") << QByteArray("http://[::1]:1/v1") << true << true;
        QTest::newRow("plain without key") << QByteArray("http://10.0.0.5:8000/v1") << false << true;
        QTest::newRow("plain with key") << QByteArray("http://10.0.0.5:8000/v1") << true << false;
        QTest::newRow("plain with key, alike") << QByteArray("http://localhost.example.com/v1") << true << false;
        for (const char* bad : {"", "api.example.com", "ftp://x/v1", "file:///etc/passwd", "http://", "https://user:sk-secret@x/v1",
                                "https://x/v1?a=b", "https://x/v1#f", "http://x y/", "https://x:99999/v1"})
            QTest::newRow(bad) << QByteArray(bad) << false << false;
    }

    void badOptionsAreRefused()
    {
        QFETCH(QByteArray, url);
        QFETCH(bool, key);
        QFETCH(bool, good);
        ChatOptions options;
        options.baseUrl = url.toStdString();
        options.key = Secret(std::string(key ? "sk-1234567890" : ""));
        const auto client = ChatCompletionsClient::create(options);
        QCOMPARE(client.has_value(), good);
        if (!good) {
            QVERIFY(client.error().code == ErrorCode::InvalidInput);
            QVERIFY(client.error().toString().find("sk-") == std::string::npos);
        }
    }

    void theServerEndsWithItsInput()
    {
        test::ChatServer server(test::conversationScript(), "planner", {QStringLiteral("--fault"), QStringLiteral("hang@1")});
        const auto client = clientFor(optionsFor(server.baseUrl()));
        test::Recorder recorder(client->start(firstRequest()));
        QTRY_VERIFY(recorder.pieces > 0);
        QVERIFY(server.closeInput());
    }
};

GATEHOUSE_TEST_MAIN(TestChatCompletionsClient)
#include "tst_chatcompletionsclient.moc"
