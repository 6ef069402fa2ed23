// What a hostile worker writes: any bytes, however they are split, give the same frames or the same refusal; a decoder holds no more
// than it was given; what a message's reader accepts is exactly what its writer writes.
#include "sandbox/protocol/frame.h"
#include "sandbox/protocol/launchmessages.h"
#include "sandbox/protocol/limits.h"
#include "sandbox/protocol/messages.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

using namespace gatehouse::protocol;

static void require(bool condition)
{
    if (!condition)
        std::abort();
}

struct Decoded {
    std::vector<Frame> frames;
    bool refused = false;
};

// In pieces of these lengths, again and again.
static Decoded decodeInPieces(std::string_view bytes, std::size_t first, std::size_t second)
{
    Decoded decoded;
    FrameDecoder decoder;
    bool odd = false;
    while (!bytes.empty() && !decoded.refused) {
        const std::size_t length = std::min(bytes.size(), odd ? second : first);
        odd = !odd;
        decoded.refused = !decoder.feed(bytes.substr(0, length));
        bytes.remove_prefix(length);
        while (auto frame = decoder.next())
            decoded.frames.push_back(std::move(*frame));
        // A frame behind the first of one piece is looked at when its turn comes.
        decoded.refused = decoded.refused || !decoder.feed({});
    }
    return decoded;
}

static bool same(const Frame& a, const Frame& b)
{
    return a.type == b.type && a.id == b.id && a.payload == b.payload;
}

template <typename Decode> static void requireExact(std::string_view payload, Decode decode)
{
    if (const auto message = decode(payload))
        require(encode(*message) == payload);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Decoded whole = decodeInPieces(bytes, std::max<std::size_t>(size, 1), 1);
    std::size_t held = 0;
    for (const Frame& frame : whole.frames) {
        held += 4 + frameHeaderSize + frame.payload.size();
        require(encodeFrame(frame.type, frame.id, frame.payload).size() <= std::size_t(maximumFrame) + 4);
    }
    require(held <= size);
    const Decoded pieces = decodeInPieces(bytes, 1 + size % 7, 1 + size % 3);
    require(pieces.refused == whole.refused && pieces.frames.size() == whole.frames.size());
    require(std::equal(whole.frames.begin(), whole.frames.end(), pieces.frames.begin(), same));
    // The first byte says as which message the rest is read.
    const std::string_view payload = bytes.substr(std::min<std::size_t>(size, 1));
    switch (size == 0 ? 0 : data[0] % 12) {
    case 0:
        return requireExact(payload, decodeReady), 0;
    case 1:
        return requireExact(payload, decodeExec), 0;
    case 2:
        return requireExact(payload, decodeBytes), 0;
    case 3:
        return requireExact(payload, decodeOutput), 0;
    case 4:
        return requireExact(payload, decodeExecDone), 0;
    case 5:
        return requireExact(payload, decodeCommitFile), 0;
    case 6:
        return requireExact(payload, decodeCommitDone), 0;
    case 7:
        return requireExact(payload, decodeCreate), 0;
    case 8:
        return requireExact(payload, decodeDestroy), 0;
    case 9:
        return requireExact(payload, decodeAskEnd), 0;
    case 10:
        return requireExact(payload, decodeReply), 0;
    default:
        return 0;
    }
}
