#include "core/model/modelclient.h"

#include <utility>

namespace gatehouse::model {

ModelExchange::ModelExchange() = default;
ModelExchange::~ModelExchange() = default;
ModelClient::~ModelClient() = default;

void ModelExchange::cancel()
{
    if (m_delivered)
        return;
    Result<Response> cancelled = fail(ErrorCode::Cancelled, {}, "The model request was cancelled");
    if (ended())
        m_end = std::move(cancelled); // the answer is here, but was not given yet
    else
        decide(std::move(cancelled));
}

void ModelExchange::giveText(const std::string& text)
{
    if (!ended() && !text.empty())
        Q_EMIT textArrived(text);
}

void ModelExchange::giveRetry(const RetryNotice& notice)
{
    if (!ended())
        Q_EMIT retrying(notice);
}

void ModelExchange::end(Response response)
{
    decide(std::move(response));
}

void ModelExchange::endWith(Error error)
{
    decide(std::unexpected(std::move(error)));
}

void ModelExchange::decide(Result<Response> outcome)
{
    if (ended())
        return;
    m_end = std::move(outcome);
    release();
    // Queued: a caller is never called back from within its own call.
    QMetaObject::invokeMethod(this, &ModelExchange::deliver, Qt::QueuedConnection);
}

void ModelExchange::deliver()
{
    m_delivered = true;
    // A slot may destroy this object: the outcome leaves it first, and nothing is touched after the signal.
    const Result<Response> outcome = *std::move(m_end);
    m_end = Response{};
    if (outcome)
        Q_EMIT finished(*outcome);
    else
        Q_EMIT failed(outcome.error());
}

} // namespace gatehouse::model
