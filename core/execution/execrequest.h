// One command in a sandbox: what to start, and how it ended. Values; any thread.
#pragma once

#include "core/execution/change.h"
#include "core/execution/limits.h"
#include "core/foundation/error.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::execution {

using Environment = std::vector<std::pair<std::string, std::string>>;

// Bytes the worker puts into a private file before the command starts; the variable names that file to it.
struct InputFile {
    std::string variable;
    std::string bytes;
};

// Kept: up to the limit's bytes of each stream, its beginning and its end. Streamed: the observer gets every byte, and only the
// beginning is kept.
enum class OutputMode { Kept, Streamed };

struct ExecRequest {
    std::vector<std::string> argv; // argv[0] is looked up on the sandbox's PATH
    std::string workdir;           // relative to /workspace, or absolute inside the sandbox; empty: /workspace
    Environment environment;       // added to the sandbox's own
    std::string standardInput;     // then closed; the harness's own stdin is never passed on
    std::vector<InputFile> files;
    std::optional<std::chrono::milliseconds> timeout; // narrows ResourceLimits::call
    OutputMode outputMode = OutputMode::Kept;
};

enum class Stream { Output, Error };

enum class ExecEnd {
    Exited,    // status is the exit status
    Signalled, // status is the signal
    Limit,     // limits says which, first cause first
    Cancelled, // the caller's token
};

// What is kept of one stream: its beginning and, past the limit, its end (not of a streamed one).
struct CapturedStream {
    std::string head;
    std::string tail;        // empty unless truncated
    std::uint64_t total = 0; // bytes written in all
    [[nodiscard]] bool truncated() const { return total > head.size() + tail.size(); }
};

struct ExecOutcome {
    ExecEnd end = ExecEnd::Exited;
    int status = 0;
    std::vector<LimitBreach> limits;
    std::chrono::milliseconds wall{0};
    CapturedStream output;
    CapturedStream error;
    ChangeSet changes;
    std::optional<Error> changesError; // what was changed could not be told: changes is empty and says nothing
};

// Receives output as it happens, on the thread that called exec; at most the limit's bytes per stream unless it is streamed.
// Neither call may wait: the host's own limits are watched on this thread.
class ExecObserver {
public:
    virtual ~ExecObserver() = default;
    virtual void outputArrived(Stream stream, std::string_view bytes) = 0;
    // No: not now; asked again soon. Meanwhile little more is taken from the command, so that its own writes wait as on any pipe,
    // and its limits and a cancellation hold all the same.
    [[nodiscard]] virtual bool takesOutput() { return true; }
};

// One file of an atomic commit. Bytes absent: the file is removed.
struct FileCommit {
    std::string path;                          // plain, relative to the workspace
    std::optional<std::string> expectedSha256; // of the present bytes, hex; absent: the file must not exist
    std::optional<std::string> bytes;          // of the new file; the target when kind is Symlink
    std::uint32_t mode = 0644;
    FileKind kind = FileKind::Regular; // Regular, Directory or Symlink
};

} // namespace gatehouse::execution
