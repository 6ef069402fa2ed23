#include "core/workflow/manifest.h"

namespace gatehouse::workflow {

namespace {

struct TypeName {
    std::string operator()(const FileEntry&) const { return "file"; }
    std::string operator()(const DirEntry&) const { return "dir"; }
    std::string operator()(const LocalFileEntry&) const { return "local_file"; }
    std::string operator()(const LocalDirEntry&) const { return "local_dir"; }
    std::string operator()(const GitRepoEntry&) const { return "git_repo"; }
    std::string operator()(const MountEntry& entry) const { return entry.type; }
};

} // namespace

std::string entryTypeName(const ManifestEntry& entry)
{
    return std::visit(TypeName(), entry.content);
}

} // namespace gatehouse::workflow
