#include "sandbox/protocol/launchmessages.h"

#include "sandbox/protocol/limits.h"
#include "sandbox/protocol/wire.h"

namespace gatehouse::protocol {

static void putIds(ByteWriter& out, const std::vector<std::uint32_t>& ids)
{
    out.u32(static_cast<std::uint32_t>(ids.size()));
    for (const std::uint32_t id : ids)
        out.u32(id);
}

static std::vector<std::uint32_t> takeIds(ByteReader& in)
{
    std::vector<std::uint32_t> ids;
    const std::uint32_t count = in.count(maximumOwners);
    for (std::uint32_t i = 0; i < count && in.ok(); ++i)
        ids.push_back(in.u32());
    return ids;
}

std::string encode(const CreateSandbox& message)
{
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(LaunchRequest::Create));
    out.u8(static_cast<std::uint8_t>(message.access));
    for (const std::string* path : {&message.workspace, &message.state, &message.temporaryFolder, &message.tools})
        out.bytes(*path);
    out.u32(static_cast<std::uint32_t>(message.read.size()));
    for (const std::string& path : message.read)
        out.bytes(path);
    putIds(out, message.owners.users);
    putIds(out, message.owners.groups);
    const LaunchLimits& limits = message.limits;
    for (const std::uint64_t value :
         {limits.cpuMilli, limits.memory, limits.processes, limits.files, limits.fileSize, limits.disk, limits.inodes})
        out.u64(value);
    return out.take();
}

std::optional<CreateSandbox> decodeCreate(std::string_view message)
{
    ByteReader in(message);
    if (in.u8() != static_cast<std::uint8_t>(LaunchRequest::Create))
        return std::nullopt;
    CreateSandbox create;
    const std::uint8_t access = in.u8();
    if (access > static_cast<std::uint8_t>(LaunchAccess::Overlay))
        return std::nullopt;
    create.access = static_cast<LaunchAccess>(access);
    for (std::string* path : {&create.workspace, &create.state, &create.temporaryFolder, &create.tools})
        *path = in.bytes(maximumPath);
    const std::uint32_t reads = in.count(maximumSources);
    for (std::uint32_t i = 0; i < reads && in.ok(); ++i)
        create.read.emplace_back(in.bytes(maximumPath));
    create.owners.users = takeIds(in);
    create.owners.groups = takeIds(in);
    LaunchLimits& limits = create.limits;
    for (std::uint64_t* value :
         {&limits.cpuMilli, &limits.memory, &limits.processes, &limits.files, &limits.fileSize, &limits.disk, &limits.inodes})
        *value = in.u64();
    if (!in.done())
        return std::nullopt;
    return create;
}

static std::string encodeAbout(LaunchRequest request, std::uint64_t sandbox)
{
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(request));
    out.u64(sandbox);
    return out.take();
}

static std::optional<std::uint64_t> decodeAbout(LaunchRequest request, std::string_view message)
{
    ByteReader in(message);
    const std::uint8_t kind = in.u8();
    const std::uint64_t sandbox = in.u64();
    return kind == static_cast<std::uint8_t>(request) && in.done() ? std::optional(sandbox) : std::nullopt;
}

std::string encode(const DestroySandbox& message)
{
    return encodeAbout(LaunchRequest::Destroy, message.sandbox);
}

std::string encode(const AskEnd& message)
{
    return encodeAbout(LaunchRequest::AskEnd, message.sandbox);
}

std::optional<DestroySandbox> decodeDestroy(std::string_view message)
{
    const auto sandbox = decodeAbout(LaunchRequest::Destroy, message);
    return sandbox ? std::optional(DestroySandbox{*sandbox}) : std::nullopt;
}

std::optional<AskEnd> decodeAskEnd(std::string_view message)
{
    const auto sandbox = decodeAbout(LaunchRequest::AskEnd, message);
    return sandbox ? std::optional(AskEnd{*sandbox}) : std::nullopt;
}

std::optional<LaunchRequest> requestKind(std::string_view message)
{
    ByteReader in(message);
    const std::uint8_t kind = in.u8();
    if (kind < 1 || kind > 3)
        return std::nullopt;
    return static_cast<LaunchRequest>(kind);
}

std::string encode(const LaunchReply& message)
{
    ByteWriter out;
    out.u8(message.created ? 1 : message.failed ? 2 : message.end ? 4 : 3);
    if (message.created) {
        out.u64(message.created->sandbox);
        out.i64(message.created->pid);
        out.u32(message.created->uid);
        out.u8(static_cast<std::uint8_t>(message.created->cgroup));
        out.bytes(message.created->cgroupWhy);
    } else if (message.failed) {
        out.bytes(message.failed->step);
        out.bytes(message.failed->path);
        out.i64(message.failed->error);
    } else if (message.end) {
        out.u64(message.end->memoryPeak);
    }
    return out.take();
}

std::optional<LaunchReply> decodeReply(std::string_view message)
{
    ByteReader in(message);
    LaunchReply reply;
    const std::uint8_t kind = in.u8();
    if (kind == 1) {
        SandboxCreated created;
        created.sandbox = in.u64();
        created.pid = in.i64();
        created.uid = in.u32();
        created.cgroup = static_cast<CgroupKind>(in.u8());
        created.cgroupWhy = in.bytes(maximumPath);
        reply.created = std::move(created);
    } else if (kind == 2) {
        LaunchFailed failed;
        failed.step = in.bytes(maximumPath);
        failed.path = in.bytes(maximumPath);
        failed.error = in.i64();
        reply.failed = std::move(failed);
    } else if (kind == 4) {
        reply.end = SandboxEnd{in.u64()};
    } else if (kind != 3) {
        return std::nullopt;
    }
    if (!in.done())
        return std::nullopt;
    return reply;
}

} // namespace gatehouse::protocol
