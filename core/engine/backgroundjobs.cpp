#include "core/engine/backgroundjobs.h"

namespace gatehouse::engine {

BackgroundJobs::BackgroundJobs(int threads, QObject* parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(threads);
    m_pool.setExpiryTimeout(-1);
}

BackgroundJobs::~BackgroundJobs()
{
    m_pool.waitForDone();
}

} // namespace gatehouse::engine
