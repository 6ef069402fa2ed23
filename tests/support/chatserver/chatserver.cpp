#include "tests/support/chatserver/chatserver.h"
#include "tests/support/places.h"

#include <QJsonDocument>
#include <QJsonValue>

namespace gatehouse::test {

ChatServer::ChatServer(const std::string& script, const std::string& agent, const QStringList& options)
{
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    m_process.setStandardErrorFile(QProcess::nullDevice());
    const QStringList arguments =
        QStringList{QString::fromStdString(sourcePath("tests/support/chatserver/chatserver.py")), QStringLiteral("--script"),
                    QString::fromStdString(script), QStringLiteral("--agent"), QString::fromStdString(agent)} +
        options;
    m_process.start(QString::fromStdString(pythonProgram()), arguments);
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(20000))
            qFatal("the chat server did not start: %s", qPrintable(m_process.errorString()));
    }
    const QByteArray line = m_process.readLine().trimmed();
    m_port = line.mid(5).toInt();
    if (!line.startsWith("port ") || m_port == 0)
        qFatal("the chat server said: %s", line.constData());
}

ChatServer::~ChatServer()
{
    if (!closeInput()) {
        m_process.kill();
        m_process.waitForFinished(5000);
    }
}

std::string ChatServer::baseUrl() const
{
    return "http://127.0.0.1:" + std::to_string(m_port) + "/v1";
}

std::vector<QJsonObject> ChatServer::requests()
{
    m_process.waitForReadyRead(0);
    m_unread += m_process.readAllStandardOutput();
    for (qsizetype end = m_unread.indexOf('\n'); end >= 0; end = m_unread.indexOf('\n')) {
        m_requests.push_back(QJsonDocument::fromJson(m_unread.left(end)).object());
        m_unread.remove(0, end + 1);
    }
    return m_requests;
}

QString ChatServer::answers()
{
    QStringList words;
    for (const QJsonObject& request : requests())
        words << request.value(QLatin1String("answer")).toVariant().toString();
    return words.join(QLatin1Char(' '));
}

bool ChatServer::closeInput()
{
    m_process.closeWriteChannel();
    return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(5000);
}

std::string conversationScript()
{
    return sourcePath("tests/support/chatserver/conversation.script.json");
}

} // namespace gatehouse::test
