// A model server's stream, whole and in two other cuts: the answer must not depend on how the bytes came.
#include "core/model/chatassembler.h"
#include "core/model/ssedecoder.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace gatehouse;
using namespace gatehouse::model;

namespace {

struct Outcome {
    bool good = false;
    std::string reason;
    std::string streamed;
    Response response;
    bool operator==(const Outcome&) const = default;
};

Result<void> take(ChatAssembler& assembler, const std::vector<SseEvent>& events, Outcome& outcome)
{
    for (const SseEvent& event : events) {
        GH_ASSIGN(const std::string text, assembler.add(event.data));
        outcome.streamed += text;
    }
    return {};
}

Result<void> decode(std::string_view bytes, std::size_t piece, Outcome& outcome)
{
    SseDecoder decoder(4096, 8192);
    ChatAssembler assembler(16);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        GH_ASSIGN(const auto events, decoder.feed(bytes.substr(at, piece)));
        GH_TRY(take(assembler, events, outcome));
    }
    GH_ASSIGN(const auto last, decoder.finish());
    GH_TRY(take(assembler, last, outcome));
    GH_ASSIGN(outcome.response, assembler.take());
    return {};
}

Outcome outcomeOf(std::string_view bytes, std::size_t piece)
{
    Outcome outcome;
    const Result<void> done = decode(bytes, piece, outcome);
    outcome.good = done.has_value();
    if (!done) {
        outcome.reason = done.error().why.format();
        // How much had been streamed before an error depends on the cut, and does not count.
        outcome.streamed.clear();
    }
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Outcome whole = outcomeOf(bytes, size + 1);
    if (outcomeOf(bytes, 1) != whole || outcomeOf(bytes, 7) != whole)
        std::abort();
    if (whole.good && whole.streamed != whole.response.text)
        std::abort();
    return 0;
}
