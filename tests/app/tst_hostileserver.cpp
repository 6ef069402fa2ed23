// Model servers that misbehave, each a real listener with its own bytes: one clear error that names the server, exit
// status 7, a whole journal, and the key nowhere. And oddities that are none: the answer is understood.
#include "tests/support/testmain.h"

#include "tests/app/smallproject.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>

using namespace gatehouse;
using nlohmann::json;
using test::SmallProject;

static constexpr const char* plantedKey = "planted-key-0815-abcdef";

// Answers every request with the same bytes.
class RawServer : public QTcpServer {
    Q_OBJECT
public:
    enum class Then { Close, Stay, Drip };

    RawServer(QByteArray answer, Then then) : m_answer(std::move(answer)), m_then(then)
    {
        connect(this, &QTcpServer::newConnection, this, &RawServer::serve);
        listen(QHostAddress::LocalHost);
    }
    std::string baseUrl() const { return "http://127.0.0.1:" + std::to_string(serverPort()) + "/v1"; }
    int requests() const { return m_requests; }

private:
    void serve()
    {
        QTcpSocket* socket = nextPendingConnection();
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        auto taken = std::make_shared<QByteArray>();
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, taken] {
            *taken += socket->readAll();
            const qsizetype head = taken->indexOf("\r\n\r\n");
            const qsizetype length = taken->toLower().indexOf("content-length:");
            if (head < 0 || length < 0 ||
                taken->size() < head + 4 + taken->mid(length + 15, taken->indexOf('\r', length) - length - 15).toInt())
                return;
            taken->clear();
            ++m_requests;
            answer(socket);
        });
    }

    void answer(QTcpSocket* socket)
    {
        if (m_then == Then::Drip) {
            auto* timer = new QTimer(socket);
            auto at = std::make_shared<qsizetype>(0);
            connect(timer, &QTimer::timeout, socket, [this, socket, at] {
                socket->write(m_answer.mid(*at, 40));
                *at += 40;
                if (*at >= m_answer.size())
                    socket->disconnectFromHost();
            });
            timer->start(20);
            return;
        }
        socket->write(m_answer);
        if (m_then == Then::Close)
            socket->disconnectFromHost();
    }

    QByteArray m_answer;
    Then m_then;
    int m_requests = 0;
};

static QByteArray http(int status, const QByteArray& type, const QByteArray& body, const QByteArray& more = {})
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Word\r\nContent-Type: " + type + "\r\nConnection: close\r\n" + more + "\r\n" + body;
}

static QByteArray stream(const QByteArray& body)
{
    return http(200, "text/event-stream", body);
}

static QByteArray chunk(const json& delta, const char* finish = nullptr)
{
    const json choice = {{"index", 0}, {"delta", delta}, {"finish_reason", finish ? json(finish) : json()}};
    return "data: " + QByteArray::fromStdString(json{{"choices", json::array({choice})}}.dump()) + "\n\n";
}

static json callDelta(int index, const std::string& id, const std::string& name, const std::string& arguments)
{
    json call = {{"index", index}, {"function", {{"arguments", arguments}}}};
    if (!id.empty())
        call["id"] = id;
    if (!name.empty())
        call["function"]["name"] = name;
    return {{"tool_calls", json::array({call})}};
}

class TestHostileServer : public test::TestCase {
    Q_OBJECT

    struct Ended {
        int status = -1;
        std::string output;
        std::string error;
    };

    static void useServer(SmallProject& small, const std::string& baseUrl)
    {
        small.project["models"]["strict"] = {{"api", "chat-completions"}, {"baseUrl", baseUrl}, {"model", "m"}, {"key", "env:STRICT_KEY"}};
        small.project["defaults"]["model"] = "strict";
        small.policy["rules"][1] = test::rule("A-2", "allow", "tool");
        small.save();
        small.cli().setVariable(QStringLiteral("STRICT_KEY"), QString::fromLatin1(plantedKey));
    }

    // The server lives on this thread, so its events must go on while the program runs.
    static Ended run(const SmallProject& small)
    {
        const auto process = small.start({"run", "small.workflow.json", "--approvals", "pause", "--json"});
        if (!QTest::qWaitFor([&] { return process->state() == QProcess::NotRunning; }, 120000))
            process->kill();
        return {process->exitCode(), process->readAllStandardOutput().toStdString(), process->readAllStandardError().toStdString()};
    }

    static void keyIsNowhere(SmallProject& small, const Ended& ended)
    {
        QVERIFY(ended.output.find(plantedKey) == std::string::npos);
        QVERIFY2(ended.error.find("planted-key") == std::string::npos, ended.error.c_str());
        const auto found =
            small.cli().program(QStringLiteral("grep"), {QStringLiteral("-r"), QStringLiteral("planted-key"), QStringLiteral(".gatehouse")},
                                small.cli().project());
        QVERIFY2(found.status == 1, found.output.c_str());
    }

    static void checkFailure(SmallProject& small, const Ended& ended, const std::string& place, const std::string& words)
    {
        QVERIFY2(ended.status == 7, (std::to_string(ended.status) + ended.error).c_str());
        QVERIFY2(std::ranges::count(ended.error, '\n') == 1, ended.error.c_str());
        QVERIFY2(ended.error.find(place) != std::string::npos, ended.error.c_str());
        QVERIFY2(ended.error.find(words) != std::string::npos, ended.error.c_str());
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "model.error"), 1);
        QCOMPARE(test::countOf(records, "effect.started"), 0);
        GH_JSON(records.back()["type"], "run.finished");
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
        keyIsNowhere(small, ended);
    }

private Q_SLOTS:
    void failuresAreOneError_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("words");
        const QByteArray key = plantedKey;
        const QByteArray said = "{\"error\":{\"message\":\"Bad key " + key + "\"}}";
        const auto row = [](const char* name, const QByteArray& answer, const char* words) {
            QTest::newRow(name) << answer << QByteArray(words);
        };
        row("400", http(400, "application/json", "{\"error\":\"no\"}"), "status 400");
        row("401 that repeats the key", http(401, "application/json", said), "key");
        row("403 in HTML", http(403, "text/html", "<h1>Forbidden</h1>"), "status 403");
        row("404", http(404, "text/plain", "nothing here"), "status 404");
        row("500", http(500, "text/html", "<h1>Oops</h1>"), "status 500");
        row("503 that asks for a day", http(503, "text/plain", "later", "Retry-After: 86400\r\n"), "86400 s");
        row("429 that asks for ever", http(429, "text/plain", "later", "Retry-After: 99999999999999999999999\r\n"), "status 429");
        row("503 with a date far away", http(503, "text/plain", "later", "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\n"), "status 503");
        row("redirection", http(307, "text/plain", "", "Location: http://127.0.0.1:1/elsewhere?" + key + "\r\n"), "not followed");
        row("HTML", http(200, "text/html", "<html>hello</html>"), "text/html");
        row("an empty answer of another type", http(200, "application/json", ""), "application/json");
        row("not a stream", stream("<html>\n"), "not an event stream");
        row("a chunk that is not JSON", stream("data: {\"choices\n\ndata: [DONE]\n\n"), "not JSON");
        row("a chunk that repeats the key", stream("data: oops " + key + "\n\n"), "not JSON");
        row("an error chunk that repeats the key", stream("data: " + said + "\n\n"), "broke off");
        row("no choice", stream("data: [DONE]\n\n"), "without a choice");
        row("nothing said", stream(chunk({{"content", ""}}, "stop") + "data: [DONE]\n\n"), "with nothing");
        row("a call without an id", stream(chunk(callDelta(0, "", "exec_command", "{}"), "tool_calls") + "data: [DONE]\n\n"),
            "without an id");
        row("a call without a name", stream(chunk(callDelta(0, "c1", "", "{}"), "tool_calls") + "data: [DONE]\n\n"), "without a name");
        row("two calls of one id",
            stream(chunk(callDelta(0, "c1", "exec_command", "{}")) + chunk(callDelta(1, "c1", "exec_command", "{}"), "tool_calls") +
                   "data: [DONE]\n\n"),
            "the id c1");
        row("cut at its length", stream(chunk({{"content", "half a"}}, "length") + "data: [DONE]\n\n"), "length limit");
        row("a call cut at its length",
            stream(chunk(callDelta(0, "c1", "exec_command", "{\"cmd\":\"echo ran\"}"), "length") + "data: [DONE]\n\n"), "length limit");
        row("filtered", stream(chunk({{"content", "half"}}, "content_filter") + "data: [DONE]\n\n"), "content_filter");
        row("refused", stream(chunk({{"refusal", "I will not."}}, "stop") + "data: [DONE]\n\n"), "I will not.");
        row("a line without end", stream("data: " + QByteArray(5 << 20, 'x')), "longer than");
        row("a chunk that is too deep", stream("data: " + QByteArray(100000, '[') + "\n\n"), "nested too deeply");
    }

    void failuresAreOneError()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, words);
        RawServer server(answer, RawServer::Then::Close);
        SmallProject small({test::finalTurn()});
        useServer(small, server.baseUrl());
        const Ended ended = run(small);
        checkFailure(small, ended, server.baseUrl(), words.toStdString());
        QCOMPARE(server.requests(), 1);
    }

    // Asked again a few times, each time recorded; then one error.
    void passingFailuresAreTriedAgain_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("words");
        QTest::newRow("503") << http(503, "text/plain", "busy") << QByteArray("status 503");
        QTest::newRow("closed without a byte") << QByteArray() << QByteArray("without an answer");
        QTest::newRow("a stream without an end") << stream(chunk({{"content", "half"}})) << QByteArray("cut before its end");
        QTest::newRow("an empty stream") << stream("") << QByteArray("cut before its end");
    }

    void passingFailuresAreTriedAgain()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, words);
        RawServer server(answer, RawServer::Then::Close);
        SmallProject small({test::finalTurn()});
        useServer(small, server.baseUrl());
        const Ended ended = run(small);
        checkFailure(small, ended, server.baseUrl(), words.toStdString());
        QCOMPARE(server.requests(), 4);
        QCOMPARE(test::countOf(small.records(), "model.retry"), 3);
    }

    void nobodyThere_data()
    {
        QTest::addColumn<QByteArray>("baseUrl");
        QTest::newRow("connection refused") << QByteArray("http://127.0.0.1:1/v1");
        QTest::newRow("no such host") << QByteArray("https://no-such-host.invalid/v1");
    }

    void nobodyThere()
    {
        QFETCH(QByteArray, baseUrl);
        SmallProject small({test::finalTurn()});
        useServer(small, baseUrl.toStdString());
        checkFailure(small, run(small), baseUrl.toStdString(), "No connection");
    }

    void odditiesAreUnderstood_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("drip");
        const QByteArray text = chunk({{"content", "All "}}) + chunk({{"content", "well."}}, "stop");
        const auto row = [](const char* name, const QByteArray& body, bool drip = false) { QTest::newRow(name) << stream(body) << drip; };
        row("plain", text + "data: [DONE]\n\n");
        row("CRLF", QByteArray(text + "data: [DONE]\n\n").replace("\n", "\r\n"));
        row("comments", ": hello\n\n" + text + ": still here\n\ndata: [DONE]\n\n");
        row("data over several lines", QByteArray(text).replace("{\"choices\":", "{\"choices\":\ndata: ") + "data: [DONE]\n\n");
        row("no [DONE]", text);
        row("garbage behind [DONE]", text + "data: [DONE]\n\ndata: garbage\n\n<html>");
        row("an unknown finish", chunk({{"content", "All well."}}, "eos_token") + "data: [DONE]\n\n");
        row("usage that no record can hold",
            text +
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":18446744073709551615,"
                "\"completion_tokens\":9999999999999999}}\n\ndata: [DONE]\n\n");
        row("a model's name cut within a letter",
            "data: {\"model\":\"" + QByteArray(255, 'm') + "\xc3\xa4\",\"choices\":[]}\n\n" + text + "data: [DONE]\n\n");
        row("slowly", text + "data: [DONE]\n\n", true);
    }

    void odditiesAreUnderstood()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, drip);
        RawServer server(answer, drip ? RawServer::Then::Drip : RawServer::Then::Close);
        SmallProject small({test::finalTurn()});
        useServer(small, server.baseUrl());
        const Ended ended = run(small);
        QVERIFY2(ended.status == 0, (ended.output + ended.error).c_str());
        GH_JSON(json::parse(ended.output)["final"], "All well.");
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
        keyIsNowhere(small, ended);
    }

    // Pieces of two calls in turn, and arguments that are no JSON: each call gets its own answer, and the run goes on to
    // its limit of turns, since this server never says anything else.
    // A server that hands the key back in its answer: neither record nor sandbox keeps it.
    void aKeyInAnAnswerIsNotKept()
    {
        SmallProject small({test::finalTurn()});
        const std::string key = plantedKey;
        RawServer server(stream(chunk({{"content", "You gave me " + key.substr(0, 9)}}) +
                                chunk({{"content", key.substr(9) + ", thanks."}}) + chunk(json::object(), "stop") + "data: [DONE]\n\n"),
                         RawServer::Then::Close);
        useServer(small, server.baseUrl());
        const Ended ended = run(small);
        QVERIFY2(ended.status == 0, ended.error.c_str());
        QVERIFY2(ended.output.find("You gave me [key], thanks.") != std::string::npos, ended.output.c_str());
        keyIsNowhere(small, ended);
    }

    void callsAreAnsweredOneByOne()
    {
        const QByteArray calls = chunk(callDelta(0, "c1", "exec_command", "{\"cmd\":")) +
            chunk(callDelta(1, "c2", "exec_command", "{\"cmd\"")) + chunk(callDelta(0, "", "", "\"echo first\"}")) +
            chunk(callDelta(1, "", "", ": nonsense"), "tool_calls") + "data: [DONE]\n\n";
        RawServer server(stream(calls), RawServer::Then::Close);
        SmallProject small({test::finalTurn()});
        small.workflow["agents"]["worker"]["limits"] = {{"turns", 1}};
        useServer(small, server.baseUrl());
        const Ended ended = run(small);
        QVERIFY2(ended.status == 5, (std::to_string(ended.status) + ended.error).c_str());
        QVERIFY(small.resultOf("c1").find("first") != std::string::npos);
        QVERIFY(small.resultOf("c2").find("refused") != std::string::npos);
        QCOMPARE(test::countOf(small.records(), "effect.started"), 1);
    }

    // A server that does not count does not lift the limit.
    void aLimitOfTokensHoldsWithoutUsage()
    {
        const QByteArray calls = chunk(callDelta(0, "c1", "exec_command", "{\"cmd\":\"true\"}"), "tool_calls") + "data: [DONE]\n\n";
        RawServer server(stream(calls), RawServer::Then::Close);
        SmallProject small({test::finalTurn()});
        small.workflow["agents"]["worker"]["limits"] = {{"turns", 30}, {"tokens", 300}};
        useServer(small, server.baseUrl());
        const Ended ended = run(small);
        QVERIFY2(ended.status == 5, (std::to_string(ended.status) + ended.error).c_str());
        QVERIFY2(ended.error.find("of 300 tokens") != std::string::npos, ended.error.c_str());
    }

    // A server that says nothing, or sends without end, is left when somebody stops the run.
    void aWaitCanBeStopped_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("silent") << QByteArray();
        QTest::newRow("half an answer") << stream(chunk({{"content", "half"}}));
        QTest::newRow("waiting to try again") << http(503, "text/plain", "later", "Content-Length: 5\r\nRetry-After: 100\r\n");
    }

    void aWaitCanBeStopped()
    {
        QFETCH(QByteArray, answer);
        RawServer server(answer, RawServer::Then::Stay);
        SmallProject small({test::finalTurn()});
        useServer(small, server.baseUrl());
        const auto process = small.start({"run", "small.workflow.json", "--approvals", "pause", "--json"});
        QTRY_VERIFY_WITH_TIMEOUT(server.requests() == 1, 60000);
        QCOMPARE(small.gatehouse({"stop", "last"}).status, 0);
        QTRY_VERIFY_WITH_TIMEOUT(process->state() == QProcess::NotRunning, 30000);
        QCOMPARE(process->exitCode(), 130);
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }
};

GATEHOUSE_TEST_MAIN(TestHostileServer)
#include "tst_hostileserver.moc"
