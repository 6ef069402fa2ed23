#include "widgets/source/textsearch.h"

#include <algorithm>
#include <functional>

namespace gatehouse::widgets {

namespace {

struct Lowered {
    static char of(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
    bool operator()(char a, char b) const { return of(a) == of(b); }
    std::size_t operator()(char c) const { return static_cast<unsigned char>(of(c)); }
};

template <typename Searcher>
std::vector<::gatehouse::TextRange> search(std::string_view text, std::size_t length, const Searcher& searcher, std::size_t most)
{
    std::vector<::gatehouse::TextRange> out;
    for (auto at = text.begin(); at != text.end() && out.size() < most;) {
        const auto found = searcher(at, text.end());
        if (found.first == text.end())
            break;
        const auto begin = static_cast<std::size_t>(found.first - text.begin());
        out.push_back({begin, begin + length});
        at = found.second;
    }
    return out;
}

} // namespace

std::vector<::gatehouse::TextRange> occurrences(std::string_view text, std::string_view wanted, Case sense, std::size_t most)
{
    if (wanted.empty())
        return {};
    if (sense == Case::Counts)
        return search(text, wanted.size(), std::boyer_moore_horspool_searcher(wanted.begin(), wanted.end()), most);
    return search(text, wanted.size(), std::boyer_moore_horspool_searcher(wanted.begin(), wanted.end(), Lowered{}, Lowered{}), most);
}

} // namespace gatehouse::widgets
