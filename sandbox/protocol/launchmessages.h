// What host and launcher say to each other: one SEQPACKET message each way per request, both ends ours.
// Descriptors go from the launcher to the host only. Values; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::protocol {

enum class LaunchAccess : std::uint8_t { None = 0, ReadOnly = 1, Overlay = 2 };

struct LaunchLimits {
    std::uint64_t cpuMilli = 0; // thousandths of a core
    std::uint64_t memory = 0;
    std::uint64_t processes = 0;
    std::uint64_t files = 0;
    std::uint64_t fileSize = 0;
    std::uint64_t disk = 0;
    std::uint64_t inodes = 0;
};

struct OwnerIds {
    std::vector<std::uint32_t> users; // the tree root's first
    std::vector<std::uint32_t> groups;
};

// All paths are canonical: no component may be a symbolic link.
struct CreateSandbox {
    LaunchAccess access = LaunchAccess::None;
    std::string workspace; // empty: none
    std::string state;     // empty: make a private one beneath temporaryFolder and remove it at the end
    std::string temporaryFolder;
    std::string tools;
    std::vector<std::string> read;
    OwnerIds owners; // seen in the workspace; only used when started by root
    LaunchLimits limits;
};

struct DestroySandbox {
    std::uint64_t sandbox = 0;
};

// Ends it if need be and asks how it ended; its state stays until it is destroyed.
struct AskEnd {
    std::uint64_t sandbox = 0;
};

enum class LaunchRequest : std::uint8_t { Create = 1, Destroy = 2, AskEnd = 3 };

// Which mechanism holds memory and processes.
enum class CgroupKind : std::uint8_t { None = 0, V1 = 1, V2 = 2 };

// With it come the descriptors: worker channel, worker pidfd, layer folder, and the workspace folder when there is one.
struct SandboxCreated {
    std::uint64_t sandbox = 0;
    std::int64_t pid = 0;
    std::uint32_t uid = 0; // the host uid it runs as
    CgroupKind cgroup = CgroupKind::None;
    std::string cgroupWhy; // why it is None
};

struct LaunchFailed {
    std::string step;
    std::string path;
    std::int64_t error = 0;
};

struct SandboxEnd {
    std::uint64_t memoryPeak = 0; // bytes, if the kernel killed something in it for reaching the memory limit; else 0
};

struct LaunchReply {
    std::optional<SandboxCreated> created;
    std::optional<LaunchFailed> failed;
    std::optional<SandboxEnd> end; // none of them: destroyed
};

[[nodiscard]] std::string encode(const CreateSandbox& message);
[[nodiscard]] std::string encode(const DestroySandbox& message);
[[nodiscard]] std::string encode(const AskEnd& message);
[[nodiscard]] std::string encode(const LaunchReply& message);

[[nodiscard]] std::optional<LaunchRequest> requestKind(std::string_view message);
[[nodiscard]] std::optional<CreateSandbox> decodeCreate(std::string_view message);
[[nodiscard]] std::optional<DestroySandbox> decodeDestroy(std::string_view message);
[[nodiscard]] std::optional<AskEnd> decodeAskEnd(std::string_view message);
[[nodiscard]] std::optional<LaunchReply> decodeReply(std::string_view message);

} // namespace gatehouse::protocol
