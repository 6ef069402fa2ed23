#include "widgets/diff/patch.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace gatehouse::widgets {

namespace {

bool startsWith(std::string_view line, std::string_view prefix)
{
    return line.substr(0, prefix.size()) == prefix;
}

// "-3,7" of "@@ -3,7 +3,8 @@ name": start and count; a count left out is 1.
struct Range {
    int start = 0;
    int count = 1;
};

std::optional<Range> readRange(std::string_view& text, char sign)
{
    if (text.empty() || text.front() != sign)
        return std::nullopt;
    text.remove_prefix(1);
    Range range;
    auto read = [&text](int& value) {
        const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
        text.remove_prefix(static_cast<std::size_t>(result.ptr - text.data()));
        return result.ec == std::errc();
    };
    if (!read(range.start))
        return std::nullopt;
    if (startsWith(text, ",")) {
        text.remove_prefix(1);
        if (!read(range.count))
            return std::nullopt;
    }
    return range;
}

class PatchReader {
public:
    Patch read(std::string_view bytes)
    {
        for (std::size_t start = 0; start < bytes.size();) {
            const std::size_t end = std::min(bytes.find('\n', start), bytes.size());
            line(bytes.substr(start, end - start));
            start = end + 1;
        }
        pairChangedLines();
        return std::move(m_patch);
    }

private:
    void line(std::string_view text)
    {
        if (m_oldLeft > 0 || m_newLeft > 0)
            return body(text);
        if (startsWith(text, "diff --git "))
            return startFile(fileName(text.substr(11)));
        if (startsWith(text, "@@ ") && hunk(text))
            return;
        if (startsWith(text, "+++ ") || startsWith(text, "--- "))
            return nameLine(text);
        if (startsWith(text, "index "))
            return;
        add(PatchLineKind::Note, text);
    }

    void body(std::string_view text)
    {
        const char sign = text.empty() ? ' ' : text.front();
        const std::string_view rest = text.empty() ? text : text.substr(1);
        if (sign == '+') {
            PatchLine& line = add(PatchLineKind::Added, rest);
            line.newNumber = m_newNumber++;
            --m_newLeft;
            count(&PatchFile::added);
        } else if (sign == '-') {
            PatchLine& line = add(PatchLineKind::Removed, rest);
            line.oldNumber = m_oldNumber++;
            --m_oldLeft;
            count(&PatchFile::removed);
        } else if (sign == '\\') {
            add(PatchLineKind::Note, text);
        } else {
            PatchLine& line = add(PatchLineKind::Context, rest);
            line.oldNumber = m_oldNumber++;
            line.newNumber = m_newNumber++;
            --m_oldLeft;
            --m_newLeft;
        }
    }

    bool hunk(std::string_view text)
    {
        std::string_view rest = text.substr(3);
        const auto before = readRange(rest, '-');
        if (!before || !startsWith(rest, " "))
            return false;
        rest.remove_prefix(1);
        const auto after = readRange(rest, '+');
        if (!after || !startsWith(rest, " @@"))
            return false;
        m_oldNumber = before->start;
        m_newNumber = after->start;
        m_oldLeft = before->count;
        m_newLeft = after->count;
        add(PatchLineKind::Hunk, text);
        return true;
    }

    void startFile(const QString& name)
    {
        m_patch.files.push_back({name, int(m_patch.lines.size()), 0, 0});
        PatchLine& heading = add(PatchLineKind::File, {});
        heading.text.text = name;
    }

    // "a/x b/x": the second half; git quotes odd names, which then stand as they are.
    static QString fileName(std::string_view names)
    {
        const std::size_t middle = names.rfind(" b/");
        return shown(middle == std::string_view::npos ? names : names.substr(middle + 3));
    }

    void nameLine(std::string_view text)
    {
        std::string_view name = text.substr(4);
        if (name == "/dev/null")
            return;
        if (startsWith(name, "a/") || startsWith(name, "b/"))
            name.remove_prefix(2);
        // A plain patch has no "diff --git": a file starts at its "---".
        if (m_patch.files.empty() ||
            (startsWith(text, "--- ") && m_patch.lines.back().kind != PatchLineKind::File &&
             m_patch.lines.back().kind != PatchLineKind::Note))
            startFile(shown(name));
    }

    PatchLine& add(PatchLineKind kind, std::string_view text)
    {
        PatchLine line;
        line.kind = kind;
        line.text = markedText(text);
        line.file = int(m_patch.files.size()) - 1;
        m_patch.lines.push_back(std::move(line));
        return m_patch.lines.back();
    }

    void count(int PatchFile::* counter)
    {
        if (!m_patch.files.empty())
            ++(m_patch.files.back().*counter);
    }

    // A run of removed lines followed by one of added lines: first with first, as far as they go.
    void pairChangedLines()
    {
        auto& lines = m_patch.lines;
        for (std::size_t i = 0; i < lines.size();) {
            std::size_t removed = i;
            while (removed < lines.size() && lines[removed].kind == PatchLineKind::Removed)
                ++removed;
            std::size_t added = removed;
            while (added < lines.size() && lines[added].kind == PatchLineKind::Added)
                ++added;
            for (std::size_t k = 0; k < std::min(removed - i, added - removed); ++k) {
                lines[i + k].partner = int(removed + k);
                lines[removed + k].partner = int(i + k);
            }
            i = std::max(i + 1, added);
        }
    }

    Patch m_patch;
    int m_oldNumber = 0;
    int m_newNumber = 0;
    int m_oldLeft = 0;
    int m_newLeft = 0;
};

} // namespace

Patch parsePatch(std::string_view bytes)
{
    return PatchReader().read(bytes);
}

} // namespace gatehouse::widgets
