// A workspace in memory with a base and a now, at the seam of WorkspaceReader; counts what was read.
#pragma once

#include "core/execution/workspacereader.h"
#include "core/foundation/sha256.h"

#include <map>
#include <set>
#include <string>

namespace gatehouse::test {

using execution::FileContent;
using execution::FileKind;

struct FakeFile {
    FileKind kind = FileKind::Regular;
    std::uint32_t mode = 0644;
    std::string bytes;
};

class FakeWorkspace final : public execution::WorkspaceReader {
public:
    std::map<std::string, FakeFile> base;
    std::map<std::string, FakeFile> now;
    std::set<std::string> forbidden; // reading gives PermissionDenied
    mutable std::set<std::string> readPaths;
    mutable std::uint64_t largestRead = 0;

    Result<FileContent> read(const std::string& path, std::uint64_t maximum) const override { return look(now, path, maximum); }
    Result<FileContent> readBase(const std::string& path, std::uint64_t maximum) const override { return look(base, path, maximum); }

    Result<execution::FileDigest> digest(const std::string& path, std::uint64_t maximum) const override
    {
        const auto found = now.find(path);
        if (found == now.end() || found->second.bytes.size() > maximum)
            return fail(ErrorCode::Limit, path, "too large");
        return execution::FileDigest{stateOf(found->second), sha256Hex(found->second.bytes)};
    }

    Result<std::vector<execution::DirectoryEntry>> list(const std::string& path) const override
    {
        std::vector<execution::DirectoryEntry> out;
        const std::string prefix = path.empty() ? "" : path + '/';
        for (const auto& [name, file] : now)
            if (name.starts_with(prefix) && name.find('/', prefix.size()) == std::string::npos)
                out.push_back({name.substr(prefix.size()), file.kind});
        return out;
    }

    // Every path that differs, as a backend would list it.
    execution::ChangeSet changes() const
    {
        std::set<std::string> paths;
        for (const auto* side : {&base, &now})
            for (const auto& [path, file] : *side)
                paths.insert(path);
        execution::ChangeSet set;
        for (const std::string& path : paths)
            set.changes.push_back({path, stateAt(base, path), stateAt(now, path)});
        return set;
    }

private:
    static execution::FileState stateOf(const FakeFile& file)
    {
        return {file.kind, file.mode, file.kind == FileKind::Directory ? 0 : file.bytes.size()};
    }
    static execution::FileState stateAt(const std::map<std::string, FakeFile>& side, const std::string& path)
    {
        const auto found = side.find(path);
        return found == side.end() ? execution::FileState{} : stateOf(found->second);
    }

    Result<FileContent> look(const std::map<std::string, FakeFile>& side, const std::string& path, std::uint64_t maximum) const
    {
        readPaths.insert(path);
        if (forbidden.contains(path))
            return fail(ErrorCode::PermissionDenied, path, "no");
        // A link or a file in the way: the real reader refuses to go through it.
        for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
            const auto above = side.find(path.substr(0, slash));
            if (above != side.end() && above->second.kind != FileKind::Directory)
                return fail(ErrorCode::PermissionDenied, path, "goes through a link");
        }
        const auto found = side.find(path);
        if (found == side.end())
            return FileContent{};
        const bool content = found->second.kind == FileKind::Regular || found->second.kind == FileKind::Symlink;
        if (content && found->second.bytes.size() > maximum)
            return fail(ErrorCode::Limit, path, "too large");
        if (content)
            largestRead = std::max<std::uint64_t>(largestRead, found->second.bytes.size());
        return FileContent{stateOf(found->second), content ? found->second.bytes : std::string()};
    }
};

} // namespace gatehouse::test
