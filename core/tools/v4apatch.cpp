#include "core/tools/v4apatch.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/foundation/beneath.h"
#include "core/workspace/pathname.h"

namespace gatehouse::tools {

namespace {

constexpr std::string_view beginMark = "*** Begin Patch";
constexpr std::string_view endMark = "*** End Patch";
constexpr std::string_view endOfFileMark = "*** End of File";
constexpr std::string_view addMark = "*** Add File:";
constexpr std::string_view deleteMark = "*** Delete File:";
constexpr std::string_view updateMark = "*** Update File:";
constexpr std::string_view moveMark = "*** Move to:";
constexpr std::string_view anchorMark = "@@";

std::unexpected<Error> failAt(std::size_t line, Message why, Message advice = {})
{
    return fail(ErrorCode::InvalidInput, "patch line " + std::to_string(line), std::move(why), std::move(advice));
}

bool isBlank(std::string_view line)
{
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

// A patch written on a system with CRLF lines has the CR on every line; one that only patches such a file has not.
void dropCommonCarriageReturns(std::vector<std::string_view>& lines)
{
    if (!std::ranges::all_of(lines, [](std::string_view line) { return line.ends_with('\r'); }))
        return;
    for (std::string_view& line : lines)
        line.remove_suffix(1);
}

class Parser {
public:
    Parser(std::string_view text, const PatchLimits& limits) : m_limits(limits), m_lines(splitLines(text))
    {
        dropCommonCarriageReturns(m_lines);
    }

    Result<V4aPatch> parse()
    {
        GH_TRY(trimEnvelope());
        while (m_next < m_end)
            GH_TRY(section());
        if (m_patch.sections.empty())
            return failAt(number(), "The patch holds no file",
                          "Write at least one section: \"*** Add File: path\", \"*** Update File: path\" or \"*** Delete File: path\"");
        GH_TRY(checkNesting());
        return std::move(m_patch);
    }

private:
    std::size_t number() const { return m_next + 1; }
    std::string_view line() const { return m_lines[m_next]; }
    bool atMark(std::string_view mark) const { return m_next < m_end && line().starts_with(mark); }
    bool atSection() const { return atMark(addMark) || atMark(deleteMark) || atMark(updateMark); }

    // Blank lines around the envelope are harmless; anything else there is not part of a patch.
    Result<void> trimEnvelope()
    {
        m_end = m_lines.size();
        while (m_next < m_end && isBlank(line()))
            ++m_next;
        while (m_end > m_next && isBlank(m_lines[m_end - 1]))
            --m_end;
        if (m_next == m_end || line() != beginMark)
            return failAt(number(), "A patch begins with the line \"*** Begin Patch\"");
        if (m_lines[m_end - 1] != endMark)
            return failAt(m_end, "A patch ends with the line \"*** End Patch\", and nothing follows it");
        ++m_next;
        --m_end;
        return {};
    }

    Result<void> section()
    {
        if (m_patch.sections.size() == m_limits.files)
            return failAt(number(), Message("The patch touches more than %1 files", {std::to_string(m_limits.files)}));
        PatchSection section;
        section.line = number();
        if (atMark(addMark))
            GH_TRY(addSection(section));
        else if (atMark(deleteMark))
            GH_TRY(deleteSection(section));
        else if (atMark(updateMark))
            GH_TRY(updateSection(section));
        else
            return failUnknownLine();
        m_patch.sections.push_back(std::move(section));
        return {};
    }

    std::unexpected<Error> failUnknownLine() const
    {
        if (isBlank(line()))
            return failAt(number(), "An empty line can't stand between two files");
        if (line().starts_with("***"))
            return failAt(number(), "This header is not known",
                          "Known are \"*** Add File: path\", \"*** Update File: path\" and \"*** Delete File: path\"");
        return failAt(number(), "A line outside of any file");
    }

    Result<std::string> headerPath(std::string_view mark)
    {
        std::string path(trimmed(line().substr(mark.size())));
        if (path.empty())
            return failAt(number(), "The path is missing");
        if (path.size() > m_limits.pathBytes)
            return failAt(number(), Message("The path is longer than %1 bytes", {std::to_string(m_limits.pathBytes)}));
        if (!isPlainRelativePath(path))
            return failAt(number(), Message("The path \"%1\" is not a plain path inside the workspace", {workspace::shownPath(path)}),
                          "Write it relative to the workspace, without a leading slash and without \".\" or \"..\"");
        if (path.find('\r') != std::string::npos)
            return failAt(number(), "The path holds a carriage return", "End either every line of the patch with CRLF, or none");
        GH_TRY(claim(path));
        ++m_next;
        return path;
    }

    // One file, one section: two would make the result depend on who reads them.
    Result<void> claim(const std::string& path)
    {
        const auto [place, isNew] = m_claimed.try_emplace(path, number());
        if (!isNew)
            return failAt(number(),
                          Message("The file \"%1\" already stands in line %2", {workspace::shownPath(path), std::to_string(place->second)}),
                          "Put all that happens to one file into one section");
        return {};
    }

    // No path of the patch may be a folder of another.
    Result<void> checkNesting() const
    {
        for (const auto& [path, where] : m_claimed)
            for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
                if (const auto above = m_claimed.find(path.substr(0, slash)); above != m_claimed.end())
                    return failAt(std::max(where, above->second),
                                  Message("\"%1\" can't be a file and the folder of \"%2\"",
                                          {workspace::shownPath(above->first), workspace::shownPath(path)}));
        return {};
    }

    Result<void> addSection(PatchSection& section)
    {
        section.kind = SectionKind::Add;
        GH_ASSIGN(section.path, headerPath(addMark));
        const std::size_t first = m_next;
        for (; m_next < m_end && line().starts_with('+'); ++m_next)
            (section.content += line().substr(1)) += '\n';
        if (m_next < m_end && !atSection())
            return failAt(number(), "Every line of a new file starts with \"+\"");
        if (m_next == first)
            return failAt(number(), "The new file has no lines", "Write at least one line that starts with \"+\"");
        return {};
    }

    Result<void> deleteSection(PatchSection& section)
    {
        section.kind = SectionKind::Delete;
        GH_ASSIGN(section.path, headerPath(deleteMark));
        if (m_next < m_end && !atSection())
            return failAt(number(), "A deleted file has no lines");
        return {};
    }

    Result<void> updateSection(PatchSection& section)
    {
        section.kind = SectionKind::Update;
        GH_ASSIGN(section.path, headerPath(updateMark));
        if (atMark(moveMark)) {
            GH_ASSIGN(section.moveTo, headerPath(moveMark));
        }
        while (m_next < m_end && !atSection())
            GH_TRY(hunk(section));
        if (section.hunks.empty() && section.moveTo.empty())
            return failAt(section.line, "Nothing in this section", "Write the lines to change, or remove the section");
        return {};
    }

    Result<void> hunk(PatchSection& section)
    {
        Hunk hunk;
        hunk.line = number();
        for (; atMark(anchorMark); ++m_next)
            GH_TRY(anchor(hunk));
        GH_TRY(hunkLines(hunk));
        if (hunk.lines.empty())
            return failAt(hunk.line, "Nothing in this section", "After \"@@\" follow lines that start with a space, \"-\" or \"+\"");
        if (atMark(endOfFileMark)) {
            if (line() != endOfFileMark)
                return failAt(number(), "This header is not known", "The mark is \"*** End of File\", alone on its line");
            hunk.atEnd = true;
            ++m_next;
        }
        section.hunks.push_back(std::move(hunk));
        return {};
    }

    Result<void> anchor(Hunk& hunk)
    {
        const std::string_view rest = line().substr(anchorMark.size());
        if (isBlank(rest))
            return {};
        if (!rest.starts_with(' '))
            return failAt(number(), "Invalid Anchor", "Write \"@@\", a space, and one whole line of the file");
        hunk.anchors.emplace_back(rest.substr(1));
        return {};
    }

    Result<void> hunkLines(Hunk& hunk)
    {
        for (; m_next < m_end && !atMark(anchorMark) && !atMark("***"); ++m_next) {
            const std::string_view text = line();
            if (text.empty())
                hunk.lines.push_back({LineKind::Context, {}});
            else if (text[0] == ' ' || text[0] == '-' || text[0] == '+')
                hunk.lines.push_back({static_cast<LineKind>(text[0]), std::string(text.substr(1))});
            else
                return failAt(number(), "Invalid Line",
                              "Lines of a changed file start with a space (kept), \"-\" (removed) or \"+\" (added)");
        }
        if (m_next < m_end && atMark("***") && !atSection() && !atMark(endOfFileMark))
            return failAt(number(), "This header is not known");
        return {};
    }

    const PatchLimits& m_limits;
    std::vector<std::string_view> m_lines;
    std::size_t m_next = 0;
    std::size_t m_end = 0;
    std::map<std::string, std::size_t> m_claimed; // path → line
    V4aPatch m_patch;
};

} // namespace

Result<V4aPatch> parsePatch(std::string_view text, const PatchLimits& limits)
{
    if (text.size() > limits.bytes)
        return fail(ErrorCode::InvalidInput, "patch", Message("The patch is larger than %1 bytes", {std::to_string(limits.bytes)}),
                    "Split it");
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
        return failAt(1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, nul), '\n')), "The patch holds a NUL byte",
                      "Only text can be patched");
    return Parser(text, limits).parse();
}

} // namespace gatehouse::tools
