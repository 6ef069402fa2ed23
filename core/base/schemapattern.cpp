#include "core/base/schemapattern.h"

#include <cstdint>
#include <re2/re2.h>

namespace gatehouse {

static constexpr std::int64_t patternMemory = 1 << 20;

// ECMA's \uXXXX, which RE2 writes otherwise.
static std::string translated(const std::string& pattern)
{
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '\\' || i + 1 >= pattern.size()) {
            out += pattern[i];
        } else if (pattern[i + 1] == 'u' && i + 5 < pattern.size() && pattern.find_first_not_of("0123456789abcdefABCDEF", i + 2) >= i + 6) {
            out += "\\x{" + pattern.substr(i + 2, 4) + '}';
            i += 5;
        } else {
            out += pattern[i];
            out += pattern[++i];
        }
    }
    return out;
}

std::shared_ptr<const RE2> compilePattern(const std::string& pattern)
{
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(patternMemory);
    return std::make_shared<const RE2>(translated(pattern), options);
}

bool matchesPattern(const std::string& pattern, const std::string& text)
{
    const auto compiled = compilePattern(pattern);
    return compiled->ok() && RE2::PartialMatch(text, *compiled);
}

} // namespace gatehouse
