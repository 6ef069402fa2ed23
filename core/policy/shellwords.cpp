#include "core/policy/shellwords.h"

namespace gatehouse::policy {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isOperator(char c)
{
    return std::string_view("|&;()<>\n").find(c) != std::string_view::npos;
}

bool ShellWords::take(std::string_view token)
{
    if (m_text.substr(m_at, token.size()) != token)
        return false;
    m_at += token.size();
    return true;
}

void ShellWords::skipBlanks()
{
    while (!atEnd()) {
        if (isBlank(peek()))
            ++m_at;
        else if (peek() == '\\' && peek(1) == '\n')
            m_at += 2;
        else
            break;
    }
    if (peek() == '#' && !atEnd())
        while (!atEnd() && peek() != '\n')
            ++m_at;
}

void ShellWords::skipBlankLines()
{
    for (skipBlanks(); peek() == '\n' && !atEnd(); skipBlanks())
        ++m_at;
}

std::optional<ShellWord> ShellWords::word()
{
    ShellWord result;
    const std::size_t begin = m_at;
    std::string bare; // what stood outside quotes, for patterns that need several characters
    while (!gaveUp() && !atEnd() && !isBlank(peek()) && !isOperator(peek())) {
        switch (peek()) {
        case '\'':
            singleQuotes(result);
            break;
        case '"':
            doubleQuotes(result);
            break;
        case '\\':
            backslash(result);
            break;
        case '$':
            dollar(result);
            break;
        default:
            bare += peek();
            unquotedByte(result, begin);
        }
    }
    checkBraces(bare);
    if (result.text == "[" || bare.find('[') == std::string::npos)
        return gaveUp() ? std::nullopt : std::optional(result);
    giveUp("a file name pattern");
    return std::nullopt;
}

void ShellWords::unquotedByte(ShellWord& word, std::size_t begin)
{
    const char c = peek();
    if (c == '`')
        return giveUp("a command substitution");
    if (c == '*' || c == '?')
        return giveUp("a file name pattern");
    if (c == '~' && (m_at == begin || m_text[m_at - 1] == '=' || m_text[m_at - 1] == ':'))
        return giveUp("a tilde expansion");
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
        return giveUp("a control character");
    word.text += c;
    ++m_at;
}

void ShellWords::singleQuotes(ShellWord& word)
{
    const std::size_t close = m_text.find('\'', m_at + 1);
    if (close == std::string_view::npos)
        return giveUp("an unmatched quote");
    word.text += m_text.substr(m_at + 1, close - m_at - 1);
    word.quoted = true;
    m_at = close + 1;
}

void ShellWords::doubleQuotes(ShellWord& word)
{
    word.quoted = true;
    for (++m_at; !gaveUp(); ++m_at) {
        if (atEnd())
            return giveUp("an unmatched quote");
        const char c = peek();
        if (c == '"') {
            ++m_at;
            return;
        }
        if (c == '`')
            return giveUp("a command substitution");
        if (c == '$' && peek(1) != '"' && !isBlank(peek(1)))
            return giveUp("an expansion");
        if (c == '\\' && peek(1) == '\n')
            ++m_at;
        else if (c == '\\' && std::string_view("$`\"\\").find(peek(1)) != std::string_view::npos && peek(1) != '\0')
            word.text += m_text[++m_at];
        else
            word.text += c;
    }
}

void ShellWords::backslash(ShellWord& word)
{
    if (m_at + 1 >= m_text.size())
        return giveUp("a backslash at the end");
    if (peek(1) != '\n') {
        word.text += peek(1);
        word.quoted = true;
    }
    m_at += 2;
}

void ShellWords::dollar(ShellWord& word)
{
    const char next = peek(1);
    if (m_at + 1 < m_text.size() && !isBlank(next) && !isOperator(next))
        return giveUp("an expansion");
    if (next == '(')
        return giveUp("a command substitution");
    word.text += '$';
    ++m_at;
}

// Bash expands {a,b} and {1..3}; {} alone is a word everywhere.
void ShellWords::checkBraces(const std::string& raw)
{
    const std::size_t open = raw.find('{');
    if (open == std::string::npos || raw == "{" || raw == "{}")
        return;
    giveUp("a brace expansion");
}

} // namespace gatehouse::policy
