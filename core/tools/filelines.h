// A text as lines that can be compared more or less strictly, and the tables for searching in them. Internal to core/tools.
// The text must outlive what is made from it.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gatehouse::tools {

struct FileLine {
    std::string_view text; // without its end
    std::string_view end;  // "\n", "\r\n" or, of the last one, ""
};

enum class Fuzz { Exact, RightTrimmed, Trimmed };
inline constexpr Fuzz allFuzz[] = {Fuzz::Exact, Fuzz::RightTrimmed, Fuzz::Trimmed};

// The line as it is compared.
[[nodiscard]] std::string_view normal(std::string_view line, Fuzz fuzz);
[[nodiscard]] std::vector<FileLine> splitFile(std::string_view text);
[[nodiscard]] bool mostlyCarriageReturns(const std::vector<FileLine>& lines);

// Lines as numbers, equal when the lines are: for one way of comparing.
class LineNumbers {
public:
    LineNumbers(const std::vector<FileLine>& lines, Fuzz fuzz);
    [[nodiscard]] const std::vector<int>& file() const { return m_file; }
    // -1: no line of the file is like it.
    [[nodiscard]] int of(std::string_view line) const;

private:
    Fuzz m_fuzz;
    std::unordered_map<std::string_view, int> m_numbers;
    std::vector<int> m_file;
};

// Knuth, Morris and Pratt: for each prefix of the pattern, its longest border.
[[nodiscard]] std::vector<std::size_t> borders(const std::vector<int>& pattern);

} // namespace gatehouse::tools
