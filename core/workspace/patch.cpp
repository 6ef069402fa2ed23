#include "core/workspace/patch.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/foundation/beneath.h"
#include "core/workspace/gitlibrary.h"
#include "core/workspace/pathname.h"

namespace gatehouse::workspace {

using execution::FileKind;

namespace {

enum class GitMode : std::uint32_t { None = 0, File = 0100644, Executable = 0100755, Link = 0120000 };

// What git can hold of one side of an edit.
struct GitSide {
    GitMode mode = GitMode::None;
    std::string_view bytes;
    bool operator==(const GitSide&) const = default;
};

GitSide gitSide(const PathVersion& version, const std::optional<std::string>& bytes)
{
    if (version.kind == FileKind::Symlink)
        return {GitMode::Link, *bytes};
    if (version.kind == FileKind::Regular)
        return {(version.mode & 0100) != 0 ? GitMode::Executable : GitMode::File, *bytes};
    return {};
}

std::string octal(GitMode mode)
{
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%06o", static_cast<unsigned>(mode));
    return text.data();
}

Result<std::string> blobId(const GitSide& side)
{
    git_oid id = {};
    if (side.mode != GitMode::None)
        if (const int status = git_odb_hash(&id, side.bytes.data(), side.bytes.size(), GIT_OBJECT_BLOB); status < 0)
            return failGit("patch", "Could not hash a file", status);
    return gitHex(id);
}

// The name as it stands after "--- " and "+++ ": a tab ends names with spaces, so that nobody takes the rest for a date.
std::string fileLine(const char* mark, const char* side, const std::string& path, bool present)
{
    const std::string name = present ? quotedPath(side + path) : "/dev/null";
    return std::string(mark) + name + (name.find(' ') != std::string::npos && name.front() != '"' ? "\t\n" : "\n");
}

std::string header(const std::string& path, const GitSide& before, const GitSide& after)
{
    std::string out = "diff --git " + quotedPath("a/" + path) + ' ' + quotedPath("b/" + path) + '\n';
    if (before.mode == GitMode::None)
        out += "new file mode " + octal(after.mode) + '\n';
    else if (after.mode == GitMode::None)
        out += "deleted file mode " + octal(before.mode) + '\n';
    else if (before.mode != after.mode)
        out += "old mode " + octal(before.mode) + "\nnew mode " + octal(after.mode) + '\n';
    return out;
}

struct Body {
    std::string text; // from the first hunk or "GIT binary patch" on; empty when there is nothing to say
    std::size_t added = 0;
    std::size_t removed = 0;
};

// What the library prints before it depends on the names it was given, which are ours and fixed.
std::string withoutHeader(std::string_view printed)
{
    const std::size_t hunk = printed.find("\n@@ ");
    const std::size_t binary = printed.find("\nGIT binary patch\n");
    const std::size_t start = std::min(hunk, binary);
    return start == std::string_view::npos ? std::string() : std::string(printed.substr(start + 1));
}

Result<Body> makeBody(std::string_view before, std::string_view after, unsigned context)
{
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.context_lines = context;
    options.flags = GIT_DIFF_SHOW_BINARY;
    git_patch* made = nullptr;
    int status = git_patch_from_buffers(&made, before.data(), before.size(), "f", after.data(), after.size(), "f", &options);
    const GitPatch patch(made);
    if (status < 0)
        return failGit("patch", "Could not compare two versions of a file", status);
    git_buf printed = {nullptr, 0, 0};
    status = git_patch_to_buf(&printed, patch.get());
    Body body;
    if (status == 0)
        body.text = withoutHeader({printed.ptr, printed.size});
    git_buf_dispose(&printed);
    std::size_t unchanged = 0;
    if (status == 0)
        status = git_patch_line_stats(&unchanged, &body.added, &body.removed, patch.get());
    if (status < 0)
        return failGit("patch", "Could not write a patch", status);
    return body;
}

class PatchWriter {
public:
    explicit PatchWriter(const PatchOptions& options) : m_options(options), m_prefix(options.prefix.empty() ? "" : options.prefix + '/') { }

    Result<void> add(const PathEdit& edit)
    {
        if (!edit.path.starts_with(m_prefix) || edit.path.size() == m_prefix.size())
            return {};
        if (const std::optional<Excluded> why = whyExcluded(edit)) {
            m_patch.excluded.push_back({edit.path, *why});
            if (*why != Excluded::OtherKind)
                return {};
        }
        const GitSide before = gitSide(edit.before, edit.bytesBefore);
        const GitSide after = gitSide(edit.after, edit.bytesAfter);
        if (before == after)
            return {};
        ++m_patch.stat.files;
        return addSides(edit.path.substr(m_prefix.size()), before, after);
    }

    Patch take() { return std::move(m_patch); }

private:
    std::optional<Excluded> whyExcluded(const PathEdit& edit) const
    {
        const std::string_view relative = std::string_view(edit.path).substr(m_prefix.size());
        const bool concernsGit = edit.before.hasContent() || edit.after.hasContent();
        if (concernsGit && !gitAccepts(relative))
            return Excluded::RefusedName;
        // git takes no link for its own list of submodules.
        if (edit.after.kind == FileKind::Symlink && (relative == ".gitmodules" || relative.ends_with("/.gitmodules")))
            return Excluded::RefusedName;
        if (!edit.complete())
            return Excluded::NoBytes;
        if (edit.after.kind == FileKind::Other)
            return Excluded::OtherKind;
        return std::nullopt;
    }

    // A file that becomes a link, or the other way, is one that goes and one that comes.
    Result<void> addSides(const std::string& path, const GitSide& before, const GitSide& after)
    {
        const bool bothPresent = before.mode != GitMode::None && after.mode != GitMode::None;
        if (bothPresent && (before.mode == GitMode::Link) != (after.mode == GitMode::Link)) {
            GH_TRY(addSection(path, before, {}));
            return addSection(path, {}, after);
        }
        return addSection(path, before, after);
    }

    Result<void> addSection(const std::string& path, const GitSide& before, const GitSide& after)
    {
        m_patch.text += header(path, before, after);
        const bool bothPresent = before.mode != GitMode::None && after.mode != GitMode::None;
        if (bothPresent && before.bytes == after.bytes)
            return {};
        GH_ASSIGN(const std::string idBefore, blobId(before));
        GH_ASSIGN(const std::string idAfter, blobId(after));
        m_patch.text += "index " + idBefore + ".." + idAfter + (before.mode == after.mode ? ' ' + octal(after.mode) : "") + '\n';
        GH_ASSIGN(const Body body, makeBody(before.bytes, after.bytes, m_options.context));
        if (body.text.starts_with("@@ "))
            m_patch.text +=
                fileLine("--- ", "a/", path, before.mode != GitMode::None) + fileLine("+++ ", "b/", path, after.mode != GitMode::None);
        m_patch.text += body.text;
        m_patch.stat.added += body.added;
        m_patch.stat.removed += body.removed;
        return {};
    }

    const PatchOptions& m_options;
    std::string m_prefix;
    Patch m_patch;
};

} // namespace

Result<Patch> makePatch(std::span<const PathEdit> edits, const PatchOptions& options)
{
    GH_TRY(startGit());
    if (!options.prefix.empty() && !isPlainRelativePath(options.prefix))
        return fail(ErrorCode::InvalidInput, shownPath(options.prefix), "This is not a path inside the workspace");
    std::vector<const PathEdit*> sorted;
    for (const PathEdit& edit : edits)
        sorted.push_back(&edit);
    std::ranges::sort(sorted, {}, &PathEdit::path);
    PatchWriter writer(options);
    for (const PathEdit* edit : sorted)
        GH_TRY(writer.add(*edit));
    return writer.take();
}

Result<Patch> makePatch(std::span<const execution::FileEdit> edits, const PatchOptions& options)
{
    std::vector<PathEdit> paths;
    paths.reserve(edits.size());
    for (const execution::FileEdit& edit : edits)
        paths.push_back(pathEdit(edit));
    return makePatch(paths, options);
}

} // namespace gatehouse::workspace
