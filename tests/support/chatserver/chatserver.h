// The strict Chat Completions server of chatserver.py as a process of the test's own; gone with this object.
#pragma once

#include <QJsonObject>
#include <QProcess>
#include <QStringList>

#include <string>
#include <vector>

namespace gatehouse::test {

class ChatServer {
public:
    // Beside --script and --agent: options of chatserver.py. Aborts the test program when it does not start.
    ChatServer(const std::string& script, const std::string& agent, const QStringList& options = {});
    ~ChatServer();
    Q_DISABLE_COPY_MOVE(ChatServer)

    [[nodiscard]] std::string baseUrl() const;
    [[nodiscard]] int port() const { return m_port; }
    // What it answered so far: {"request", "answer", "turn", "reason", "connection"}.
    [[nodiscard]] std::vector<QJsonObject> requests();
    // "429 200 cut 200": the answers alone.
    [[nodiscard]] QString answers();
    // Closes its standard input; true when it ended within five seconds.
    [[nodiscard]] bool closeInput();
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

private:
    QProcess m_process;
    int m_port = 0;
    QByteArray m_unread;
    std::vector<QJsonObject> m_requests;
};

// The script beside this file, with agents "planner" (three turns) and "other" (three scripts).
[[nodiscard]] std::string conversationScript();

} // namespace gatehouse::test
