#include "core/model/chatcompletionsclient.h"

#include "core/model/chatexchange.h"
#include "core/model/chatrequest.h"
#include "core/model/excerpt.h"

#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QUrl>

namespace gatehouse::model {
namespace {

bool isThisMachine(const QString& host)
{
    return host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost")) || QHostAddress(host).isLoopback();
}

Result<void> checkBaseUrl(const ChatOptions& options)
{
    const std::string shown = excerpt(options.baseUrl, 200);
    const QUrl url(QString::fromStdString(options.baseUrl), QUrl::StrictMode);
    // Not repeated: there may be a password in it.
    if (!url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidInput, "baseUrl", "A server's address must not hold a user name or password",
                    "Use the model's key instead");
    const bool known = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !known || url.host().isEmpty() || url.hasQuery() || url.hasFragment())
        return fail(ErrorCode::InvalidInput, "baseUrl", Message("%1 is not the address of a server", {shown}),
                    "Write it as https://host/v1, without query or fragment");
    if (!options.key.empty() && url.scheme() == QLatin1String("http") && options.plainHttpKey == PlainHttpKey::Refuse &&
        !isThisMachine(url.host()))
        return fail(ErrorCode::InvalidInput, "baseUrl", Message("The key is not sent to %1 over plain http: others could read it", {shown}),
                    "Use https, or a server without a key");
    return {};
}

Result<QNetworkProxy> proxyOf(const std::string& text)
{
    if (text.empty())
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const QUrl url(QString::fromStdString(text), QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != QLatin1String("http") || url.host().isEmpty() || url.port() < 1 || !url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidInput, "proxy", "A proxy is written as http://host:port");
    return QNetworkProxy(QNetworkProxy::HttpProxy, url.host(), static_cast<quint16>(url.port()));
}

} // namespace

Result<std::unique_ptr<ChatCompletionsClient>> ChatCompletionsClient::create(ChatOptions options)
{
    while (options.baseUrl.ends_with('/'))
        options.baseUrl.pop_back();
    GH_TRY(checkBaseUrl(options));
    GH_ASSIGN(const QNetworkProxy proxy, proxyOf(options.proxy));
    std::unique_ptr<ChatCompletionsClient> client(new ChatCompletionsClient(std::move(options)));
    // Set even when there is none: Qt would look into the environment.
    client->m_network->setProxy(proxy);
    return client;
}

ChatCompletionsClient::ChatCompletionsClient(ChatOptions options)
    : m_options(std::move(options)), m_network(std::make_unique<QNetworkAccessManager>())
{
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

ChatCompletionsClient::~ChatCompletionsClient() = default;

std::unique_ptr<ModelExchange> ChatCompletionsClient::start(const Request& request)
{
    return std::make_unique<ChatExchange>(*m_network, m_options, chatRequestBody(request, m_options.model));
}

} // namespace gatehouse::model
