// What frames carry: flat structs with encode and decode. decode gives nothing for a payload that is not exactly one.
//
// A call: Exec, then Bytes for standard input (part 0) and each input file (parts 1…) until every size is met, then Start;
// the worker answers Output…, Tail (a truncated stream's end), ExecDone. A commit: CommitFile and its Bytes (part = index) per
// file, then Start; the answer is CommitDone. One request at a time; ids grow. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::protocol {

struct Ready {
    std::uint16_t version = 0;
};

struct Exec {
    std::vector<std::string> argv;
    std::vector<std::string> environment; // NAME=value, complete
    std::string workdir;                  // absolute inside the sandbox
    std::uint64_t timeoutMs = 0;
    std::uint64_t output = 0; // bytes kept per stream
    bool streamed = false;    // all of it goes out as it comes; nothing is kept for the end
    std::uint64_t inputSize = 0;
    std::vector<std::pair<std::string, std::uint64_t>> files; // variable, size
};

struct Bytes {
    std::uint32_t part = 0;
    std::string bytes;
};

enum class WireStream : std::uint8_t { Output = 0, Error = 1 };

// Output and Tail. A Tail may come in several pieces, in order.
struct Output {
    WireStream stream = WireStream::Output;
    std::string bytes;
};

enum class WireEnd : std::uint8_t { Exited = 0, Signalled = 1, Limit = 2, Cancelled = 3, Failed = 4 };

// The limits that a worker can see; the numbers are those of execution::Limit.
enum class WireLimit : std::uint8_t { Cpu = 0, Memory = 1, Processes = 2, Disk = 3, Call = 4 };

struct WireBreach {
    WireLimit limit = WireLimit::Call;
    std::int64_t value = 0;
    std::int64_t maximum = 0;
};

struct ExecDone {
    WireEnd end = WireEnd::Exited;
    std::int64_t status = 0; // exit status, signal, or errno of Failed
    std::uint64_t wallMs = 0;
    std::uint64_t totalOutput = 0;
    std::uint64_t totalError = 0;
    std::vector<WireBreach> breaches;
    std::string step; // of Failed: what could not be done
};

enum class WireKind : std::uint8_t { Regular = 1, Directory = 2, Symlink = 3 };

struct CommitFile {
    std::string path;
    bool mustBeAbsent = true;
    std::string expected; // hex SHA-256 unless mustBeAbsent
    bool remove = false;
    WireKind kind = WireKind::Regular;
    std::uint32_t mode = 0;
    std::uint64_t size = 0;
};

enum class CommitEnd : std::uint8_t { Committed = 0, NotAsExpected = 1, Failed = 2 };

struct CommitDone {
    CommitEnd end = CommitEnd::Failed;
    std::uint32_t file = 0; // index of the file that stopped it
    std::int64_t error = 0; // errno of Failed
};

[[nodiscard]] std::string encode(const Ready& message);
[[nodiscard]] std::string encode(const Exec& message);
[[nodiscard]] std::string encode(const Bytes& message);
[[nodiscard]] std::string encode(const Output& message);
[[nodiscard]] std::string encode(const ExecDone& message);
[[nodiscard]] std::string encode(const CommitFile& message);
[[nodiscard]] std::string encode(const CommitDone& message);

[[nodiscard]] std::optional<Ready> decodeReady(std::string_view payload);
[[nodiscard]] std::optional<Exec> decodeExec(std::string_view payload);
[[nodiscard]] std::optional<Bytes> decodeBytes(std::string_view payload);
[[nodiscard]] std::optional<Output> decodeOutput(std::string_view payload);
[[nodiscard]] std::optional<ExecDone> decodeExecDone(std::string_view payload);
[[nodiscard]] std::optional<CommitFile> decodeCommitFile(std::string_view payload);
[[nodiscard]] std::optional<CommitDone> decodeCommitDone(std::string_view payload);

} // namespace gatehouse::protocol
