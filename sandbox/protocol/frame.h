// Frames on a byte stream: u32 length of what follows | u16 type | u16 flags (zero) | u64 request id | payload, little-endian.
//
// The same on a socketpair, a container engine's exec stream and a WebSocket. The decoder is fed bytes as they come and
// holds no more than one frame; it never reserves what a length merely claims. Not thread-safe.
#pragma once

#include "core/foundation/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::protocol {

enum class FrameType : std::uint16_t {
    // worker → host
    Ready = 1,
    Output = 2,
    Tail = 3,
    ExecDone = 4,
    CommitDone = 5,
    // host → worker
    Exec = 16,
    Bytes = 17,
    Start = 18,
    Cancel = 19,
    CommitFile = 20,
    Probe = 21,
};

inline constexpr std::uint16_t protocolVersion = 2;
inline constexpr std::size_t frameHeaderSize = 12; // type, flags, id: counted by the length

struct Frame {
    FrameType type = FrameType::Ready;
    std::uint64_t id = 0;
    std::string payload;
};

[[nodiscard]] std::string encodeFrame(FrameType type, std::uint64_t id, std::string_view payload);

class FrameDecoder {
public:
    // Takes bytes from the peer. An error is final: the stream can't be trusted any more (ErrorCode::Worker).
    [[nodiscard]] Result<void> feed(std::string_view bytes);
    // The next complete frame, if there is one.
    [[nodiscard]] std::optional<Frame> next();
    // Bytes of a frame that is not complete yet are waiting.
    [[nodiscard]] bool partial() const { return m_buffer.size() > m_consumed; }

private:
    [[nodiscard]] Result<void> checkHead() const;
    std::string m_buffer;
    std::size_t m_consumed = 0;
};

} // namespace gatehouse::protocol
