#include "core/policy/shellparser.h"

#include "core/policy/shellwords.h"

#include <algorithm>
#include <array>

namespace gatehouse::policy {

namespace {

constexpr std::array<std::string_view, 22> reserved = {
    "if",  "then", "else", "elif", "fi",       "do",     "done",   "case", "esac", "while", "until",
    "for", "in",   "{",    "}",    "function", "select", "coproc", "[[",   "]]",   "((",    "))",
};

// Bash and dash agree on ASCII names only.
bool isNameByte(char c, bool first)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
}

bool isNumber(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

using Word = ShellWord;

class ShellReader : private ShellWords {
public:
    explicit ShellReader(std::string_view text) : ShellWords(text) { }

    ShellLine run()
    {
        list(0);
        if (!gaveUp() && !atEnd())
            giveUp("an unmatched parenthesis");
        m_line.why = why();
        return std::move(m_line);
    }

private:
    void list(int depth);
    void command(int depth);
    void subshell(int depth);
    void simple();
    void finishSimple(std::vector<Word> words);
    void redirection();
    bool isRedirection() const { return peek() == '<' || peek() == '>' || (peek() == '&' && peek(1) == '>'); }
    static bool isDescriptor(const Word& word) { return !word.quoted && isNumber(word.text); }

    ShellLine m_line;
};

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
        skip(1);
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
    skip(1);
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
