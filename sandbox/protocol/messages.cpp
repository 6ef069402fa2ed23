#include "sandbox/protocol/messages.h"

#include "sandbox/protocol/limits.h"
#include "sandbox/protocol/wire.h"

namespace gatehouse::protocol {

// A byte that names a member of a closed enum, or a refusal.
template <typename Enum> static Enum member(ByteReader& in, Enum last, Enum first = static_cast<Enum>(0))
{
    const std::uint8_t value = in.u8();
    if (value < static_cast<std::uint8_t>(first) || value > static_cast<std::uint8_t>(last))
        in.refuse();
    return static_cast<Enum>(value);
}

static bool flag(ByteReader& in)
{
    const std::uint8_t value = in.u8();
    if (value > 1)
        in.refuse();
    return value == 1;
}

// A string that becomes a C string: a NUL would cut what the kernel sees.
static std::string plain(ByteReader& in, std::size_t maximum)
{
    const std::string_view value = in.bytes(maximum);
    if (value.find('\0') != std::string_view::npos)
        in.refuse();
    return std::string(value);
}

static std::uint64_t size(ByteReader& in, std::uint64_t maximum)
{
    const std::uint64_t value = in.u64();
    if (value > maximum)
        in.refuse();
    return value;
}

template <typename T> static std::optional<std::remove_cvref_t<T>> finish(const ByteReader& in, T&& message)
{
    if (!in.done())
        return std::nullopt;
    return std::forward<T>(message);
}

std::string encode(const Ready& message)
{
    ByteWriter out;
    out.u16(message.version);
    return out.take();
}

std::optional<Ready> decodeReady(std::string_view payload)
{
    ByteReader in(payload);
    Ready message{in.u16()};
    return finish(in, message);
}

static void putStrings(ByteWriter& out, const std::vector<std::string>& strings)
{
    out.u32(static_cast<std::uint32_t>(strings.size()));
    for (const std::string& text : strings)
        out.bytes(text);
}

static std::vector<std::string> takeStrings(ByteReader& in)
{
    std::vector<std::string> strings;
    const std::uint32_t count = in.count(maximumArguments);
    for (std::uint32_t i = 0; i < count && in.ok(); ++i)
        strings.push_back(plain(in, maximumString));
    return strings;
}

std::string encode(const Exec& message)
{
    ByteWriter out;
    putStrings(out, message.argv);
    putStrings(out, message.environment);
    out.bytes(message.workdir);
    out.u64(message.timeoutMs);
    out.u64(message.output);
    out.u8(message.streamed ? 1 : 0);
    out.u64(message.inputSize);
    out.u32(static_cast<std::uint32_t>(message.files.size()));
    for (const auto& [variable, bytes] : message.files) {
        out.bytes(variable);
        out.u64(bytes);
    }
    return out.take();
}

std::optional<Exec> decodeExec(std::string_view payload)
{
    ByteReader in(payload);
    Exec message;
    message.argv = takeStrings(in);
    message.environment = takeStrings(in);
    message.workdir = plain(in, maximumPath);
    message.timeoutMs = in.u64();
    message.output = size(in, maximumOutput);
    message.streamed = flag(in);
    message.inputSize = size(in, maximumContent);
    const std::uint32_t files = in.count(maximumInputFiles);
    for (std::uint32_t i = 0; i < files && in.ok(); ++i) {
        std::string variable = plain(in, maximumString);
        message.files.emplace_back(std::move(variable), size(in, maximumContent));
    }
    if (message.argv.empty())
        return std::nullopt;
    return finish(in, std::move(message));
}

std::string encode(const Bytes& message)
{
    ByteWriter out;
    out.u32(message.part);
    out.bytes(message.bytes);
    return out.take();
}

std::optional<Bytes> decodeBytes(std::string_view payload)
{
    ByteReader in(payload);
    Bytes message;
    message.part = in.u32();
    message.bytes = in.bytes(bytesChunk);
    return finish(in, std::move(message));
}

std::string encode(const Output& message)
{
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(message.stream));
    out.bytes(message.bytes);
    return out.take();
}

std::optional<Output> decodeOutput(std::string_view payload)
{
    ByteReader in(payload);
    Output message;
    message.stream = member(in, WireStream::Error);
    message.bytes = in.bytes(outputChunk);
    if (message.bytes.empty())
        return std::nullopt;
    return finish(in, std::move(message));
}

std::string encode(const ExecDone& message)
{
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(message.end));
    out.i64(message.status);
    out.u64(message.wallMs);
    out.u64(message.totalOutput);
    out.u64(message.totalError);
    out.u32(static_cast<std::uint32_t>(message.breaches.size()));
    for (const WireBreach& breach : message.breaches) {
        out.u8(static_cast<std::uint8_t>(breach.limit));
        out.i64(breach.value);
        out.i64(breach.maximum);
    }
    out.bytes(message.step);
    return out.take();
}

std::optional<ExecDone> decodeExecDone(std::string_view payload)
{
    ByteReader in(payload);
    ExecDone message;
    message.end = member(in, WireEnd::Failed);
    message.status = in.i64();
    message.wallMs = in.u64();
    message.totalOutput = in.u64();
    message.totalError = in.u64();
    const std::uint32_t breaches = in.count(maximumBreaches);
    for (std::uint32_t i = 0; i < breaches && in.ok(); ++i) {
        WireBreach breach;
        breach.limit = member(in, WireLimit::Call);
        breach.value = in.i64();
        breach.maximum = in.i64();
        message.breaches.push_back(breach);
    }
    message.step = in.bytes(maximumPath);
    const bool limitAndReason = message.end != WireEnd::Limit || !message.breaches.empty();
    // An exit status or signal that no process can have is not an answer.
    const bool inRange = message.status >= 0 && message.status <= (message.end == WireEnd::Failed ? 4095 : 255);
    if (!limitAndReason || !inRange)
        return std::nullopt;
    return finish(in, std::move(message));
}

std::string encode(const CommitFile& message)
{
    ByteWriter out;
    out.bytes(message.path);
    out.u8(message.mustBeAbsent ? 1 : 0);
    out.bytes(message.expected);
    out.u8(message.remove ? 1 : 0);
    out.u8(static_cast<std::uint8_t>(message.kind));
    out.u32(message.mode);
    out.u64(message.size);
    return out.take();
}

std::optional<CommitFile> decodeCommitFile(std::string_view payload)
{
    ByteReader in(payload);
    CommitFile message;
    message.path = plain(in, maximumPath);
    message.mustBeAbsent = flag(in);
    message.expected = plain(in, 64);
    message.remove = flag(in);
    message.kind = member(in, WireKind::Symlink, WireKind::Regular);
    message.mode = in.u32();
    message.size = size(in, maximumContent);
    return finish(in, std::move(message));
}

std::string encode(const CommitDone& message)
{
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(message.end));
    out.u32(message.file);
    out.i64(message.error);
    return out.take();
}

std::optional<CommitDone> decodeCommitDone(std::string_view payload)
{
    ByteReader in(payload);
    CommitDone message;
    message.end = member(in, CommitEnd::Failed);
    message.file = in.u32();
    message.error = in.i64();
    if (message.error < 0 || message.error > 4095)
        return std::nullopt;
    return finish(in, message);
}

} // namespace gatehouse::protocol
