#include "core/model/chatattempt.h"

#include "core/model/excerpt.h"
#include "core/model/retryafter.h"

#include <nlohmann/json.hpp>

#include <QIODevice>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <utility>

namespace gatehouse::model {
namespace {

constexpr qint64 readBuffer = 1 << 20;              // what Qt may hold for us before the server has to wait
constexpr std::size_t maximumErrorBody = 16384;     // enough for any message
constexpr std::chrono::milliseconds drainTime(500); // for a connection to end in order, so that it can be used again

QNetworkRequest httpRequest(const ChatOptions& options)
{
    QNetworkRequest request(QUrl(QString::fromStdString(options.baseUrl + "/chat/completions"), QUrl::StrictMode));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArrayLiteral("application/json"));
    request.setRawHeader("Accept", "text/event-stream");
    // Qt would ask for gzip and inflate whatever comes.
    request.setRawHeader("Accept-Encoding", "identity");
    request.setRawHeader("User-Agent", "gatehouse");
    if (!options.key.empty()) {
        const std::string_view key = options.key.reveal();
        request.setRawHeader("Authorization", "Bearer " + QByteArray(key.data(), static_cast<qsizetype>(key.size())));
    }
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    return request;
}

// Qt sends a request again by itself when the connection closes before an answer, unless the body can't be read twice.
// Whether to ask a model again is not its business: somebody pays, and the journal has to know. (Not a QBuffer: Qt
// takes the bytes out of those.)
class BodyReadOnce final : public QIODevice {
    Q_DISABLE_COPY_MOVE(BodyReadOnce)

public:
    explicit BodyReadOnce(const std::string& bytes) : m_bytes(bytes) { open(QIODevice::ReadOnly | QIODevice::Unbuffered); }
    qint64 size() const override { return static_cast<qint64>(m_bytes.size()); }
    bool reset() override { return false; }

private:
    qint64 readData(char* data, qint64 maximum) override
    {
        return static_cast<qint64>(m_bytes.copy(data, static_cast<std::size_t>(maximum), static_cast<std::size_t>(pos())));
    }
    qint64 writeData(const char*, qint64) override { return -1; }

    std::string m_bytes;
};

bool isOverload(int status)
{
    return status == 429 || status == 502 || status == 503 || status == 504;
}

// The sentence that most servers wrap in {"error": {"message": …}}, or the body itself.
std::string messageIn(const std::string& body)
{
    const nlohmann::json parsed = nlohmann::json::parse(body, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("error"))
        return body;
    const nlohmann::json& error = parsed["error"];
    if (error.is_string())
        return error.get<std::string>();
    const bool hasMessage = error.is_object() && error.contains("message") && error["message"].is_string();
    return hasMessage ? error["message"].get<std::string>() : body;
}

std::chrono::seconds secondsNow()
{
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
}

} // namespace

ChatAttempt::ChatAttempt(QNetworkAccessManager& network, const ChatOptions& options, const std::string& body)
    : m_options(options), m_where(options.baseUrl), m_decoder(options.limits.line, options.limits.event), m_assembler(options.limits.calls)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &ChatAttempt::timedOut);
    auto* bytes = new BodyReadOnce(body);
    watch(network.post(httpRequest(options), bytes));
    bytes->setParent(m_reply);
    restartTimer();
}

ChatAttempt::~ChatAttempt()
{
    letGo();
}

void ChatAttempt::watch(QNetworkReply* reply)
{
    m_reply = reply;
    reply->setReadBufferSize(readBuffer);
    connect(reply, &QNetworkReply::requestSent, this, &ChatAttempt::requestWasSent);
    connect(reply, &QNetworkReply::uploadProgress, this, &ChatAttempt::restartTimer);
    connect(reply, &QIODevice::readyRead, this, &ChatAttempt::dataArrived);
    connect(reply, &QNetworkReply::finished, this, &ChatAttempt::replyFinished);
}

void ChatAttempt::requestWasSent()
{
    m_sent = true;
    if (m_phase == Phase::Connecting)
        m_phase = Phase::Answering;
    restartTimer();
}

void ChatAttempt::restartTimer()
{
    if (m_phase == Phase::Ended)
        return;
    m_timer.start(m_phase == Phase::Connecting ? m_options.timeouts.connect : m_options.timeouts.idle);
}

void ChatAttempt::timedOut()
{
    const bool connecting = m_phase == Phase::Connecting;
    const auto waited = connecting ? m_options.timeouts.connect : m_options.timeouts.idle;
    const std::string seconds = QByteArray::number(static_cast<double>(waited.count()) / 1000).toStdString();
    failWith(
        errorHere(Message(connecting ? "No connection to the model server within %1 s" : "The model server was silent for %1 s", {seconds}),
                  "Check that the server runs, or allow it more time"));
}

int ChatAttempt::status() const
{
    return m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

bool ChatAttempt::isEventStream() const
{
    const QByteArray type = m_reply->rawHeader("Content-Type").toLower();
    return type == "text/event-stream" || type.startsWith("text/event-stream;") || type.startsWith("text/event-stream ");
}

void ChatAttempt::dataArrived()
{
    restartTimer();
    if (status() == 200 && isEventStream())
        takeStream();
    else
        takeErrorBody();
}

void ChatAttempt::takeErrorBody()
{
    const QByteArray bytes = m_reply->readAll();
    m_errorBody.append(bytes.data(), static_cast<std::size_t>(bytes.size()));
    if (m_errorBody.size() < maximumErrorBody)
        return;
    m_errorBody.resize(maximumErrorBody);
    finishRefused();
}

void ChatAttempt::takeStream()
{
    const QByteArray bytes = m_reply->readAll();
    m_received += static_cast<std::size_t>(bytes.size());
    if (m_received > m_options.limits.response)
        return failWith(errorHere(Message("The model's answer is larger than %1 bytes", {std::to_string(m_options.limits.response)})));
    if (takeEvents(m_decoder.feed({bytes.data(), static_cast<std::size_t>(bytes.size())}), false) && m_assembler.done())
        succeed();
}

bool ChatAttempt::takeEvents(const Result<std::vector<SseEvent>>& events, bool streamEnded)
{
    if (!events) {
        failWith(errorHere(withoutKey(events.error().why)));
        return false;
    }
    for (const SseEvent& event : *events) {
        if (!takeEvent(event, streamEnded))
            return false;
    }
    return true;
}

bool ChatAttempt::takeEvent(const SseEvent& event, bool streamEnded)
{
    const Result<std::string> text = m_assembler.add(event.data);
    if (text) {
        const QPointer<ChatAttempt> alive(this);
        if (!text->empty())
            Q_EMIT textArrived(*text);
        return alive && m_phase != Phase::Ended;
    }
    // What stands at the very end without its empty line may be half a chunk: that is a cut, not bad JSON.
    if (streamEnded)
        return true;
    failWith(errorHere(withoutKey(text.error().why)));
    return false;
}

void ChatAttempt::replyFinished()
{
    if (m_phase == Phase::Ended)
        return;
    if (status() == 0)
        return failConnection();
    if (status() == 200 && isEventStream())
        return finishStream();
    const QByteArray rest = m_reply->read(static_cast<qint64>(maximumErrorBody));
    m_errorBody.append(rest.data(), static_cast<std::size_t>(rest.size()));
    finishRefused();
}

void ChatAttempt::finishStream()
{
    const QPointer<ChatAttempt> alive(this);
    if (m_reply->bytesAvailable() > 0)
        takeStream();
    if (!alive || m_phase == Phase::Ended)
        return;
    if (!takeEvents(m_decoder.finish(), true))
        return;
    const bool inOrder = m_reply->error() == QNetworkReply::NoError;
    if (m_assembler.done() || (inOrder && m_assembler.complete()))
        return succeed();
    failWith({errorHere("The model's answer was cut before its end"), 0, true, {}});
}

void ChatAttempt::failConnection()
{
    const QNetworkReply::NetworkError code = m_reply->error();
    // Nothing listens, or there is no such host: asking again at once would not help.
    if (!m_sent) {
        const std::string reason = excerpt(m_reply->errorString().toStdString(), m_options.limits.excerpt);
        return failWith(errorHere(Message("No connection to the model server: %1", {reason}), "Check baseUrl, and that the server runs"));
    }
    const bool security = code == QNetworkReply::SslHandshakeFailedError;
    failWith({errorHere("The model server closed the connection without an answer"), 0, !security, {}});
}

void ChatAttempt::finishRefused()
{
    const int code = status();
    const QByteArray type = m_reply->rawHeader("Content-Type").left(100);
    if (code == 200)
        return failWith(
            errorHere(Message("The server answered with %1 where an event stream was asked for: %2",
                              {type.isEmpty() ? std::string("no content type") : shown(type.toStdString()), shown(m_errorBody)}),
                      "Check that baseUrl names a Chat Completions server that can stream"));
    const bool redirect = code >= 300 && code < 400;
    const std::string words = redirect ? m_reply->rawHeader("Location").toStdString() : messageIn(m_errorBody);
    Message why(redirect ? "The server answered with status %1, a redirection to %2, which is not followed"
                         : "The server answered with status %1: %2",
                {std::to_string(code), shown(words)});
    Message advice;
    if (code == 401 || code == 403)
        advice = "Check the model's key";
    else if (code == 404 || redirect)
        advice = "Check the model's baseUrl and name";
    AttemptFailure failure{errorHere(std::move(why), std::move(advice)), code, isOverload(code), {}};
    if (m_reply->hasRawHeader("Retry-After"))
        failure.retryAfter = parseRetryAfter(m_reply->rawHeader("Retry-After").toStdString(), secondsNow());
    failWith(std::move(failure));
}

void ChatAttempt::succeed()
{
    Result<Response> response = m_assembler.take();
    if (!response)
        return failWith(errorHere(withoutKey(response.error().why)));
    takeKeyOut(*response);
    m_phase = Phase::Ended;
    letGo();
    Q_EMIT succeeded(*response);
}

void ChatAttempt::failWith(Error error)
{
    failWith({std::move(error), 0, false, {}});
}

void ChatAttempt::failWith(AttemptFailure failure)
{
    if (std::exchange(m_phase, Phase::Ended) == Phase::Ended)
        return;
    letGo();
    Q_EMIT failed(failure);
}

// After a whole answer the connection gets a moment to end in order and can serve the next turn; else it is cut.
void ChatAttempt::letGo()
{
    m_timer.stop();
    QNetworkReply* reply = m_reply;
    m_reply = nullptr;
    if (reply == nullptr)
        return;
    reply->disconnect(this);
    if (m_assembler.done() && !reply->isFinished()) {
        connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
        QTimer::singleShot(drainTime, reply, &QNetworkReply::abort);
        return;
    }
    reply->abort();
    reply->deleteLater();
}

std::string ChatAttempt::shown(const std::string& bytes) const
{
    const std::size_t longest = m_options.limits.excerpt;
    // The key goes first: cutting could leave a part of it that no longer looks like it.
    return excerpt(withoutSecret(std::string_view(bytes).substr(0, longest * 4), m_options.key.reveal()), longest);
}

Message ChatAttempt::withoutKey(Message words) const
{
    for (std::string& argument : words.arguments)
        argument = withoutSecret(argument, m_options.key.reveal());
    return words;
}

// A server could hand the key back, for a record or for a sandbox to keep.
void ChatAttempt::takeKeyOut(Response& response) const
{
    const std::string_view key = m_options.key.reveal();
    if (key.empty())
        return;
    // Only the whole key: an answer is not ours to change, and parts of a key are shared by chance.
    const auto clean = [key](std::string& text) {
        for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at))
            text.replace(at, key.size(), "[key]");
    };
    clean(response.text);
    clean(response.finish);
    clean(response.providerModel);
    for (ToolCall& call : response.calls) {
        clean(call.id);
        clean(call.name);
        clean(call.arguments);
    }
}

Error ChatAttempt::errorHere(Message why, Message advice) const
{
    return Error{ErrorCode::Model, m_where, std::move(why), std::move(advice)};
}

} // namespace gatehouse::model
