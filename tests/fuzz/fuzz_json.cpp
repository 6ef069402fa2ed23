// The JSON tokenizer, the document and the canonical reader: what is accepted must come back the same.
#include "core/base/canonicaljson.h"
#include "core/base/jsondocument.h"
#include "core/base/jsonedit.h"

#include <cstdlib>

using namespace gatehouse;

// An edit does what it says and nothing else, and can be taken back.
static void edited(const JsonDocument& document, const Result<TextEdit>& edit, const nlohmann::json& wanted)
{
    if (!edit)
        std::abort();
    const std::string text = applied(document.text(), *edit);
    const auto after = JsonDocument::parse(text, "input");
    if (!after || after->value() != wanted || applied(text, inverse(document.text(), *edit)) != document.text())
        std::abort();
}

static void editEverything(const JsonDocument& document)
{
    const auto children = document.children({});
    for (std::size_t i = 0; i < children.size() && i < 8; ++i) {
        const nlohmann::json::json_pointer place(children[i].pointer);
        nlohmann::json wanted = document.value();
        wanted[place] = {{"k", {1, "x"}}};
        edited(document, setValue(document, children[i].pointer, wanted[place]), wanted);
        wanted = document.value();
        if (wanted.is_array())
            wanted.erase(i);
        else
            wanted.erase(place.back());
        edited(document, removeValue(document, children[i].pointer), wanted);
    }
}

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
        editEverything(*document);
    }
    return 0;
}
