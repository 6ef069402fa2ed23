// A presentation for terminals: whole, in one colour, safe to print.
#include "core/approval/payload.h"
#include "core/approval/presentation.h"

#include <algorithm>
#include <array>

namespace gatehouse::approval {

namespace {

constexpr std::array<const char*, 13> rowLabels = {"Who asks",          "Started by", "Run",    "Class",      "Where it runs", "Network",
                                                   "Why you are asked", "Reason",     "Effect", "Reversible", "Who decides",   "Expires",
                                                   "Reason required"};
constexpr std::size_t labelWidth = 20;
constexpr std::size_t contextLines = 3;

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

// From the first line that differs to the last one, with some lines around: every changed line stands in it.
std::string diffText(const Lines& before, const Lines& after)
{
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t head = 0, tail = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    if (head == before.size() && head == after.size())
        return "    (the same content)\n";
    const std::size_t from = head > contextLines ? head - contextLines : 0;
    std::string result = "    from line " + std::to_string(from + 1) + ":\n";
    for (std::size_t i = from; i < head; ++i)
        result += diffLine(' ', before[i]);
    for (std::size_t i = head; i < before.size() - tail; ++i)
        result += diffLine('-', before[i]);
    for (std::size_t i = head; i < after.size() - tail; ++i)
        result += diffLine('+', after[i]);
    for (std::size_t i = after.size() - tail; i < std::min(after.size(), after.size() - tail + contextLines); ++i)
        result += diffLine(' ', after[i]);
    return result;
}

std::string editText(const EditView& edit)
{
    static const Lines none;
    const char* what = !edit.before ? "written anew" : !edit.after ? "removed" : "changed";
    std::string result = "  " + plain(edit.path) + ": " + what;
    if (edit.after && edit.modeBefore != edit.modeAfter)
        result += ", mode " + modeText(edit.modeBefore) + " becomes " + modeText(edit.modeAfter);
    return result + '\n' + diffText(edit.before ? edit.before->lines : none, edit.after ? edit.after->lines : none);
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
