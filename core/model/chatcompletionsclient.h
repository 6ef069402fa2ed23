// Chat Completions over HTTP with server-sent events, for any compatible server.
//
// The server is not trusted: everything it sends is bounded and checked, redirects are not followed, its words reach
// an error only as a short escaped excerpt. The key is sent in one header and appears nowhere else.
#pragma once

#include "core/model/modelclient.h"
#include "core/model/secret.h"

#include <chrono>
#include <memory>
#include <string>

class QNetworkAccessManager;

namespace gatehouse::model {

struct ChatTimeouts {
    std::chrono::milliseconds connect{15000}; // until the request is sent
    std::chrono::milliseconds idle{120000};   // between two pieces of the answer, the first included
    std::chrono::milliseconds total{1800000}; // of the exchange, retries and their pauses included
};

struct RetryPolicy {
    int attempts = 4;                          // in all
    std::chrono::milliseconds firstPause{500}; // doubled each time, with up to a quarter of jitter
    std::chrono::milliseconds longestPause{8000};
    // A server that demands more than this by Retry-After is not waited for: the exchange fails and says so.
    std::chrono::milliseconds longestRetryAfter{120000};
};

// A key is not sent over plain http, except to this machine.
enum class PlainHttpKey { Refuse, Allow };

struct ChatLimits {
    std::size_t line = 4u << 20;      // one line of the stream
    std::size_t event = 4u << 20;     // the data of one event
    std::size_t response = 64u << 20; // all bytes of one answer
    std::size_t calls = 128;          // tool calls of one answer
    std::size_t excerpt = 300;        // bytes of a server's words in an error, before escaping
};

struct ChatOptions {
    std::string baseUrl; // http or https, up to and without "/chat/completions"
    std::string model;
    Secret key; // empty: no Authorization header
    ChatTimeouts timeouts;
    RetryPolicy retry;
    ChatLimits limits;
    PlainHttpKey plainHttpKey = PlainHttpKey::Refuse;
    std::string proxy; // "http://host:port"; empty: none, whatever the environment says
};

class ChatCompletionsClient final : public ModelClient {
public:
    // Checks the options: a base URL that can't serve is ErrorCode::InvalidInput.
    [[nodiscard]] static Result<std::unique_ptr<ChatCompletionsClient>> create(ChatOptions options);
    ~ChatCompletionsClient() override;
    [[nodiscard]] std::unique_ptr<ModelExchange> start(const Request& request) override;

private:
    explicit ChatCompletionsClient(ChatOptions options);

    ChatOptions m_options;
    std::unique_ptr<QNetworkAccessManager> m_network;
};

} // namespace gatehouse::model
