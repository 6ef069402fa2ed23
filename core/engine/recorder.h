// Recorder: the one way in which a run writes. What is written is at once applied to the run's state, read back from
// the journal itself, so that live and resumed runs can't come to differ.
//
// One thread (the run's). An error is ErrorCode::Record and final: a run that can't record stops.
#pragma once

#include "core/approval/approvalstate.h"
#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/engine/progress.h"
#include "core/engine/treestate.h"
#include "core/foundation/result.h"
#include "core/journal/event.h"
#include "core/journal/reader.h"
#include "core/journal/writer.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::engine {

class Recorder {
public:
    // A new run's journal, or an existing one's: that is verified whole first (ErrorCode::Corrupt names the record) and
    // folded. The lock is held as long as the recorder lives (ErrorCode::Busy names the process that has it).
    [[nodiscard]] static Result<std::unique_ptr<Recorder>> create(const std::string& runDirectory, const RunId& run,
                                                                  const std::string& executionClass, Clock& clock);
    [[nodiscard]] static Result<std::unique_ptr<Recorder>> open(const std::string& runDirectory, Clock& clock);

    // Written, durable with the next sync.
    [[nodiscard]] Result<void> note(journal::Event event);
    // One write and one sync for all of them, before this returns.
    [[nodiscard]] Result<void> commit(std::vector<journal::Event> events);
    // At pauses and at the end.
    [[nodiscard]] Result<void> seal();
    // A payload for an event: in the record when it is small, else in the blob pack.
    [[nodiscard]] Result<nlohmann::json> payload(std::string_view bytes);
    // Always in the pack, for records with many of them.
    [[nodiscard]] Result<nlohmann::json> blob(std::string_view bytes);
    [[nodiscard]] Result<std::string> bytes(const nlohmann::json& reference);
    // A record of this run, read back.
    [[nodiscard]] Result<journal::Record> record(std::uint64_t seq);

    [[nodiscard]] const Progress& progress() const { return m_progress; }
    [[nodiscard]] const approval::ApprovalState& approvals() const { return m_approvals; }
    [[nodiscard]] const TreeState& trees() const { return m_trees; }
    [[nodiscard]] approval::Moment now() const;
    [[nodiscard]] const RunId& run() const { return m_run; }
    [[nodiscard]] const std::string& directory() const { return m_directory; }
    [[nodiscard]] std::uint64_t size() const;
    // What the workspace was first made from: the receipts of the first sandbox.created; null before.
    [[nodiscard]] const nlohmann::json& receipts() const { return m_receipts; }
    // Of the policies that were last loaded.
    [[nodiscard]] const std::string& policyDigest() const { return m_policyDigest; }
    // How long earlier processes worked on this run, without pauses.
    [[nodiscard]] std::int64_t activeMilliseconds() const { return m_activeMilliseconds; }

private:
    Recorder(std::string directory, Clock& clock, std::unique_ptr<journal::Writer> writer, journal::Reader reader);
    [[nodiscard]] Result<void> catchUp();
    [[nodiscard]] Result<void> apply(const journal::Record& record);

    std::string m_directory;
    Clock& m_clock;
    std::unique_ptr<journal::Writer> m_writer;
    journal::Reader m_reader;
    std::uint64_t m_applied = 0;
    Progress m_progress;
    approval::ApprovalState m_approvals;
    TreeState m_trees;
    RunId m_run;
    nlohmann::json m_receipts;
    std::string m_policyDigest;
    std::int64_t m_activeMilliseconds = 0;
};

} // namespace gatehouse::engine
