#include "core/policy/shellparser.h"

#include <algorithm>
#include <array>

namespace gatehouse::policy {

namespace {

constexpr std::array<std::string_view, 22> reserved = {
    "if",  "then", "else", "elif", "fi",       "do",     "done",   "case", "esac", "while", "until",
    "for", "in",   "{",    "}",    "function", "select", "coproc", "[[",   "]]",   "((",    "))",
};

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isOperator(char c)
{
    return std::string_view("|&;()<>\n").find(c) != std::string_view::npos;
}

// Bash and dash agree on ASCII names only.
bool isNameByte(char c, bool first)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

bool isNumber(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

struct Word {
    std::string text;
    bool quoted = false; // any part of it
};

class ShellReader {
public:
    explicit ShellReader(std::string_view text) : m_text(text) { }

    ShellLine run()
    {
        list(0);
        if (!gaveUp() && m_at < m_text.size())
            giveUp("an unmatched parenthesis");
        return std::move(m_line);
    }

private:
    bool gaveUp() const { return !m_line.why.empty(); }
    void giveUp(const char* why)
    {
        if (!gaveUp())
            m_line.why = why;
    }
    char peek(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }
    bool atEnd() const { return m_at >= m_text.size(); }
    bool take(std::string_view token)
    {
        if (m_text.substr(m_at, token.size()) != token)
            return false;
        m_at += token.size();
        return true;
    }

    void skipBlanks();
    void skipBlankLines();
    void list(int depth);
    void command(int depth);
    void subshell(int depth);
    void simple();
    void finishSimple(std::vector<Word> words);
    void redirection();
    bool isRedirection() const { return peek() == '<' || peek() == '>' || (peek() == '&' && peek(1) == '>'); }
    static bool isDescriptor(const Word& word) { return !word.quoted && isNumber(word.text); }
    std::optional<Word> word();
    void unquotedByte(Word& word, std::size_t begin);
    void singleQuotes(Word& word);
    void doubleQuotes(Word& word);
    void backslash(Word& word);
    void dollar(Word& word);
    void checkBraces(const std::string& raw);

    std::string_view m_text;
    std::size_t m_at = 0;
    ShellLine m_line;
};

void ShellReader::skipBlanks()
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

void ShellReader::skipBlankLines()
{
    for (skipBlanks(); peek() == '\n' && !atEnd(); skipBlanks())
        ++m_at;
}

// Commands up to the end or a closing parenthesis, whatever joins them: each of them may run.
void ShellReader::list(int depth)
{
    if (depth > maximumShellDepth)
        return giveUp("nesting too deep");
    bool needsCommand = false;
    for (skipBlankLines(); !gaveUp() && !atEnd() && peek() != ')'; skipBlankLines()) {
        command(depth);
        needsCommand = false;
        skipBlanks();
        if (take(";;") || take("|&"))
            return giveUp("an operator that shells read differently");
        if (take("&&") || take("||") || take("|"))
            needsCommand = true;
        else if (!take(";") && !take("&") && !take("\n") && !atEnd() && peek() != ')')
            return giveUp("a word where an operator belongs");
    }
    if (needsCommand)
        giveUp("an operator without a command after it");
}

void ShellReader::command(int depth)
{
    skipBlanks();
    while (peek() == '!' && (isBlank(peek(1)) || peek(1) == '(')) {
        ++m_at;
        skipBlanks();
    }
    if (peek() == '(')
        subshell(depth);
    else
        simple();
}

void ShellReader::subshell(int depth)
{
    if (peek(1) == '(')
        return giveUp("arithmetic");
    ++m_at;
    list(depth + 1);
    if (gaveUp())
        return;
    if (!take(")"))
        return giveUp("an unmatched parenthesis");
    for (skipBlanks(); !gaveUp() && !atEnd(); skipBlanks()) {
        if (isRedirection()) {
            redirection();
            continue;
        }
        if (isOperator(peek()))
            return;
        const auto number = word();
        if (number && (!isDescriptor(*number) || (peek() != '<' && peek() != '>')))
            return giveUp("a word after a subshell");
    }
}

void ShellReader::simple()
{
    std::vector<Word> words;
    skipBlanks();
    if (isOperator(peek()) && !isRedirection() && peek() != '(')
        return giveUp("an operator without a command before it");
    for (; !gaveUp() && !atEnd(); skipBlanks()) {
        if (isRedirection()) {
            redirection();
            continue;
        }
        if (peek() == '(')
            return giveUp("a function or an array");
        if (isOperator(peek()))
            break;
        auto next = word();
        if (!next)
            return;
        if (!isDescriptor(*next) || (peek() != '<' && peek() != '>'))
            words.push_back(std::move(*next));
    }
    if (!gaveUp())
        finishSimple(std::move(words));
}

void ShellReader::finishSimple(std::vector<Word> words)
{
    std::size_t first = 0;
    for (; first < words.size(); ++first) {
        const auto name = assignedName(words[first].text);
        if (!name)
            break;
        m_line.assignments.push_back(*name);
    }
    if (first == words.size())
        return;
    const Word& head = words[first];
    if (!head.quoted && std::ranges::find(reserved, head.text) != reserved.end())
        return giveUp("a control structure");
    if (head.text.empty())
        return giveUp("an empty command name");
    std::vector<std::string> argv;
    for (; first < words.size(); ++first)
        argv.push_back(std::move(words[first].text));
    m_line.commands.push_back(std::move(argv));
}

// At an operator of redirection; the number before it has been passed over: which descriptor it is does not matter here.
void ShellReader::redirection()
{
    const bool bothStreams = take("&>>") || take("&>");
    bool write = bothStreams;
    bool duplicate = false;
    if (!bothStreams) {
        if (take("<<"))
            return giveUp("a here-document");
        if (peek(1) == '(')
            return giveUp("a process substitution");
        if (take("<&") || take(">&"))
            duplicate = true;
        else if (take(">>") || take(">|") || take("<>") || take(">"))
            write = true;
        else if (!take("<"))
            return giveUp("a redirection");
    }
    skipBlanks();
    const auto target = atEnd() || isOperator(peek()) ? std::nullopt : word();
    if (!target || target->text.empty())
        return giveUp("a redirection without a target");
    const std::string& name = target->text;
    if (name.starts_with("/dev/tcp/") || name.starts_with("/dev/udp/"))
        return giveUp("a network redirection");
    if (duplicate && (isNumber(name) || name == "-" || (name.ends_with('-') && isNumber(name.substr(0, name.size() - 1)))))
        return;
    static constexpr std::array<std::string_view, 3> harmless = {"/dev/null", "/dev/stdout", "/dev/stderr"};
    if ((write || duplicate) && std::ranges::find(harmless, name) == harmless.end())
        m_line.writes.push_back(name);
}

std::optional<Word> ShellReader::word()
{
    Word result;
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

void ShellReader::unquotedByte(Word& word, std::size_t begin)
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

void ShellReader::singleQuotes(Word& word)
{
    const std::size_t close = m_text.find('\'', m_at + 1);
    if (close == std::string_view::npos)
        return giveUp("an unmatched quote");
    word.text += m_text.substr(m_at + 1, close - m_at - 1);
    word.quoted = true;
    m_at = close + 1;
}

void ShellReader::doubleQuotes(Word& word)
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

void ShellReader::backslash(Word& word)
{
    if (m_at + 1 >= m_text.size())
        return giveUp("a backslash at the end");
    if (peek(1) != '\n') {
        word.text += peek(1);
        word.quoted = true;
    }
    m_at += 2;
}

void ShellReader::dollar(Word& word)
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
void ShellReader::checkBraces(const std::string& raw)
{
    const std::size_t open = raw.find('{');
    if (open == std::string::npos || raw == "{" || raw == "{}")
        return;
    giveUp("a brace expansion");
}

} // namespace

std::optional<std::string> assignedName(std::string_view word)
{
    std::size_t at = 0;
    while (at < word.size() && isNameByte(word[at], at == 0))
        ++at;
    const std::size_t length = at;
    if (at < word.size() && word[at] == '+')
        ++at;
    if (length == 0 || at >= word.size() || word[at] != '=')
        return std::nullopt;
    return std::string(word.substr(0, length));
}

ShellLine readShellLine(std::string_view text)
{
    // A NUL would end the text for the shell, but not for us; a carriage return is a letter there and a line's end to people.
    if (text.find('\0') != std::string_view::npos || text.find('\r') != std::string_view::npos) {
        ShellLine line;
        line.why = "a control character";
        return line;
    }
    return ShellReader(text).run();
}

} // namespace gatehouse::policy
