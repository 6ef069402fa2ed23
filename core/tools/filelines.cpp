#include "core/tools/filelines.h"

#include <algorithm>

namespace gatehouse::tools {

std::string_view normal(std::string_view line, Fuzz fuzz)
{
    constexpr std::string_view space = " \t\r\v\f";
    if (fuzz == Fuzz::Exact)
        return line;
    const std::size_t last = line.find_last_not_of(space);
    if (last == std::string_view::npos)
        return {};
    const std::size_t first = fuzz == Fuzz::Trimmed ? line.find_first_not_of(space) : 0;
    return line.substr(first, last + 1 - first);
}

std::vector<FileLine> splitFile(std::string_view text)
{
    std::vector<FileLine> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t newline = text.find('\n', start);
        const bool last = newline == std::string_view::npos;
        const std::size_t end = last ? text.size() : newline;
        const bool carriage = !last && end > start && text[end - 1] == '\r';
        const std::size_t stop = carriage ? end - 1 : end;
        lines.push_back({text.substr(start, stop - start), text.substr(stop, last ? 0 : end + 1 - stop)});
        start = end + 1;
    }
    return lines;
}

bool mostlyCarriageReturns(const std::vector<FileLine>& lines)
{
    const auto with = static_cast<std::size_t>(std::ranges::count(lines, std::string_view("\r\n"), &FileLine::end));
    return with * 2 > lines.size();
}

LineNumbers::LineNumbers(const std::vector<FileLine>& lines, Fuzz fuzz) : m_fuzz(fuzz)
{
    m_file.reserve(lines.size());
    for (const FileLine& line : lines)
        m_file.push_back(m_numbers.try_emplace(normal(line.text, fuzz), static_cast<int>(m_numbers.size())).first->second);
}

int LineNumbers::of(std::string_view line) const
{
    const auto found = m_numbers.find(normal(line, m_fuzz));
    return found == m_numbers.end() ? -1 : found->second;
}

std::vector<std::size_t> borders(const std::vector<int>& pattern)
{
    std::vector<std::size_t> out(pattern.size(), 0);
    for (std::size_t i = 1, k = 0; i < pattern.size(); ++i) {
        while (k > 0 && pattern[i] != pattern[k])
            k = out[k - 1];
        if (pattern[i] == pattern[k])
            ++k;
        out[i] = k;
    }
    return out;
}

} // namespace gatehouse::tools
