#include "core/foundation/cancel.h"

#include "core/foundation/uniquefd.h"

#include <atomic>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace gatehouse {

struct CancelToken::State {
    UniqueFd event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    std::atomic<bool> cancelled = false;
};

bool CancelToken::cancelled() const
{
    return m_state && m_state->cancelled.load(std::memory_order_acquire);
}

int CancelToken::fd() const
{
    return m_state ? m_state->event.get() : -1;
}

CancelSource::CancelSource() : m_state(std::make_shared<CancelToken::State>()) { }

void CancelSource::cancel()
{
    if (m_state->cancelled.exchange(true, std::memory_order_acq_rel))
        return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_state->event.get(), &one, sizeof one);
}

} // namespace gatehouse
