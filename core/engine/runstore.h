// RunStore: the runs of a project, found by people's words, and the approvals over all of them.
//
// Reads journals only; what it says is what they say. Values; any thread, one at a time.
#pragma once

#include "core/approval/request.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/foundation/result.h"
#include "core/journal/runstate.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace gatehouse::engine {

struct StoredRun {
    RunId id;
    std::string directory;
    journal::RunState state;
    bool writerAlive = false;
    std::string damage; // why its journal could not be read; then state may be empty
};

struct StoredApproval {
    RunId run;
    std::string directory;
    approval::RequestStatus status;
};

struct UnreadableRun {
    RunId run;
    Error error;
};

struct StoredApprovals {
    std::vector<StoredApproval> approvals; // open ones first, each group oldest first
    // What waits in these can't be known: that is said, never passed over. A run that is being made is not among them.
    std::vector<UnreadableRun> unreadable;
};

class RunStore {
public:
    explicit RunStore(std::string project);

    // Newest first. A run that can't be read is listed with its damage.
    [[nodiscard]] std::vector<StoredRun> list() const;
    // The folder of a run: an id, a unique beginning of one, a name (the newest so called), or "last".
    [[nodiscard]] Result<std::string> find(const std::string& word) const;
    [[nodiscard]] StoredApprovals approvals() const;
    // By id or a unique beginning; a beginning is unique only when every run can be read.
    [[nodiscard]] Result<StoredApproval> findApproval(const std::string& id) const;
    // The stored presentation of a request, as canonical JSON.
    [[nodiscard]] Result<std::string> presentation(const StoredApproval& approval) const;
    // Gives a vote to the run: to its writer through the inbox and waits for the record, or, when none is alive, writes it.
    [[nodiscard]] Result<approval::RequestStatus> vote(const StoredApproval& approval, const approval::Vote& vote, Clock& clock) const;
    // A control for the run's writer, {"kind": "stop" | "pause" | "say", "from", …}; a run that nobody writes is stopped here.
    [[nodiscard]] Result<void> control(const std::string& directory, const nlohmann::json& message, Clock& clock) const;

private:
    [[nodiscard]] std::vector<RunId> ids() const;

    std::string m_project;
};

} // namespace gatehouse::engine
