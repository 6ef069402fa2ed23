// The manifest: what the workspace of a fresh sandbox contains. Read from a workflow; carried out by core/manifest. Values.
//
// Paths are plain (no "..", no ".", no backslash, not absolute), relative to the workspace, no two the same, and nothing stands
// beneath a file. Children of a dir entry are entries of their own here, after their parent. Sources are absolute host paths that
// lay within the project (or a grant) when the document was read; who copies must look again, beneath a descriptor.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gatehouse::workflow {

struct FileEntry {
    std::string content; // UTF-8
};
struct DirEntry { };
struct LocalFileEntry {
    std::string source;
};
struct LocalDirEntry {
    std::string source;
};
struct GitRepoEntry {
    std::string host;    // "local" or a host name
    std::string repo;    // host "local": an absolute path; else owner/name
    std::string ref;     // 7 to 40 lower-case hexadecimal digits, or a branch or tag name; "" means HEAD
    std::string subpath; // plain; "" means all
};
// s3_mount and its kin: kept as written, not carried out by this version.
struct MountEntry {
    std::string type;
    nlohmann::json fields;
};

struct ManifestEntry {
    std::string path;
    std::variant<FileEntry, DirEntry, LocalFileEntry, LocalDirEntry, GitRepoEntry, MountEntry> content;
    std::string description;
    bool ephemeral = false;
    std::optional<std::uint32_t> mode; // permission bits; absent: 0644 for files, 0755 for folders, as the commit says in a git entry
    std::string where;                 // "file:line:column" of its key
};

// "file", "dir", "local_file", "local_dir", "git_repo", "s3_mount", …
[[nodiscard]] std::string entryTypeName(const ManifestEntry& entry);

struct Manifest {
    std::string root = "/workspace";
    std::vector<ManifestEntry> entries;             // parents before children, else in order of path
    std::map<std::string, std::string> environment; // names are [A-Za-z_][A-Za-z0-9_]*, none begins with GATEHOUSE_
};

} // namespace gatehouse::workflow
