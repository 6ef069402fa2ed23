// A Chat Completions request with its retries. Made by ChatCompletionsClient.
#pragma once

#include "core/model/chatattempt.h"
#include "core/model/modelclient.h"

#include <QTimer>

#include <memory>
#include <string>

namespace gatehouse::model {

class ChatExchange final : public ModelExchange {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChatExchange)

public:
    ChatExchange(QNetworkAccessManager& network, const ChatOptions& options, Result<std::string> body);
    ~ChatExchange() override;

private:
    void release() override;
    void attempt();
    void attemptFailed(const AttemptFailure& failure);
    [[nodiscard]] std::chrono::milliseconds pauseAfter(const AttemptFailure& failure) const;
    void giveUp(const AttemptFailure& failure);
    void dropAttempt();

    QNetworkAccessManager& m_network;
    const ChatOptions& m_options; // the client's
    Result<std::string> m_body;
    ChatAttempt* m_attempt = nullptr; // deleted later: it may be the sender
    // Counts attempts, from 1; a signal of an earlier one is dropped.
    int m_generation = 0;
    QTimer m_pause;
    QTimer m_total;
};

} // namespace gatehouse::model
