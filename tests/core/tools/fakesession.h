// A sandbox session at the seam: files in memory, commands answered from a script, everything asked is kept.
#pragma once

#include "core/execution/sandbox.h"
#include "tests/core/workspace/fakeworkspace.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::test {

class FakeSession final : public execution::SandboxSession {
public:
    FakeWorkspace files;
    execution::ExecOutcome outcome;
    std::vector<execution::ExecRequest> requests;
    std::size_t commits = 0;
    std::optional<Error> failure; // of the sandbox itself

    const execution::IsolationReport& isolation() const override { return m_isolation; }
    const execution::WorkspaceReader& workspace() const override { return files; }

    Result<execution::ExecOutcome> exec(const execution::ExecRequest& request, execution::ExecObserver*, const CancelToken&) override
    {
        requests.push_back(request);
        if (failure)
            return std::unexpected(*failure);
        return outcome;
    }

    Result<execution::ChangeSet> commitFiles(const std::vector<execution::FileCommit>& wanted) override
    {
        if (failure)
            return std::unexpected(*failure);
        for (const execution::FileCommit& file : wanted) {
            const auto present = files.now.find(file.path);
            const bool asExpected = file.expectedSha256
                ? present != files.now.end() && sha256Hex(present->second.bytes) == *file.expectedSha256
                : present == files.now.end();
            if (!asExpected)
                return fail(ErrorCode::InvalidInput, file.path, "The file is not as expected");
        }
        ++commits;
        execution::ChangeSet changes;
        for (const execution::FileCommit& file : wanted) {
            if (file.bytes)
                files.now[file.path] = {file.kind, file.mode, *file.bytes};
            else
                files.now.erase(file.path);
            changes.changes.push_back({file.path, {}, {}});
        }
        return changes;
    }

    void close() override { }

private:
    execution::IsolationReport m_isolation{"fake", {}};
};

inline execution::ExecOutcome exited(int status, const std::string& output, const std::string& error = {})
{
    execution::ExecOutcome outcome;
    outcome.status = status;
    outcome.wall = std::chrono::milliseconds(1234);
    outcome.output = {output, {}, output.size()};
    outcome.error = {error, {}, error.size()};
    return outcome;
}

} // namespace gatehouse::test
