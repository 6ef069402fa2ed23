// A presentation for terminals: whole, in one colour, safe to print.
#include "core/approval/payload.h"
#include "core/approval/presentation.h"
#include "core/base/linediff.h"

#include <algorithm>
#include <array>
#include <span>

namespace gatehouse::approval {

namespace {

constexpr std::array<const char*, 13> rowLabels = {"Who asks",          "Started by", "Run",    "Class",      "Where it runs", "Network",
                                                   "Why you are asked", "Reason",     "Effect", "Reversible", "Who decides",   "Expires",
                                                   "Reason required"};
constexpr std::size_t labelWidth = 20;
constexpr int contextLines = 3;

// Columns are a courtesy for ASCII labels; nothing hostile stands in one.
std::string padded(std::string label)
{
    label.resize(std::max(labelWidth, label.size() + 1), ' ');
    return label;
}

std::string rowText(const Row& row)
{
    const std::string value = row.note.empty() ? plain(row.value) : row.note.format();
    return padded(rowLabels[static_cast<std::size_t>(row.kind)]) + value + '\n';
}

std::string blockLabel(const Block& block)
{
    switch (block.kind) {
    case BlockKind::Argument:
        return "argument " + std::to_string(block.index);
    case BlockKind::Directory:
        return "directory";
    case BlockKind::Variable:
        return "variable " + std::to_string(block.index);
    case BlockKind::Input:
        return "standard input";
    case BlockKind::File:
        return "file " + plain(block.name);
    case BlockKind::Timeout:
        return "time limit (ms)";
    case BlockKind::Path:
        return "path";
    case BlockKind::Mode:
        return "kind and mode";
    case BlockKind::Expected:
        return "replaces";
    case BlockKind::Content:
        return "new content";
    }
    return {};
}

// One line on the label's line; several below it, each behind a bar, so that no line can pass for something else.
std::string blockText(const Block& block)
{
    if (block.absent)
        return "  " + padded(blockLabel(block)) + "(the file is removed)\n";
    if (block.lines.size() == 1)
        return "  " + padded(blockLabel(block)) + '"' + plain(block.lines[0]) + "\"\n";
    std::string result =
        "  " + blockLabel(block) + ", " + std::to_string(block.lines.size()) + " lines, " + std::to_string(block.size) + " bytes\n";
    for (const Spans& line : block.lines)
        result += "    | " + plain(line) + '\n';
    return result;
}

using Lines = std::vector<Spans>;

std::string diffLine(char sign, const Spans& line)
{
    return std::string("    ") + sign + ' ' + plain(line) + '\n';
}

// The bytes of each line: what is compared, where two lines could be drawn alike.
std::vector<std::string> bytesOf(const Lines& lines)
{
    std::vector<std::string> out;
    for (const Spans& line : lines)
        out.push_back(unescape(line).value_or(plain(line)));
    return out;
}

// Changes with some lines around them; those that come near each other stand together.
class DiffWriter {
public:
    DiffWriter(const Lines& before, const Lines& after) : m_before(before), m_after(after) { }

    std::string write()
    {
        const std::vector<std::string> before = bytesOf(m_before);
        const std::vector<std::string> after = bytesOf(m_after);
        const auto changes = lineDiff({before.begin(), before.end()}, {after.begin(), after.end()});
        if (changes.empty())
            return "    (the same content)\n";
        for (std::size_t first = 0; first < changes.size();) {
            std::size_t last = first;
            while (last + 1 < changes.size() && changes[last + 1].beforeStart - end(changes[last]) <= 2 * contextLines)
                ++last;
            hunk(std::span(changes).subspan(first, last - first + 1));
            first = last + 1;
        }
        return std::move(m_text);
    }

private:
    static int end(const LineChange& change) { return change.beforeStart + change.beforeCount; }

    void hunk(std::span<const LineChange> changes)
    {
        int line = std::max(0, changes.front().beforeStart - contextLines);
        m_text += "    from line " + std::to_string(line + 1) + ":\n";
        for (const LineChange& change : changes) {
            lines(' ', m_before, line, change.beforeStart);
            lines('-', m_before, change.beforeStart, end(change));
            lines('+', m_after, change.afterStart, change.afterStart + change.afterCount);
            line = end(change);
        }
        lines(' ', m_before, line, std::min(static_cast<int>(m_before.size()), line + contextLines));
    }

    void lines(char sign, const Lines& from, int begin, int end)
    {
        for (int i = begin; i < end; ++i)
            m_text += diffLine(sign, from[static_cast<std::size_t>(i)]);
    }

    const Lines& m_before;
    const Lines& m_after;
    std::string m_text;
};

std::string editText(const EditView& edit)
{
    static const Lines none;
    const char* what = !edit.before ? "written anew" : !edit.after ? "removed" : "changed";
    std::string result = "  " + plain(edit.path) + ": " + what;
    if (edit.after && edit.modeBefore != edit.modeAfter)
        result += ", mode " + modeText(edit.modeBefore) + " becomes " + modeText(edit.modeAfter);
    return result + '\n' + DiffWriter(edit.before ? edit.before->lines : none, edit.after ? edit.after->lines : none).write();
}

// Content that an edit shows in full is not printed twice.
bool shownByEdit(const Block& block, const Presentation& presentation)
{
    return block.kind == BlockKind::Content && !presentation.edits.empty();
}

} // namespace

std::string renderText(const Presentation& presentation)
{
    std::string result = presentation.title.format() + "\n\n";
    for (const Row& row : presentation.rows)
        result += rowText(row);
    result += "\nWhat will run: " + std::to_string(presentation.payloadSize) + " bytes, digest " + presentation.shortBinding() + '\n';
    for (const Block& block : presentation.payload)
        if (!shownByEdit(block, presentation))
            result += blockText(block);
    if (!presentation.edits.empty())
        result += "\nChanges\n";
    for (const EditView& edit : presentation.edits)
        result += editText(edit);
    for (const Message& warning : presentation.warnings)
        result += "\n! " + warning.format();
    return presentation.warnings.empty() ? result : result + '\n';
}

} // namespace gatehouse::approval
