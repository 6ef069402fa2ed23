// LogSearch: finds plain text in a LogStore, a few milliseconds at a time, and goes on as lines come. Owner: LogView. GUI thread.
//
// Found is what is shown, within one line. At most mostHits are kept; that there are more is said, and they are looked for when the first
// ones go with their lines.
#pragma once

#include <QObject>
#include <QTimer>

#include "widgets/terminal/logstore.h"

#include <optional>
#include <vector>

namespace gatehouse::widgets {

struct LogHit {
    std::uint64_t line = 0;
    int column = 0;
    int columns = 0;
    auto operator<=>(const LogHit&) const = default;
};

class LogSearch final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogSearch)
public:
    static constexpr std::size_t mostHits = 100'000;

    explicit LogSearch(const LogStore& store, QObject* parent = nullptr);

    // An empty needle finds nothing.
    void setNeedle(const QString& needle, Qt::CaseSensitivity sensitivity);
    [[nodiscard]] const QString& needle() const { return m_needle; }
    // The store has more lines, or fewer at its beginning.
    void follow();
    // The store was cleared.
    void restart();
    // In order of their places.
    [[nodiscard]] const std::vector<LogHit>& hits() const { return m_hits; }
    [[nodiscard]] bool hasMore() const { return m_hasMore; }
    [[nodiscard]] bool isDone() const { return m_next >= m_store.endLine() || m_hasMore || m_needle.isEmpty(); }

Q_SIGNALS:
    void changed();

private:
    void lookOn();
    void lookIn(std::uint64_t line);
    void add(LogHit hit);

    const LogStore& m_store;
    QTimer m_timer;
    QString m_needle;
    QByteArray m_ascii; // the needle, where it can stand in a line of plain ASCII
    Qt::CaseSensitivity m_sensitivity = Qt::CaseInsensitive;
    std::vector<LogHit> m_hits;
    std::uint64_t m_next = 0;            // line
    std::optional<std::uint64_t> m_open; // a line that was looked at while it could still grow
    bool m_hasMore = false;
    std::string m_scratch;
};

} // namespace gatehouse::widgets
