#include "widgets/text/syntax.h"

#include <QCoreApplication>
#include <QThread>

namespace gatehouse::widgets {

SyntaxService& SyntaxService::instance()
{
    // Ends with the application: a thread must not outlive it.
    static SyntaxService* service = [] {
        auto* made = new SyntaxService;
        connect(qApp, &QObject::destroyed, made, [made] { delete made; });
        return made;
    }();
    return *service;
}

SyntaxService::SyntaxService() : m_thread(std::make_unique<QThread>()), m_worker(std::make_unique<QObject>())
{
    m_thread->setObjectName(QStringLiteral("syntax"));
    m_worker->moveToThread(m_thread.get());
    m_thread->start(QThread::LowPriority);
}

SyntaxService::~SyntaxService()
{
    m_thread->quit();
    m_thread->wait();
}

static SyntaxResults highlightAll(const std::vector<SyntaxRun>& runs)
{
    auto results = std::make_shared<std::vector<SyntaxResult>>();
    for (const SyntaxRun& run : runs)
        results->push_back(highlight(run));
    return results;
}

quint64 SyntaxService::start(SyntaxRuns runs)
{
    const quint64 ticket = ++m_lastTicket;
    QMetaObject::invokeMethod(
        m_worker.get(), [this, ticket, runs = std::move(runs)] { Q_EMIT finished(ticket, highlightAll(*runs)); }, Qt::QueuedConnection);
    return ticket;
}

quint64 SyntaxService::start(std::function<std::vector<SyntaxRun>()> make)
{
    const quint64 ticket = ++m_lastTicket;
    QMetaObject::invokeMethod(
        m_worker.get(), [this, ticket, make = std::move(make)] { Q_EMIT finished(ticket, highlightAll(make())); }, Qt::QueuedConnection);
    return ticket;
}

} // namespace gatehouse::widgets
