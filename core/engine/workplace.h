// Workplace: the sandbox of a run with its host folders, from manifest to clean-up.
//
// open() and the other blocking calls run on a background thread, one at a time; the destructor ends every process in
// the sandbox and removes its folders. The folders are private (0700), beneath a root of ours, never in the project.
#pragma once

#include "core/engine/runplan.h"
#include "core/execution/sandbox.h"
#include "core/foundation/cancel.h"
#include "core/foundation/result.h"
#include "core/manifest/materialise.h"
#include "core/workspace/collectedits.h"
#include "core/workspace/knownstate.h"

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::engine {

class Workplace {
public:
    // root: an existing or creatable folder of ours, such as the user's cache folder.
    [[nodiscard]] static Result<std::unique_ptr<Workplace>> open(const RunPlan& plan, execution::SandboxBackend& sandboxes,
                                                                 const std::string& root, const std::string& run,
                                                                 const CancelToken& cancel);
    ~Workplace();
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;

    [[nodiscard]] const std::vector<manifest::Receipt>& receipts() const { return m_receipts; }
    // SHA-256 of the project's tool programs as this sandbox sees them: a copy, so that they stay what was approved. Empty: none.
    [[nodiscard]] const std::string& toolsDigest() const { return m_toolsDigest; }
    [[nodiscard]] execution::SandboxSession& session() { return *m_session; }
    [[nodiscard]] const execution::SandboxSpec& spec() const { return m_spec; }
    // Brings a fresh workspace to what the run last left.
    [[nodiscard]] Result<void> rebuild(const workspace::KnownState& known, const workspace::BytesSource& source);

private:
    Workplace() = default;

    std::string m_folder;
    execution::SandboxSpec m_spec;
    std::vector<manifest::Receipt> m_receipts;
    std::string m_toolsDigest;
    std::unique_ptr<execution::SandboxSession> m_session;
};

} // namespace gatehouse::engine
