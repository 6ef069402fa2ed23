// The approvals of a run as its journal tells them: a fold over records. One thread.
//
// What the journal does not say has not happened: a crash leaves a request pending, never approved. A record that does not fit
// the state machine is ErrorCode::Corrupt and changes nothing.
#pragma once

#include "core/approval/request.h"
#include "core/foundation/result.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::journal {
struct Record;
}

namespace gatehouse::approval {

class ApprovalState {
public:
    [[nodiscard]] static Result<ApprovalState> fold(std::span<const journal::Record> records);
    // Records of other kinds are passed over.
    [[nodiscard]] Result<void> apply(const journal::Record& record);

    [[nodiscard]] const RequestStatus* find(const ApprovalId& id) const;
    // Undecided ones, oldest first.
    [[nodiscard]] std::vector<const RequestStatus*> open() const;
    // Open ones first, each group oldest first.
    [[nodiscard]] std::vector<const RequestStatus*> all() const;

private:
    std::vector<RequestStatus> m_requests; // in the order of the journal
    std::map<ApprovalId, std::size_t> m_index;
};

} // namespace gatehouse::approval
