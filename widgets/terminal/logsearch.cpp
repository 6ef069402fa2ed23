#include "widgets/terminal/logsearch.h"

#include <QElapsedTimer>

#include <algorithm>

namespace gatehouse::widgets {

static constexpr int sliceMilliseconds = 4;
// Longer ones are of no use and would make a slice long.
static constexpr int longestNeedle = 1000;

LogSearch::LogSearch(const LogStore& store, QObject* parent) : QObject(parent), m_store(store)
{
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &LogSearch::lookOn);
}

void LogSearch::setNeedle(const QString& needle, Qt::CaseSensitivity sensitivity)
{
    m_needle = needle.left(longestNeedle);
    m_sensitivity = sensitivity;
    const bool isAscii = std::ranges::all_of(m_needle, [](QChar c) { return c.unicode() < 0x80; });
    m_ascii = isAscii ? m_needle.toLatin1() : QByteArray();
    m_hits.clear();
    m_open.reset();
    m_hasMore = false;
    m_next = m_store.firstLine();
    m_timer.stop();
    Q_EMIT changed();
    follow();
}

void LogSearch::follow()
{
    if (m_needle.isEmpty())
        return;
    if (m_open)
        m_next = std::min(m_next, *std::exchange(m_open, std::nullopt));
    const auto kept = std::ranges::lower_bound(m_hits, m_store.firstLine(), {}, &LogHit::line);
    const bool gone = kept != m_hits.begin();
    m_hits.erase(m_hits.begin(), kept);
    m_next = std::max(m_next, m_store.firstLine());
    m_hasMore = m_hasMore && !gone; // there is room again
    if (gone)
        Q_EMIT changed();
    if (!isDone() && !m_timer.isActive())
        m_timer.start();
}

void LogSearch::restart()
{
    setNeedle(QString(m_needle), m_sensitivity);
}

void LogSearch::lookOn()
{
    QElapsedTimer clock;
    clock.start();
    while (!isDone() && !clock.hasExpired(sliceMilliseconds)) {
        lookIn(m_next);
        if (!m_hasMore) // else the rest of this line comes first when there is room
            ++m_next;
    }
    if (isDone()) {
        m_timer.stop();
        if (m_store.isLastOpen() && m_next == m_store.endLine())
            m_open = m_next - 1;
    }
    Q_EMIT changed();
}

void LogSearch::lookIn(std::uint64_t line)
{
    while (!m_hits.empty() && m_hits.back().line == line)
        m_hits.pop_back();
    std::size_t length = 0;
    const int step = int(m_needle.size());
    if (const char* plain = m_store.plainText(line, length, m_scratch)) {
        if (m_ascii.isEmpty())
            return;
        const QLatin1String text(plain, int(length));
        const QLatin1String needle(m_ascii.constData(), m_ascii.size());
        for (auto at = text.indexOf(needle, 0, m_sensitivity); at >= 0; at = text.indexOf(needle, at + step, m_sensitivity))
            add({line, int(at), step});
        return;
    }
    const AnsiLinePtr rendered = m_store.line(line);
    const QString& text = rendered->text;
    for (auto at = text.indexOf(m_needle, 0, m_sensitivity); at >= 0; at = text.indexOf(m_needle, at + step, m_sensitivity)) {
        const int column = rendered->columnAt(int(at));
        // With all of the last character: of what is drawn over another one the place is that one's.
        const int last = rendered->columnAt(int(at) + step - 1);
        add({line, column, rendered->columnAt(rendered->unitAt(last + 1)) - column});
    }
}

void LogSearch::add(LogHit hit)
{
    if (m_hits.size() < mostHits)
        m_hits.push_back(hit);
    else
        m_hasMore = true;
}

} // namespace gatehouse::widgets
