#include "core/tools/hunkmatcher.h"

#include <algorithm>
#include <optional>

#include "core/tools/filelines.h"

namespace gatehouse::tools {

namespace {

// Comparisons of lines in one file before we give up: a patch made to be slow must not hold the harness.
constexpr std::uint64_t workLimit = 100'000'000;

// Blank lines at the end of a hunk that may be meant for nothing.
constexpr int maximumSpareLines = 3;

struct Match {
    std::size_t begin = 0;
    std::size_t length = 0; // lines of the file
    Fuzz fuzz = Fuzz::Exact;
    std::optional<std::size_t> other; // where else
};

// A line of the hunk that stands in the file: context or removed.
std::vector<std::string_view> oldLines(const Hunk& hunk, bool stripCarriage)
{
    std::vector<std::string_view> out;
    for (const HunkLine& line : hunk.lines) {
        if (line.kind == LineKind::Add)
            continue;
        const std::string_view text = line.text;
        out.push_back(stripCarriage && text.ends_with('\r') ? text.substr(0, text.size() - 1) : text);
    }
    return out;
}

class Matcher {
public:
    Matcher(std::string_view text, const std::string& name)
        : m_name(name), m_lines(splitFile(text)), m_carriage(mostlyCarriageReturns(m_lines))
    {
        m_finalNewline = m_lines.empty() || !m_lines.back().end.empty();
    }

    Result<PatchedText> apply(const std::vector<Hunk>& hunks)
    {
        for (std::size_t i = 0; i < hunks.size(); ++i) {
            m_number = i + 1;
            GH_TRY(applyHunk(hunks[i]));
        }
        copyUntil(m_lines.size());
        endTheFile();
        return std::move(m_result);
    }

private:
    std::unexpected<Error> failHunk(Message why, Message advice = {}) const
    {
        return fail(ErrorCode::InvalidInput, m_name + ": hunk " + std::to_string(m_number), std::move(why), std::move(advice));
    }
    void warn(const std::string& what) { m_result.warnings.push_back("hunk " + std::to_string(m_number) + ' ' + what); }
    static std::string lineName(std::size_t index) { return "line " + std::to_string(index + 1); }

    const LineNumbers& numbers(Fuzz fuzz)
    {
        auto& slot = m_numbers[static_cast<std::size_t>(fuzz)];
        if (!slot)
            slot.emplace(m_lines, fuzz);
        return *slot;
    }

    Result<void> spend(std::size_t comparisons)
    {
        m_work += comparisons;
        if (m_work > workLimit)
            return failHunk("The patch is too much work for this file", "Split it");
        return {};
    }

    // The first place from start on, and whether there is a second.
    Result<std::optional<Match>> search(const std::vector<std::string_view>& wanted, std::size_t start, Fuzz fuzz)
    {
        GH_TRY(spend(wanted.size()));
        const LineNumbers& known = numbers(fuzz);
        std::vector<int> pattern;
        for (const std::string_view line : wanted)
            pattern.push_back(known.of(line));
        if (std::ranges::find(pattern, -1) != pattern.end() || start > m_lines.size())
            return std::optional<Match>();
        GH_TRY(spend(m_lines.size() - start));
        const std::vector<std::size_t> border = borders(pattern);
        std::optional<Match> found;
        for (std::size_t i = start, k = 0; i < known.file().size(); ++i) {
            while (k > 0 && known.file()[i] != pattern[k])
                k = border[k - 1];
            if (known.file()[i] == pattern[k])
                ++k;
            if (k < pattern.size())
                continue;
            if (found) {
                found->other = i + 1 - pattern.size();
                return found;
            }
            found = Match{i + 1 - pattern.size(), pattern.size(), fuzz, {}};
            k = border[k - 1];
        }
        return found;
    }

    bool standsAt(const std::vector<std::string_view>& wanted, std::size_t begin, Fuzz fuzz) const
    {
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (normal(m_lines[begin + i].text, fuzz) != normal(wanted[i], fuzz))
                return false;
        return true;
    }

    std::optional<Match> atTail(const std::vector<std::string_view>& wanted, std::size_t start) const
    {
        if (wanted.size() > m_lines.size() || m_lines.size() - wanted.size() < start)
            return std::nullopt;
        for (const Fuzz fuzz : allFuzz)
            if (standsAt(wanted, m_lines.size() - wanted.size(), fuzz))
                return Match{m_lines.size() - wanted.size(), wanted.size(), fuzz, {}};
        return std::nullopt;
    }

    Result<std::optional<Match>> find(const std::vector<std::string_view>& wanted, std::size_t start, bool atEnd)
    {
        if (atEnd) {
            GH_TRY(spend(3 * wanted.size()));
            if (const std::optional<Match> tail = atTail(wanted, start))
                return tail;
        }
        for (const Fuzz fuzz : allFuzz) {
            GH_ASSIGN(const std::optional<Match> match, search(wanted, start, fuzz));
            if (match)
                return match;
        }
        return std::optional<Match>();
    }

    // Where the search starts: at the innermost anchor. An anchor that stands before us is one that we are still under.
    Result<std::size_t> anchorStart(const Hunk& hunk, std::size_t& afterAnchor)
    {
        std::size_t from = m_cursor;
        std::size_t start = m_cursor;
        for (const std::string& anchor : hunk.anchors) {
            GH_ASSIGN(std::optional<Match> match, find({anchor}, from, false));
            if (match) {
                if (match->other)
                    warn("has an anchor that stands in several places; took " + lineName(match->begin));
                start = match->begin;
                from = start + 1;
                continue;
            }
            GH_ASSIGN(match, find({anchor}, 0, false));
            if (!match)
                return failHunk(Message("Invalid Anchor: no line of the file is \"%1\"", {anchor.substr(0, 200)}), anchorAdvice(anchor));
        }
        afterAnchor = from;
        return start;
    }

    static Message anchorAdvice(const std::string& anchor)
    {
        if (anchor.starts_with('-') && anchor.find('+') != std::string::npos)
            return "This format has no line numbers; after \"@@\" stands one whole line of the file, or nothing";
        return "After \"@@\" stands one whole line of the file, at or after the place of the hunk before";
    }

    Result<void> applyHunk(const Hunk& hunk)
    {
        std::size_t afterAnchor = m_cursor;
        GH_ASSIGN(const std::size_t start, anchorStart(hunk, afterAnchor));
        std::vector<std::string_view> wanted = oldLines(hunk, m_carriage);
        if (wanted.empty())
            return insertOnly(hunk, afterAnchor);
        std::size_t lineCount = hunk.lines.size();
        GH_ASSIGN(std::optional<Match> match, find(wanted, start, hunk.atEnd));
        // Writers tend to leave an empty line before the next section: it counts as context only where it fits.
        for (int spare = 0; !match && spare < maximumSpareLines && wanted.size() > 1 && wanted.back().empty() &&
             hunk.lines[lineCount - 1] == HunkLine{LineKind::Context, {}};
             ++spare) {
            wanted.pop_back();
            --lineCount;
            GH_ASSIGN(match, find(wanted, start, hunk.atEnd));
        }
        if (!match)
            return failNoMatch(wanted, start);
        report(*match, hunk);
        replace(hunk, lineCount, *match);
        return {};
    }

    std::unexpected<Error> failNoMatch(const std::vector<std::string_view>& wanted, std::size_t start)
    {
        const Message advice("Read the file again and copy the lines as they are; the first one of this hunk is \"%1\"",
                             {std::string(wanted.front().substr(0, 200))});
        const auto earlier = find(wanted, 0, false);
        if (earlier && *earlier && (*earlier)->begin < start)
            return failHunk(Message("Invalid Context: these lines stand at %1, before the hunk or anchor that comes before",
                                    {lineName((*earlier)->begin)}),
                            "Write the hunks in the order of the file");
        return failHunk(Message("Invalid Context: its lines are not in the file from %1 on", {lineName(start)}), advice);
    }

    void report(const Match& match, const Hunk& hunk)
    {
        if (match.fuzz == Fuzz::RightTrimmed)
            warn("matched only after trimming white space at line ends");
        if (match.fuzz == Fuzz::Trimmed)
            warn("matched only after trimming indentation; its new lines are taken as written");
        if (match.other)
            warn("fits several places; took " + lineName(match.begin) + ", it also fits " + lineName(*match.other));
        if (hunk.atEnd && match.begin + match.length != m_lines.size())
            warn("is marked as the end of the file but was found at " + lineName(match.begin));
    }

    Result<void> insertOnly(const Hunk& hunk, std::size_t afterAnchor)
    {
        std::size_t place = afterAnchor;
        if (hunk.atEnd || m_lines.empty())
            place = m_lines.size();
        else if (hunk.anchors.empty())
            return failHunk("It only adds lines and says no place for them", "Add a context line, an anchor, or \"*** End of File\"");
        replace(hunk, hunk.lines.size(), {place, 0, Fuzz::Exact, {}});
        return {};
    }

    // Kept lines keep the file's bytes whatever the hunk wrote.
    void replace(const Hunk& hunk, std::size_t lineCount, const Match& match)
    {
        copyUntil(match.begin);
        for (std::size_t i = 0; i < lineCount; ++i) {
            const HunkLine& line = hunk.lines[i];
            if (line.kind == LineKind::Add)
                put(m_carriage && line.text.ends_with('\r') ? std::string_view(line.text).substr(0, line.text.size() - 1) : line.text,
                    newEnd());
            else if (line.kind == LineKind::Context)
                copyUntil(m_copied + 1);
            else
                ++m_copied;
        }
        m_cursor = m_copied;
    }

    std::string_view newEnd() const { return m_carriage ? "\r\n" : "\n"; }

    void put(std::string_view text, std::string_view end)
    {
        m_result.text += text;
        m_result.text += end;
    }

    // From what was copied or skipped last. The last line gets an end: more may follow it.
    void copyUntil(std::size_t index)
    {
        for (; m_copied < index; ++m_copied)
            put(m_lines[m_copied].text, m_lines[m_copied].end.empty() ? newEnd() : m_lines[m_copied].end);
    }

    // A file that ended without a newline still does.
    void endTheFile()
    {
        std::string& text = m_result.text;
        if (m_finalNewline || text.empty())
            return;
        text.pop_back();
        if (text.ends_with('\r') && m_carriage)
            text.pop_back();
    }

    const std::string& m_name;
    std::vector<FileLine> m_lines;
    bool m_carriage = false;
    bool m_finalNewline = true;
    std::optional<LineNumbers> m_numbers[3];
    std::uint64_t m_work = 0;
    std::size_t m_number = 0;
    std::size_t m_cursor = 0; // where the last hunk ended
    std::size_t m_copied = 0; // lines of the file that stand in the result, or were removed
    PatchedText m_result;
};

} // namespace

Result<PatchedText> applyHunks(std::string_view text, const std::vector<Hunk>& hunks, const std::string& name)
{
    return Matcher(text, name).apply(hunks);
}

} // namespace gatehouse::tools
