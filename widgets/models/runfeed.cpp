#include "widgets/models/runfeed.h"

#include "widgets/models/runreader.h"

namespace gatehouse::widgets {

JournalThread::JournalThread()
{
    m_thread.setObjectName(QStringLiteral("journals"));
    m_thread.start();
}

JournalThread::~JournalThread()
{
    m_thread.quit();
    m_thread.wait();
}

RunFeed::RunFeed(const std::string& runDirectory, JournalThread& thread, QObject* parent)
    : QObject(parent), m_runDirectory(runDirectory), m_reader(new RunReader(runDirectory))
{
    connect(m_reader, &RunReader::batchReady, this, &RunFeed::batchReady);
    connect(m_reader, &RunReader::caughtUp, this, &RunFeed::caughtUp);
    connect(m_reader, &RunReader::detailReady, this, &RunFeed::detailReady);
    connect(m_reader, &RunReader::outputReady, this, &RunFeed::outputReady);
    m_reader->moveToThread(&thread.thread());
}

RunFeed::~RunFeed()
{
    m_reader->deleteLater();
}

void RunFeed::start()
{
    QMetaObject::invokeMethod(m_reader, &RunReader::start, Qt::QueuedConnection);
}

void RunFeed::acknowledge()
{
    QMetaObject::invokeMethod(m_reader, &RunReader::acknowledge, Qt::QueuedConnection);
}

void RunFeed::poll()
{
    QMetaObject::invokeMethod(m_reader, &RunReader::poll, Qt::QueuedConnection);
}

std::uint64_t RunFeed::requestDetail(const RowPtr& row)
{
    const std::uint64_t ticket = ++m_ticket;
    QMetaObject::invokeMethod(m_reader, [reader = m_reader, ticket, row] { reader->loadDetail(ticket, row); }, Qt::QueuedConnection);
    return ticket;
}

std::uint64_t RunFeed::followOutput(const RowPtr& row)
{
    const std::uint64_t ticket = ++m_ticket;
    QMetaObject::invokeMethod(m_reader, [reader = m_reader, ticket, row] { reader->followOutput(ticket, row); }, Qt::QueuedConnection);
    return ticket;
}

std::uint64_t RunFeed::followRun()
{
    const std::uint64_t ticket = ++m_ticket;
    QMetaObject::invokeMethod(m_reader, [reader = m_reader, ticket] { reader->followRun(ticket); }, Qt::QueuedConnection);
    return ticket;
}

void RunFeed::acknowledgeOutput(std::uint64_t ticket)
{
    QMetaObject::invokeMethod(m_reader, [reader = m_reader, ticket] { reader->acknowledgeOutput(ticket); }, Qt::QueuedConnection);
}

void RunFeed::moreOutput(std::uint64_t ticket)
{
    QMetaObject::invokeMethod(m_reader, [reader = m_reader, ticket] { reader->moreOutput(ticket); }, Qt::QueuedConnection);
}

} // namespace gatehouse::widgets
