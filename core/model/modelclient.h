// The one way to talk to a model. A client makes exchanges; an exchange is one request and its streamed answer.
//
// Lives on the thread that made it (the engine's), whose event loop must run. The caller owns the exchange and may
// destroy it at any time, also from a slot of its signals; the client must outlive its exchanges.
#pragma once

#include "core/foundation/result.h"
#include "core/model/conversation.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace gatehouse::model {

// An attempt failed and another one follows. What the failed attempt streamed is void.
struct RetryNotice {
    int attempt = 1;                         // the attempt that failed, from 1
    int status = 0;                          // HTTP status; 0: none, the connection failed or was cut
    std::chrono::milliseconds retryAfter{0}; // how long is waited before the next attempt
    std::chrono::milliseconds demanded{-1};  // what the server's Retry-After demanded; negative: it did not say
    Message reason;
    std::size_t discardedBytes = 0; // of text that had arrived and no longer counts
};

class ModelExchange : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ModelExchange)

public:
    ~ModelExchange() override;
    // Ends the exchange: failed() with ErrorCode::Cancelled comes from the event loop, and no other signal after this
    // call, not even for an answer that is already here. Idempotent; without effect once a terminal signal was given.
    void cancel();

Q_SIGNALS:
    // Pieces of the answer's text, whole UTF-8 characters. They count only when finished() follows; after retrying()
    // all earlier pieces are void.
    void textArrived(const std::string& text);
    void retrying(const gatehouse::model::RetryNotice& notice);
    // Exactly one of these two, once, never from within start() or cancel(), and nothing after it.
    void finished(const gatehouse::model::Response& response);
    void failed(const gatehouse::Error& error);

protected:
    ModelExchange();
    // All four are dropped once the end is decided, so a late reply can do no harm.
    void giveText(const std::string& text);
    void giveRetry(const RetryNotice& notice);
    void end(Response response);
    void endWith(Error error);
    [[nodiscard]] bool ended() const { return m_end.has_value(); }
    // Stops timers and connections; called once, when the end is decided.
    virtual void release() = 0;

private:
    void decide(Result<Response> outcome);
    void deliver();

    std::optional<Result<Response>> m_end;
    bool m_delivered = false;
};

class ModelClient {
public:
    virtual ~ModelClient();
    // Never fails here: what is wrong comes as failed().
    [[nodiscard]] virtual std::unique_ptr<ModelExchange> start(const Request& request) = 0;
};

} // namespace gatehouse::model
