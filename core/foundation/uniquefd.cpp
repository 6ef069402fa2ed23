#include "core/foundation/uniquefd.h"

#include <unistd.h>

namespace gatehouse {

void UniqueFd::reset(int fd)
{
    // EINTR from close leaves the descriptor closed on Linux: never retry.
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = fd;
}

} // namespace gatehouse
