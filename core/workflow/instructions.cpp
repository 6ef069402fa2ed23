#include "core/workflow/instructions.h"

namespace gatehouse::workflow {

static std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::string fillVariables(std::string_view text, const std::function<std::optional<std::string>(std::string_view)>& value)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find("{{");
        out += text.substr(0, open);
        if (open == std::string_view::npos)
            break;
        const std::size_t stop = text.find_first_of("{}\n", open + 2);
        const bool variable = stop != std::string_view::npos && text.substr(stop).starts_with("}}") && stop > open + 2;
        const std::size_t end = variable ? stop + 2 : open + 2;
        const auto filled = variable ? value(trimmed(text.substr(open + 2, stop - open - 2))) : std::nullopt;
        out += filled ? std::string_view(*filled) : text.substr(open, end - open);
        text.remove_prefix(end);
    }
    return out;
}

} // namespace gatehouse::workflow
