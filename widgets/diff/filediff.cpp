#include "core/base/linediff.h"
#include "widgets/diff/patch.h"

#include <algorithm>
#include <string>

namespace gatehouse::widgets {

namespace {

// Writes one file's change as a patch text, which parsePatch then reads: one way to lines.
class FileWriter {
public:
    FileWriter(std::string& out, const FileSides& file, int context)
        : m_out(out), m_before(linesOf(view(file.before))), m_after(linesOf(view(file.after))), m_context(context)
    {
        m_out += "diff --git a/" + file.path + " b/" + file.path + '\n';
        if (!file.before)
            m_out += "new file\n";
        if (!file.after)
            m_out += "deleted file\n";
    }

    void write()
    {
        const auto changes = lineDiff(m_before, m_after);
        for (std::size_t first = 0; first < changes.size();) {
            std::size_t last = first;
            while (last + 1 < changes.size() && (m_context < 0 || changes[last + 1].beforeStart - end(changes[last]) <= 2 * m_context))
                ++last;
            hunk({changes.begin() + std::ptrdiff_t(first), changes.begin() + std::ptrdiff_t(last) + 1});
            first = last + 1;
        }
    }

private:
    static std::string_view view(const std::optional<std::string>& text) { return text ? std::string_view(*text) : std::string_view(); }
    // With their line feeds: a last line without one is another line.
    static std::vector<std::string_view> linesOf(std::string_view text)
    {
        std::vector<std::string_view> lines = splitLines(text);
        for (std::string_view& line : lines)
            if (line.data() + line.size() < text.data() + text.size())
                line = {line.data(), line.size() + 1};
        return lines;
    }
    static int end(const LineChange& change) { return change.beforeStart + change.beforeCount; }

    void hunk(const std::vector<LineChange>& changes)
    {
        const int lead = m_context < 0 ? changes.front().beforeStart : std::min(m_context, changes.front().beforeStart);
        const int rest = int(m_before.size()) - end(changes.back());
        const int trail = m_context < 0 ? rest : std::min(m_context, rest);
        const int from = changes.front().beforeStart - lead;
        const int count = end(changes.back()) + trail - from;
        int grown = 0;
        for (const LineChange& change : changes)
            grown += change.afterCount - change.beforeCount;
        const int newFrom = changes.front().afterStart - lead;
        m_out += "@@ -" + std::to_string(from + (count > 0)) + ',' + std::to_string(count) + " +" +
            std::to_string(newFrom + (count + grown > 0)) + ',' + std::to_string(count + grown) + " @@\n";
        int line = from;
        for (const LineChange& change : changes) {
            lines(' ', m_before, line, change.beforeStart);
            lines('-', m_before, change.beforeStart, end(change));
            lines('+', m_after, change.afterStart, change.afterStart + change.afterCount);
            line = end(change);
        }
        lines(' ', m_before, line, line + trail);
    }

    void lines(char sign, const std::vector<std::string_view>& from, int begin, int end)
    {
        for (int i = begin; i < end; ++i) {
            m_out += sign;
            m_out += from[std::size_t(i)];
            if (!from[std::size_t(i)].ends_with('\n'))
                m_out += "\n\\ No newline at end of file\n";
        }
    }

    std::string& m_out;
    std::vector<std::string_view> m_before;
    std::vector<std::string_view> m_after;
    int m_context;
};

} // namespace

Patch diffSides(const std::vector<FileSides>& files, int context)
{
    std::string text;
    for (const FileSides& file : files)
        FileWriter(text, file, context).write();
    return parsePatch(std::move(text));
}

} // namespace gatehouse::widgets
