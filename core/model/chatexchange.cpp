#include "core/model/chatexchange.h"

#include <QNetworkAccessManager>
#include <QRandomGenerator>

#include <algorithm>

namespace gatehouse::model {

ChatExchange::ChatExchange(QNetworkAccessManager& network, const ChatOptions& options, Result<std::string> body)
    : m_network(network), m_options(options), m_body(std::move(body))
{
    m_pause.setSingleShot(true);
    m_total.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &ChatExchange::attempt);
    connect(&m_total, &QTimer::timeout, this, [this] {
        const std::string seconds = std::to_string(m_options.timeouts.total.count() / 1000);
        endWith({ErrorCode::Model, m_options.baseUrl, Message("The model did not finish its answer within %1 s", {seconds}), {}});
    });
    m_total.start(m_options.timeouts.total);
    m_pause.start(0);
}

ChatExchange::~ChatExchange()
{
    release();
}

void ChatExchange::release()
{
    m_pause.stop();
    m_total.stop();
    dropAttempt();
}

void ChatExchange::dropAttempt()
{
    if (m_attempt == nullptr)
        return;
    m_attempt->disconnect(this);
    m_attempt->deleteLater();
    m_attempt = nullptr;
}

void ChatExchange::attempt()
{
    if (!m_body)
        return endWith(m_body.error());
    const int generation = ++m_generation;
    m_attempt = new ChatAttempt(m_network, m_options, *m_body);
    m_attempt->setParent(this);
    connect(m_attempt, &ChatAttempt::textArrived, this, [this, generation](const std::string& text) {
        if (generation == m_generation)
            giveText(text);
    });
    connect(m_attempt, &ChatAttempt::succeeded, this, [this, generation](const Response& response) {
        if (generation == m_generation)
            end(response);
    });
    connect(m_attempt, &ChatAttempt::failed, this, [this, generation](const AttemptFailure& failure) {
        if (generation == m_generation)
            attemptFailed(failure);
    });
}

void ChatExchange::attemptFailed(const AttemptFailure& failure)
{
    const std::size_t discarded = m_attempt->textBytes();
    dropAttempt();
    const bool demandsTooMuch = failure.retryAfter && *failure.retryAfter > m_options.retry.longestRetryAfter;
    if (!failure.worthRetrying || m_generation >= m_options.retry.attempts || demandsTooMuch)
        return giveUp(failure);
    const auto pause = pauseAfter(failure);
    m_pause.start(pause);
    giveRetry(
        {m_generation, failure.status, pause, failure.retryAfter.value_or(std::chrono::milliseconds(-1)), failure.error.why, discarded});
}

std::chrono::milliseconds ChatExchange::pauseAfter(const AttemptFailure& failure) const
{
    if (failure.retryAfter)
        return *failure.retryAfter;
    const RetryPolicy& retry = m_options.retry;
    const auto doubled = retry.firstPause * (1 << std::min(m_generation - 1, 16));
    const auto pause = std::min<std::chrono::milliseconds>(doubled, retry.longestPause);
    // Jitter, so that many runs turned away together don't come back together.
    return pause + std::chrono::milliseconds(QRandomGenerator::global()->bounded(static_cast<int>(pause.count() / 4) + 1));
}

void ChatExchange::giveUp(const AttemptFailure& failure)
{
    Error error = failure.error;
    const bool demandsTooMuch = failure.retryAfter && *failure.retryAfter > m_options.retry.longestRetryAfter;
    if (demandsTooMuch)
        error.advice =
            Message("It asks to wait for %1 s, which is longer than a run waits", {std::to_string(failure.retryAfter->count() / 1000)});
    else if (m_generation > 1)
        error.advice = Message("Given up after %1 attempts", {std::to_string(m_generation)});
    endWith(std::move(error));
}

} // namespace gatehouse::model
