// The JSON tokenizer, the document and the canonical reader: what is accepted must come back the same.
#include "core/base/canonicaljson.h"
#include "core/base/jsondocument.h"

#include <cstdlib>

using namespace gatehouse;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto document = JsonDocument::parse(text, "input");
    const auto canonical = parseCanonical(text);
    if (checkCanonicalJson(text).has_value() != canonical.has_value())
        std::abort();
    // What is canonical is JSON, and its only spelling.
    if (canonical && (!document || canonicalJson(*canonical) != text || document->value() != *canonical))
        std::abort();
    if (document) {
        const auto written = canonicalJson(document->value());
        if (written && parseCanonical(*written) != document->value())
            std::abort();
        (void)document->where("/a/0/b");
    }
    return 0;
}
