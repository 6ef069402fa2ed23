// One turn: one request to the model and its answer, recorded before anything follows from it. The run's thread.
#pragma once

#include <QObject>

#include "core/engine/runcontext.h"
#include "core/model/modelclient.h"

#include <memory>

namespace gatehouse::engine {

class ModelTurn final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ModelTurn)

public:
    ModelTurn(RunContext& context, model::ModelClient& client, QObject* parent = nullptr);
    ~ModelTurn() override;
    void start();

Q_SIGNALS:
    // Exactly one of these, once. After finished() the response is in the run's progress.
    void finished();
    void failed(const gatehouse::Error& error);

private:
    [[nodiscard]] model::Request request() const;
    [[nodiscard]] Result<void> noteRequest(const model::Request& request);
    [[nodiscard]] Result<void> noteResponse(const model::Response& response);
    [[nodiscard]] nlohmann::json usageOf(const model::Response& response) const;
    void retrying(const model::RetryNotice& notice);
    void answered(const model::Response& response);
    void broke(const Error& error);

    RunContext& m_context;
    model::ModelClient& m_client;
    std::unique_ptr<model::ModelExchange> m_exchange;
    SpanId m_span;
    std::string m_requestDigest;
    std::size_t m_requestBytes = 0; // of its texts
};

} // namespace gatehouse::engine
