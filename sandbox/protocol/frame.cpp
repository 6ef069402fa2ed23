#include "sandbox/protocol/frame.h"

#include "sandbox/protocol/limits.h"
#include "sandbox/protocol/wire.h"

namespace gatehouse::protocol {

static bool isKnown(std::uint16_t type)
{
    return (type >= static_cast<std::uint16_t>(FrameType::Ready) && type <= static_cast<std::uint16_t>(FrameType::CommitDone)) ||
        (type >= static_cast<std::uint16_t>(FrameType::Exec) && type <= static_cast<std::uint16_t>(FrameType::Probe));
}

std::string encodeFrame(FrameType type, std::uint64_t id, std::string_view payload)
{
    ByteWriter out;
    out.u32(static_cast<std::uint32_t>(frameHeaderSize + payload.size()));
    out.u16(static_cast<std::uint16_t>(type));
    out.u16(0);
    out.u64(id);
    std::string frame = out.take();
    frame.append(payload);
    return frame;
}

Result<void> FrameDecoder::checkHead() const
{
    const std::string_view rest = std::string_view(m_buffer).substr(m_consumed);
    if (rest.size() < 4)
        return {};
    ByteReader in(rest);
    const std::uint32_t length = in.u32();
    if (length < frameHeaderSize || length > maximumFrame)
        return fail(ErrorCode::Worker, {}, Message("The worker sent a frame of %1 bytes, which no frame has", {std::to_string(length)}));
    if (rest.size() < 8)
        return {};
    const std::uint16_t type = in.u16();
    const std::uint16_t flags = in.u16();
    if (!isKnown(type))
        return fail(ErrorCode::Worker, {}, Message("The worker sent a frame of the unknown type %1", {std::to_string(type)}));
    if (flags != 0)
        return fail(ErrorCode::Worker, {}, Message("The worker sent a frame with the unknown flags %1", {std::to_string(flags)}));
    return {};
}

Result<void> FrameDecoder::feed(std::string_view bytes)
{
    if (m_consumed == m_buffer.size() || m_consumed > maximumFrame) {
        m_buffer.erase(0, m_consumed);
        m_consumed = 0;
    }
    m_buffer.append(bytes);
    return checkHead();
}

std::optional<Frame> FrameDecoder::next()
{
    if (!checkHead())
        return std::nullopt;
    ByteReader in(std::string_view(m_buffer).substr(m_consumed));
    const std::uint32_t length = in.u32();
    if (!in.ok() || m_buffer.size() - m_consumed - 4 < length)
        return std::nullopt;
    Frame frame;
    frame.type = static_cast<FrameType>(in.u16());
    (void)in.u16();
    frame.id = in.u64();
    frame.payload = m_buffer.substr(m_consumed + 4 + frameHeaderSize, length - frameHeaderSize);
    m_consumed += 4 + length;
    return frame;
}

} // namespace gatehouse::protocol
