// One HTTP request to a Chat Completions server and its answer, whole or not: no retries here.
// Owned by the exchange that made it; lives on its thread; says exactly once how it ended.
#pragma once

#include "core/model/chatassembler.h"
#include "core/model/chatcompletionsclient.h"
#include "core/model/ssedecoder.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <chrono>
#include <optional>
#include <string>

class QNetworkAccessManager;
class QNetworkReply;
class QNetworkRequest;

namespace gatehouse::model {

struct AttemptFailure {
    Error error;
    int status = 0; // HTTP; 0: no answer, or a cut one
    bool worthRetrying = false;
    std::optional<std::chrono::milliseconds> retryAfter; // the server's
};

class ChatAttempt final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChatAttempt)

public:
    ChatAttempt(QNetworkAccessManager& network, const ChatOptions& options, const std::string& body);
    ~ChatAttempt() override;

    [[nodiscard]] std::size_t textBytes() const { return m_assembler.textBytes(); }

Q_SIGNALS:
    void textArrived(const std::string& text);
    void succeeded(const gatehouse::model::Response& response);
    void failed(const gatehouse::model::AttemptFailure& failure);

private:
    enum class Phase { Connecting, Answering, Ended };

    void watch(QNetworkReply* reply);
    void requestWasSent();
    void dataArrived();
    void replyFinished();
    void timedOut();
    void restartTimer();

    [[nodiscard]] int status() const;
    [[nodiscard]] bool isEventStream() const;
    void takeErrorBody();
    void takeStream();
    // False when the attempt has ended with it, or this object is gone.
    [[nodiscard]] bool takeEvents(const Result<std::vector<SseEvent>>& events, bool streamEnded);
    [[nodiscard]] bool takeEvent(const SseEvent& event, bool streamEnded);

    void finishStream();
    void finishRefused();
    void failConnection();
    void succeed();
    void failWith(AttemptFailure failure);
    void failWith(Error error);
    void letGo();
    [[nodiscard]] std::string shown(const std::string& bytes) const;
    // The sentence with the key taken out of the server's words in it.
    [[nodiscard]] Message withoutKey(Message words) const;
    void takeKeyOut(Response& response) const;
    [[nodiscard]] Error errorHere(Message why, Message advice = {}) const;

    const ChatOptions& m_options; // the client's, which outlives us
    std::string m_where;
    QPointer<QNetworkReply> m_reply;
    QTimer m_timer;
    Phase m_phase = Phase::Connecting;
    bool m_sent = false;
    SseDecoder m_decoder;
    ChatAssembler m_assembler;
    std::string m_errorBody;
    std::size_t m_received = 0;
};

} // namespace gatehouse::model
