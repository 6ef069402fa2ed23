// Any bytes as a V4A patch: parsed, its hunks applied to the text that they describe and to one that they don't.
#include "core/tools/hunkmatcher.h"
#include "core/tools/v4apatch.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace gatehouse::tools;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

std::string oldText(const PatchSection& section)
{
    std::string out;
    for (const Hunk& hunk : section.hunks)
        for (const HunkLine& line : hunk.lines)
            if (line.kind != LineKind::Add)
                (out += line.text) += '\n';
    return out;
}

bool findsItsPlaceByItself(const PatchSection& section)
{
    for (const Hunk& hunk : section.hunks) {
        bool hasOldLine = false;
        for (const HunkLine& line : hunk.lines)
            hasOldLine = hasOldLine || line.kind != LineKind::Add;
        if (!hasOldLine || !hunk.anchors.empty() || hunk.atEnd)
            return false;
    }
    return true;
}

void check(const PatchSection& section, std::string_view input)
{
    require(!section.path.empty() && section.path.front() != '/' && section.path.find('\0') == std::string::npos);
    require(("/" + section.path + "/").find("/../") == std::string::npos);
    require(section.kind != SectionKind::Add || section.content.ends_with('\n'));
    require(section.kind != SectionKind::Update || !section.hunks.empty() || !section.moveTo.empty());
    const auto patched = applyHunks(oldText(section), section.hunks, "file");
    // One hunk always fits the text that it describes.
    require(patched || section.hunks.size() != 1 || !findsItsPlaceByItself(section));
    (void)applyHunks(input, section.hunks, "file");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto patch = parsePatch(input);
    if (!patch) {
        require(patch.error().code == gatehouse::ErrorCode::InvalidInput);
        require(patch.error().where.starts_with("patch"));
        return 0;
    }
    require(!patch->sections.empty());
    for (const PatchSection& section : patch->sections)
        check(section, input);
    return 0;
}
