// Patches in git's format: new and deleted files, modes, links, binary contents, byte for byte what the edits say.
//
// Deterministic: equal edits give equal bytes, on every machine; object ids are written whole. No rename detection.
// `git apply` takes every patch made here. Any thread.
#pragma once

#include "core/execution/tool.h"
#include "core/foundation/result.h"
#include "core/workspace/edit.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::workspace {

struct PatchOptions {
    // The git entry that the patch is for, such as "repo": its edits only, their paths relative to it. Empty: the workspace.
    std::string prefix;
    unsigned context = 3;
};

struct PatchStat {
    std::size_t files = 0;
    std::size_t added = 0; // lines; binary files count none
    std::size_t removed = 0;
    bool operator==(const PatchStat&) const = default;
};

// Why an edit under the prefix is not in the patch.
enum class Excluded { RefusedName, NoBytes, OtherKind };

struct ExcludedPath {
    std::string path; // relative to the workspace
    Excluded why = Excluded::RefusedName;
    bool operator==(const ExcludedPath&) const = default;
};

struct Patch {
    std::string text; // empty when nothing changed that git can hold
    PatchStat stat;
    std::vector<ExcludedPath> excluded;
};

[[nodiscard]] Result<Patch> makePatch(std::span<const PathEdit> edits, const PatchOptions& options = {});
[[nodiscard]] Result<Patch> makePatch(std::span<const execution::FileEdit> edits, const PatchOptions& options = {});

} // namespace gatehouse::workspace
