#include "core/workspace/edit.h"

#include "core/foundation/sha256.h"

namespace gatehouse::workspace {

using execution::FileKind;

bool PathVersion::sameAs(const PathVersion& other) const
{
    if (kind != other.kind || mode != other.mode)
        return kind == other.kind && kind == FileKind::Absent;
    return !hasContent() || (size == other.size && !sha256.empty() && sha256 == other.sha256);
}

bool PathEdit::complete() const
{
    return (!before.hasContent() || bytesBefore) && (!after.hasContent() || bytesAfter);
}

static PathVersion regularVersion(const std::optional<std::string>& bytes, std::uint32_t mode)
{
    if (!bytes)
        return {};
    return {FileKind::Regular, mode, bytes->size(), sha256Hex(*bytes), {}};
}

PathEdit pathEdit(const execution::FileEdit& edit)
{
    return {edit.path, regularVersion(edit.before, edit.modeBefore), regularVersion(edit.after, edit.modeAfter), edit.before, edit.after};
}

std::vector<execution::FileEdit> fileEdits(const std::vector<PathEdit>& edits)
{
    std::vector<execution::FileEdit> out;
    for (const PathEdit& edit : edits)
        if (edit.complete() && (edit.bytesBefore || edit.bytesAfter))
            out.push_back({edit.path, edit.bytesBefore, edit.bytesAfter, edit.before.mode, edit.after.mode});
    return out;
}

} // namespace gatehouse::workspace
