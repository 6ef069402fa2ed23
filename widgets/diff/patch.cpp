#include "widgets/diff/patch.h"

#include <algorithm>
#include <charconv>

#include "widgets/diff/patchnames.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

namespace {

// A line number or count beyond this is a lie; a sum of a few of them is still a number.
constexpr int largestNumber = 500'000'000;

// "-3,7" of "@@ -3,7 +3,8 @@ name": start and count; a count left out is 1.
struct Range {
    int start = 0;
    int count = 1;
};

std::optional<Range> readRange(std::string_view& text, char sign)
{
    if (!text.starts_with(sign))
        return std::nullopt;
    text.remove_prefix(1);
    Range range;
    auto read = [&text](int& value) {
        const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
        text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
        return result.ec == std::errc() && value >= 0 && value <= largestNumber;
    };
    if (!read(range.start))
        return std::nullopt;
    if (text.starts_with(',')) {
        text.remove_prefix(1);
        if (!read(range.count))
            return std::nullopt;
    }
    return range;
}

int readNumber(std::string_view text, int base)
{
    int value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return result.ec == std::errc() && value >= 0 ? value : 0;
}

class PatchReader {
public:
    explicit PatchReader(std::string bytes)
    {
        m_patch.bytes = std::make_shared<const std::string>(std::move(bytes));
        m_bytes = *m_patch.bytes;
    }

    Patch read()
    {
        m_patch.lines.reserve(std::size_t(std::count(m_bytes.begin(), m_bytes.end(), '\n')) + 1);
        for (std::size_t start = 0; start < m_bytes.size();) {
            const std::size_t end = std::min(m_bytes.find('\n', start), m_bytes.size());
            line(m_bytes.substr(start, end - start));
            start = end + 1;
        }
        pairChangedLines(m_patch);
        return std::move(m_patch);
    }

private:
    void line(std::string_view text)
    {
        if ((m_oldLeft > 0 || m_newLeft > 0) && body(text))
            return;
        m_oldLeft = m_newLeft = 0;
        m_isNew = m_isNew && text.starts_with("+++ ");
        if (text.starts_with('\\') && !m_patch.lines.empty() && isOfHunk(m_patch.lines.back()))
            return endsHere(text);
        if (text.starts_with("diff --git "))
            return startFile(namesOfGitLine(text.substr(11)));
        if (text.starts_with("@@ ") && hunk(text))
            return;
        if (text.starts_with("+++ ") || text.starts_with("--- "))
            return nameLine(text);
        if (!isInHeader() || !headerLine(text))
            add(PatchLineKind::Note, text);
    }

    // False for a line that can't belong to a hunk: the hunk's counts lied, and what follows is not its content.
    bool body(std::string_view text)
    {
        const char sign = text.empty() ? ' ' : text.front();
        const std::string_view rest = text.empty() ? text : text.substr(1);
        if (sign == '+' && m_newLeft > 0) {
            add(PatchLineKind::Added, rest).newNumber = m_newNumber++;
            --m_newLeft;
            count(&PatchFile::added);
        } else if (sign == '-' && m_oldLeft > 0) {
            add(PatchLineKind::Removed, rest).oldNumber = m_oldNumber++;
            --m_oldLeft;
            count(&PatchFile::removed);
        } else if (sign == '\\') {
            endsHere(text);
        } else if (sign == ' ' && m_oldLeft > 0 && m_newLeft > 0) {
            PatchLine& line = add(PatchLineKind::Context, rest);
            line.oldNumber = m_oldNumber++;
            line.newNumber = m_newNumber++;
            --m_oldLeft;
            --m_newLeft;
        } else {
            return false;
        }
        return true;
    }

    static bool isOfHunk(const PatchLine& line) { return line.kind >= PatchLineKind::Context; }

    // "\ No newline at end of file" is a fact about the line before it.
    void endsHere(std::string_view text)
    {
        const bool says = text == "\\ No newline at end of file";
        if (says && !m_patch.lines.empty() && isOfHunk(m_patch.lines.back()) && m_patch.lines.back().end == LineEnd::Feed)
            m_patch.lines.back().end = LineEnd::None;
        else
            add(PatchLineKind::Note, text);
    }

    bool hunk(std::string_view text)
    {
        std::string_view rest = text.substr(3);
        const auto before = readRange(rest, '-');
        if (!before || !rest.starts_with(' '))
            return false;
        rest.remove_prefix(1);
        const auto after = readRange(rest, '+');
        if (!after || !rest.starts_with(" @@"))
            return false;
        m_oldNumber = before->start;
        m_newNumber = after->start;
        m_oldLeft = before->count;
        m_newLeft = after->count;
        add(PatchLineKind::Hunk, text);
        return true;
    }

    // Of a file whose hunks have not begun.
    bool isInHeader() const { return !m_patch.files.empty() && m_patch.lines.back().kind == PatchLineKind::File; }

    // What the file's heading says in words; false: shown as it stands.
    bool headerLine(std::string_view text)
    {
        PatchFile& file = m_patch.files.back();
        const auto after = [&text](std::string_view prefix) -> std::optional<std::string_view> {
            return text.starts_with(prefix) ? std::optional(text.substr(prefix.size())) : std::nullopt;
        };
        if (const auto mode = after("new file"))
            return setChange(file, FileChange::Added), setMode(file.newMode, *mode);
        if (const auto mode = after("deleted file"))
            return setChange(file, FileChange::Deleted), setMode(file.oldMode, *mode);
        if (const auto mode = after("old mode "))
            return setMode(file.oldMode, *mode);
        if (const auto mode = after("new mode "))
            return setMode(file.newMode, *mode);
        if (const auto name = after("rename from "))
            return setChange(file, FileChange::Renamed), setName(file.oldName, *name);
        if (const auto name = after("copy from "))
            return setChange(file, FileChange::Copied), setName(file.oldName, *name);
        if (text.starts_with("rename to ") || text.starts_with("copy to "))
            return shown(unquotedName(text.substr(text.find(" to ") + 4))) == file.name; // else both are shown
        if (const auto per = after("similarity index "))
            return file.similarity = std::min(100, readNumber(*per, 10)), true;
        if (text.starts_with("Binary files ") || text.starts_with("GIT binary patch"))
            file.content = FileContent::Binary;
        constexpr std::string_view ofIndexLine = "0123456789abcdef., ";
        return text.starts_with("index ") && text.substr(6).find_first_not_of(ofIndexLine) == std::string_view::npos;
    }

    static void setChange(PatchFile& file, FileChange change) { file.change = change; }
    // Whatever is not read whole is shown as it stands: nothing of a patch is hidden.
    static bool setMode(int& mode, std::string_view text)
    {
        constexpr std::string_view word = " mode ";
        if (text.starts_with(word))
            text.remove_prefix(word.size());
        if (text.size() != 6 || text.find_first_not_of("01234567") != std::string_view::npos)
            return false;
        mode = readNumber(text, 8);
        return true;
    }
    static bool setName(QString& name, std::string_view text)
    {
        name = shown(unquotedName(text));
        return true;
    }

    void startFile(const QString& name)
    {
        PatchFile file;
        file.name = name;
        file.firstLine = int(m_patch.lines.size());
        m_patch.files.push_back(std::move(file));
        add(PatchLineKind::File, {});
    }

    void nameLine(std::string_view text)
    {
        const std::string name = nameOfSideLine(text.substr(4));
        const bool old = text.starts_with("--- ");
        if (name == "/dev/null")
            return noFile(old, text);
        const QString words = shown(name);
        // A plain patch has no "diff --git": a file starts at its "---", a new one at its "+++".
        if (m_patch.files.empty() || (!isInHeader() && (old || m_isNew))) {
            startFile(words);
            if (m_isNew)
                setChange(m_patch.files.back(), FileChange::Added);
            m_isNew = false;
            return;
        }
        const PatchFile& file = m_patch.files.back();
        if (isInHeader() && (words == file.name || (old && words == file.oldName)))
            return;
        // Two names that contradict each other are both shown.
        add(PatchLineKind::Note, text);
    }

    void noFile(bool old, std::string_view text)
    {
        if (old)
            m_isNew = !isInHeader();
        else if (isInHeader())
            setChange(m_patch.files.back(), FileChange::Deleted);
        else
            add(PatchLineKind::Note, text);
    }

    PatchLine& add(PatchLineKind kind, std::string_view text)
    {
        PatchLine line;
        line.kind = kind;
        line.offset = text.empty() ? 0 : std::size_t(text.data() - m_bytes.data());
        line.length = text.size();
        line.file = int(m_patch.files.size()) - 1;
        m_patch.lines.push_back(line);
        return m_patch.lines.back();
    }

    void count(int PatchFile::* counter)
    {
        if (!m_patch.files.empty())
            ++(m_patch.files.back().*counter);
    }

    Patch m_patch;
    std::string_view m_bytes;
    int m_oldNumber = 0;
    int m_newNumber = 0;
    int m_oldLeft = 0;
    int m_newLeft = 0;
    bool m_isNew = false; // the line before said that there was no old file
};

} // namespace

Patch parsePatch(std::string bytes)
{
    return PatchReader(std::move(bytes)).read();
}

} // namespace gatehouse::widgets
