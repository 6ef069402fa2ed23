#include "core/tools/applypatch.h"

#include <nlohmann/json.hpp>

#include "core/base/canonicaljson.h"
#include "core/foundation/sha256.h"
#include "core/tools/hunkmatcher.h"
#include "core/tools/patcharguments.h"
#include "core/workspace/pathname.h"

namespace gatehouse::tools {

using execution::FileCommit;
using execution::FileContent;
using execution::FileKind;
using execution::PreparedCall;
using execution::ToolCall;
using execution::ToolOutcome;
using workspace::shownPath;

namespace {

constexpr const char* toolName = "apply_patch";
constexpr std::uint64_t maximumFileBytes = 8u << 20;
constexpr std::uint32_t newFileMode = 0644;

constexpr const char* description =
    "Changes files in the workspace: all of the patch, or nothing. The patch is text of this form:\n"
    "*** Begin Patch\n*** Update File: path/to/file\n@@ a whole line above the change, if needed to find the place\n"
    " a line that stays\n-a line to remove\n+a line to add\n*** Add File: path/to/new\n+every line of it\n*** Delete File: "
    "path/to/old\n*** End Patch\n"
    "An \"*** Update File\" line may be followed by \"*** Move to: new/path\". Paths are relative to the workspace. Give about three lines "
    "of "
    "context around a change, copied exactly. Hunks stand in the order of the file. \"*** End of File\" after a hunk ties it to the file's "
    "end. "
    "A file that does not end with a newline keeps that; new files end with one. Add File and Move to never replace an existing file.";

std::unexpected<Error> failFile(const std::string& path, Message why, Message advice = {})
{
    return fail(ErrorCode::InvalidInput, shownPath(path), std::move(why), std::move(advice));
}

// Collects what the patch comes to, section by section, without any effect.
class Preparation {
public:
    explicit Preparation(const execution::WorkspaceReader& workspace) : m_workspace(workspace) { }

    Result<void> add(const PatchSection& section)
    {
        GH_TRY(needGitsConsent(section.path));
        if (!section.moveTo.empty())
            GH_TRY(needGitsConsent(section.moveTo));
        m_prepared.paths.push_back(section.path);
        switch (section.kind) {
        case SectionKind::Add:
            return addFile(section);
        case SectionKind::Delete:
            return deleteFile(section);
        case SectionKind::Update:
            return updateFile(section);
        }
        return {};
    }

    PreparedCall take(const ToolCall& call)
    {
        m_prepared.call = call;
        m_prepared.effect = std::move(m_commit);
        return std::move(m_prepared);
    }

private:
    // A change that no diff could show is not made by a tool whose point is its diff.
    static Result<void> needGitsConsent(const std::string& path)
    {
        if (workspace::gitAccepts(path))
            return {};
        return failFile(path, "Git keeps such names for itself; a change there would be in no diff", "Use another name");
    }

    Result<FileContent> look(const std::string& path)
    {
        auto content = m_workspace.read(path, maximumFileBytes);
        if (content)
            return content;
        if (content.error().code == ErrorCode::Limit)
            return failFile(path, Message("The file is larger than %1 bytes", {std::to_string(maximumFileBytes)}),
                            "Change it with a command");
        if (content.error().code == ErrorCode::PermissionDenied || content.error().code == ErrorCode::InvalidInput)
            return failFile(path, "The file can't be read here: it is protected, or a symbolic link stands in its path");
        return content;
    }

    Result<void> needAbsent(const std::string& path, const char* advice)
    {
        GH_ASSIGN(const FileContent present, look(path));
        if (present.state.kind != FileKind::Absent)
            return failFile(path, "Something of this name exists already", advice);
        return {};
    }

    Result<FileContent> needFile(const std::string& path)
    {
        GH_ASSIGN(FileContent present, look(path));
        if (present.state.kind == FileKind::Absent)
            return failFile(path, "There is no such file");
        if (present.state.kind == FileKind::Symlink)
            return failFile(path, "This is a symbolic link", "Patch the file that it points to");
        if (present.state.kind != FileKind::Regular)
            return failFile(path, "This is not a file");
        return present;
    }

    Result<void> addFile(const PatchSection& section)
    {
        GH_TRY(needAbsent(section.path, "Change it with \"*** Update File\""));
        m_commit.files.push_back({section.path, std::nullopt, section.content, newFileMode, FileKind::Regular});
        m_prepared.edits.push_back({section.path, std::nullopt, section.content, 0, newFileMode});
        return {};
    }

    Result<void> deleteFile(const PatchSection& section)
    {
        GH_ASSIGN(FileContent present, needFile(section.path));
        remove(section.path, std::move(present));
        return {};
    }

    void remove(const std::string& path, FileContent present)
    {
        m_commit.files.push_back({path, sha256Hex(present.bytes), std::nullopt, present.state.mode, FileKind::Regular});
        m_prepared.edits.push_back({path, std::move(present.bytes), std::nullopt, present.state.mode, 0});
    }

    Result<void> updateFile(const PatchSection& section)
    {
        GH_ASSIGN(FileContent present, needFile(section.path));
        if (present.bytes.find('\0') != std::string::npos)
            return failFile(section.path, "This is not a text file", "Change it with a command");
        GH_ASSIGN(PatchedText patched, applyHunks(present.bytes, section.hunks, shownPath(section.path)));
        for (const std::string& warning : patched.warnings)
            m_prepared.warnings.push_back(shownPath(section.path) + ": " + warning);
        if (section.moveTo.empty())
            return replace(section.path, std::move(present), std::move(patched.text));
        return move(section, std::move(present), std::move(patched.text));
    }

    Result<void> replace(const std::string& path, FileContent present, std::string text)
    {
        if (text == present.bytes)
            m_prepared.warnings.push_back(shownPath(path) + ": the patch changes nothing");
        m_commit.files.push_back({path, sha256Hex(present.bytes), text, present.state.mode, FileKind::Regular});
        m_prepared.edits.push_back({path, std::move(present.bytes), std::move(text), present.state.mode, present.state.mode});
        return {};
    }

    Result<void> move(const PatchSection& section, FileContent present, std::string text)
    {
        GH_TRY(needAbsent(section.moveTo, "Move it to a name that is free"));
        m_prepared.paths.push_back(section.moveTo);
        const std::uint32_t mode = present.state.mode;
        remove(section.path, std::move(present));
        m_commit.files.push_back({section.moveTo, std::nullopt, text, mode, FileKind::Regular});
        m_prepared.edits.push_back({section.moveTo, std::nullopt, std::move(text), 0, mode});
        return {};
    }

    const execution::WorkspaceReader& m_workspace;
    execution::CommitEffect m_commit;
    PreparedCall m_prepared;
};

std::string resultLine(const PatchSection& section)
{
    const std::string path = shownPath(section.path);
    switch (section.kind) {
    case SectionKind::Add:
        return "Created " + path + '\n';
    case SectionKind::Delete:
        return "Deleted " + path + '\n';
    case SectionKind::Update:
        break;
    }
    return section.moveTo.empty() ? "Updated " + path + '\n' : "Moved " + path + " to " + shownPath(section.moveTo) + '\n';
}

class ApplyPatch final : public execution::Tool {
public:
    explicit ApplyPatch(ArgumentReader reader)
        : m_schema{toolName, description, canonicalJson(patchParameters()).value_or(std::string())}, m_reader(std::move(reader))
    {
    }

    const execution::ToolSchema& schema() const override { return m_schema; }

    Result<PreparedCall> prepare(const ToolCall& call, const execution::WorkspaceReader& workspace) const override
    {
        GH_ASSIGN(const V4aPatch patch, readPatch(call, m_reader));
        Preparation preparation(workspace);
        for (const PatchSection& section : patch.sections)
            GH_TRY(preparation.add(section));
        return preparation.take(call);
    }

    Result<ToolOutcome> perform(const PreparedCall& prepared, execution::SandboxSession& sandbox, execution::ExecObserver*,
                                const CancelToken& cancel) const override
    {
        const auto* effect = std::get_if<execution::CommitEffect>(&prepared.effect);
        if (!effect)
            return fail(ErrorCode::Internal, toolName, "The prepared call holds no files");
        if (cancel.cancelled())
            return fail(ErrorCode::Cancelled, toolName, "The call was stopped before anything was changed");
        GH_ASSIGN(const V4aPatch patch, readPatch(prepared.call, m_reader));
        auto changes = sandbox.commitFiles(effect->files);
        if (!changes && changes.error().code == ErrorCode::InvalidInput)
            return ToolOutcome{"Nothing was changed: " + changes.error().toString() + '\n', true, {}, std::nullopt};
        if (!changes)
            return std::unexpected(std::move(changes).error());
        ToolOutcome out;
        for (const PatchSection& section : patch.sections)
            out.text += resultLine(section);
        for (const std::string& warning : prepared.warnings)
            out.text += "Note: " + warning + '\n';
        out.changes = std::move(*changes);
        return out;
    }

private:
    execution::ToolSchema m_schema;
    ArgumentReader m_reader;
};

} // namespace

Result<std::unique_ptr<execution::Tool>> makeApplyPatch()
{
    GH_ASSIGN(ArgumentReader reader, ArgumentReader::create(toolName, patchParameters()));
    return std::unique_ptr<execution::Tool>(std::make_unique<ApplyPatch>(std::move(reader)));
}

} // namespace gatehouse::tools
