// RunFold: a run's records, one after the other, into rows. The same for a live run and a past one.
//
// Belongs to one reader; one thread. Missing or odd fields of a record leave their part of the row empty: the journal's own
// verification judges records, this only shows them.
#pragma once

#include "core/approval/approvalstate.h"
#include "core/journal/record.h"
#include "core/journal/runstate.h"
#include "widgets/models/outputindex.h"
#include "widgets/models/runclock.h"
#include "widgets/models/runrow.h"

#include <map>
#include <set>
#include <string>

namespace gatehouse::widgets {

class RunFold {
public:
    // An approval record that does not fit is the error; the record's row is there all the same.
    [[nodiscard]] Result<void> apply(const journal::Record& record);

    // Rows that are new or have changed since the last call, the new ones last.
    struct Changes {
        std::vector<std::pair<int, RowPtr>> changed;
        std::vector<RowPtr> appended;
        std::vector<IdleStretch> idle; // that have ended
    };
    [[nodiscard]] Changes takeChanges();
    [[nodiscard]] std::size_t rowCount() const { return m_rows.size(); }

    // The row that began with this record; −1: none did.
    [[nodiscard]] int rowFrom(std::uint64_t firstSeq) const;
    [[nodiscard]] const RunRow& row(int row) const { return m_rows[std::size_t(row)]; }
    // What the rows say and write, by row.
    [[nodiscard]] const OutputIndex& output() const { return m_output; }

    [[nodiscard]] RunInfo info() const;
    [[nodiscard]] const approval::ApprovalState& approvals() const { return m_approvals; }
    // The data of approval.requested, for the payload references; null when there is no such request.
    [[nodiscard]] const nlohmann::json& requestData(const ApprovalId& id) const;
    [[nodiscard]] std::string resolvedBy(const ApprovalId& id) const;
    [[nodiscard]] std::string agentOf(const ApprovalId& id) const;

private:
    using Record = journal::Record;
    int addRow(const Record& record, RowKind kind, RowState state);
    RunRow& touch(int row, const Record& record);
    // The row of the record's call, effect, approval or span; −1: none.
    [[nodiscard]] int rowOf(const Record& record) const;
    void remember(const Record& record, int row);

    void applyRun(const Record& record);
    void applyModel(const Record& record);
    void applyTool(const Record& record);
    void applyEffect(const Record& record);
    void addVote(const Record& record, const std::string& about);
    void applyApproval(const Record& record);
    void applyPolicy(const Record& record);
    void applyOutput(const Record& record);
    void applyStep(const Record& record);
    void applySandbox(const Record& record);
    void applyLimit(const Record& record);
    void applyOther(const Record& record);
    void applyEgress(const Record& record);
    void finish(int row, const Record& record);
    // Whether something goes on between the last record and this one.
    [[nodiscard]] bool isBusyUntil(const Record& record) const;
    void noteTime(const Record& record);
    // When the rows that the record spoke of begin to be over.
    void noteEnds();

    std::vector<RunRow> m_rows;
    std::set<int> m_changed;
    std::vector<int> m_touched; // by the record in hand
    std::size_t m_taken = 0;    // rows delivered
    std::map<std::string, int> m_bySpan;
    std::map<std::string, int> m_byCall;
    std::map<std::string, int> m_byEffect;
    std::map<std::string, int> m_byApproval;
    std::map<std::string, nlohmann::json> m_requests;
    std::map<std::string, std::string> m_resolvedBy;
    std::map<std::string, std::string> m_agents;
    std::map<int, std::string> m_startedMono; // "boot ns" of the record from which a row's time counts
    approval::ApprovalState m_approvals;
    journal::RunState m_state;
    OutputIndex m_output;
    RunInfo m_info;
    // The last, whoever it was.
    struct Denial {
        std::string by; // a person or a rule; empty: nothing allowed it
        std::string why;
    };
    Denial m_denial;
    int m_modelRow = -1;
    RunClock m_clock;
    std::int64_t m_now = 0; // of the record in hand
    std::string m_boot;     // of the record before
    std::vector<IdleStretch> m_idle;
    std::string m_agent; // of the last model request
};

} // namespace gatehouse::widgets
