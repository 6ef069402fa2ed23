// What a card draws: any bytes decode to themselves, and nothing that comes from elsewhere is shown otherwise than its bytes.
#include "core/approval/presentation.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>

using namespace gatehouse::approval;

static void require(bool condition)
{
    if (!condition)
        std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    const Spans spans = escape(bytes);
    require(unescape(spans) == bytes);
    for (const char c : plain(spans))
        require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    const auto foreign = nlohmann::json::parse(bytes, nullptr, false);
    if (foreign.is_discarded())
        return 0;
    if (const auto read = spansFromJson(foreign))
        require(escape(unescape(*read).value()) == *read);
    if (const auto card = presentationFromJson(foreign)) {
        require(presentationFromJson(toJson(*card)) == *card);
        (void)renderText(*card);
    }
    return 0;
}
