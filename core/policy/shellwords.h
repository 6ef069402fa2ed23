// The words of a shell line after quote removal, and the place in it: the lower half of shellparser.cpp. Internal to core/policy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::policy {

struct ShellWord {
    std::string text;
    bool quoted = false; // any part of it
};

[[nodiscard]] bool isBlank(char c);
[[nodiscard]] bool isOperator(char c);

// Moves forward over one text. The first giveUp() counts: from then on nothing that is read means anything.
class ShellWords {
public:
    explicit ShellWords(std::string_view text) : m_text(text) { }

    [[nodiscard]] bool gaveUp() const { return !m_why.empty(); }
    [[nodiscard]] const std::string& why() const { return m_why; }
    void giveUp(const char* why)
    {
        if (!gaveUp())
            m_why = why;
    }
    [[nodiscard]] char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    void skip(std::size_t bytes) { m_at += bytes; }
    [[nodiscard]] bool take(std::string_view token);
    void skipBlanks(); // and a comment
    void skipBlankLines();
    // Empty when it gave up.
    [[nodiscard]] std::optional<ShellWord> word();

private:
    void unquotedByte(ShellWord& word, std::size_t begin);
    void singleQuotes(ShellWord& word);
    void doubleQuotes(ShellWord& word);
    void backslash(ShellWord& word);
    void dollar(ShellWord& word);
    void checkBraces(const std::string& raw);

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_why;
};

} // namespace gatehouse::policy
