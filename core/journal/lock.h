// run.lock: held by flock for a writer's lifetime, gone with its process. One per run; the file stays. Any thread.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <optional>
#include <string>
#include <sys/types.h>

namespace gatehouse::journal {

class RunLock {
public:
    // Busy: "in use by process N". An existing file is opened; a missing one is made only when create says so (else ErrorCode::NotFound).
    enum class IfMissing { Create, Fail };
    [[nodiscard]] static Result<RunLock> take(int runDirectory, IfMissing missing);
    // For people and for other processes' messages; the lock itself is the kernel's.
    [[nodiscard]] Result<void> writePid() const;

private:
    explicit RunLock(UniqueFd fd) : m_fd(std::move(fd)) { }
    UniqueFd m_fd;
};

[[nodiscard]] bool isWriterAlive(const std::string& runDirectory);
// The process that holds the lock, as far as it can be told.
[[nodiscard]] std::optional<pid_t> writerPid(const std::string& runDirectory);

} // namespace gatehouse::journal
