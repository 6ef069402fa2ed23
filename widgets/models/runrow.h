// What a run's records say, in rows: a model turn, a tool call with its decision and approval, a limit, the outcome.
//
// Immutable values made by RunFold on the reader's thread and shown by models; shared by pointer, never changed: a row that
// learns more (a call that ends) is replaced by a new one. Texts from outside are bytes as journaled; views escape them.
#pragma once

#include "core/approval/presentation.h"
#include "core/approval/request.h"
#include "core/policy/decision.h"
#include "widgets/diff/diffdocument.h"
#include "widgets/diff/difftext.h"

#include <nlohmann/json.hpp>

#include <QMetaType>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::widgets {

enum class RowKind { Task, Model, Call, Decision, Retry, Sandbox, Egress, Journal, Limit, Control, Pause, Outcome };

enum class RowState {
    Note,    // says something, has no outcome
    Running, // not over yet
    Asks,    // waits for a person
    Allowed, // decided, not over
    Done,
    Failed,  // exit status, error, limit
    Denied,  // by policy or person
    Unknown, // claimed by a writer that died
};

struct RunRow {
    RowKind kind = RowKind::Journal;
    RowState state = RowState::Note;
    std::uint64_t firstSeq = 0;
    std::vector<std::uint64_t> records; // seqs, in order
    std::string wall;                   // of the first record
    std::string agent;                  // who acts: an agent, "policy", a person
    std::string title;                  // the tool, or empty: the kind's name
    std::string summary;                // one line: what is done
    std::string outcome;                // one word or two beside the state: "exit 1"
    std::int64_t durationMs = -1;       // −1: not known
    // Milliseconds since 1970 by RunClock; −1: not (yet). A row that is no interval ends when it begins.
    std::int64_t startMs = 0;
    std::int64_t endMs = -1;
    std::int64_t askedMs = -1; // a person was asked
    std::int64_t answeredMs = -1;
    std::int64_t actingMs = -1; // its effect began
    std::string call;           // the model's id of the call
    std::string approval;       // id of the request, if a person was asked
    std::vector<policy::Decision> decisions;
    // Payload references of the journal; null: none.
    nlohmann::json text;      // the task
    nlohmann::json arguments; // of a call
    nlohmann::json patch;
    bool executed = false; // the call's effect is over and had output, if only an empty one
    int filesChanged = 0;
    int linesAdded = 0;
    int linesRemoved = 0;
};
using RowPtr = std::shared_ptr<const RunRow>;

// A presentation as lines. Made by the reader: a large one takes longer than a frame of the window.
struct ApprovalText {
    std::vector<CodeLine> payload; // what runs, whole
    DiffText diff;                 // what it changes, as the card shows it
    DiffDocumentPtr changes;       // the same for the details; null: nothing
};

// A request for approval as the journal tells it, with what is to be shown while it is open.
struct ApprovalItem {
    approval::RequestStatus status;
    std::shared_ptr<const approval::Presentation> presentation; // open requests only
    std::shared_ptr<const ApprovalText> text;
    std::string presentationDigest;
    std::string problem; // why it can't be shown, and so not be approved
    std::string runDirectory;
    std::string runName;
    std::string agent;
    std::string requestedWall;
    std::string resolvedBy; // "one person"
};
using ApprovalPtr = std::shared_ptr<const ApprovalItem>;

enum class RunProgress { Running, Waiting, Paused, Finished, Failed, Denied, Interrupted, Damaged };

struct LayerFact {
    std::string layer;
    std::string state;
    std::string why;
};

// Nothing ran: no model was asked, no effect was on its way. Milliseconds since 1970 by RunClock.
struct IdleStretch {
    std::int64_t fromMs = 0;
    std::int64_t toMs = 0;
    bool operator==(const IdleStretch&) const = default;
};

// The run as a whole.
struct RunInfo {
    std::string directory;
    std::string id;
    std::string name;
    std::string workflow;
    std::string executionClass;
    std::string requester;
    std::string policyDigest;
    std::string profile;
    std::string openedAt;
    std::string updatedAt;
    std::string outcome;  // journaled words of the end or of the pause
    std::string deniedBy; // a person or a rule, when it ended because of that
    std::string ending;   // why it did not end well: the reason of the denial, or the error; can be empty
    RunProgress progress = RunProgress::Running;
    bool writerAlive = false;
    bool solo = false;
    bool over = false;       // finished, closed or abandoned
    bool idle = true;        // nothing runs since the last record
    std::int64_t lastMs = 0; // when that was, by RunClock
    std::uint64_t records = 0;
    std::uint64_t turns = 0;
    std::uint64_t toolCalls = 0;
    std::uint64_t denied = 0;
    std::uint64_t inputTokens = 0;
    std::uint64_t outputTokens = 0;
    std::int64_t maximumTurns = 0; // 0: none said
    int filesChanged = 0;
    int linesAdded = 0;
    int linesRemoved = 0;
    std::vector<LayerFact> layers;
    std::string problem; // why it can't be read further
};

// A row's payloads as lines, made by the reader as well.
struct DetailLines {
    std::vector<CodeLine> arguments;
    std::vector<CodeLine> records;
    DiffDocumentPtr changes; // null: none
};

// What one row is made of, loaded when it is selected; its output comes by itself, see RunFeed::followOutput.
struct RowDetail {
    std::uint64_t ticket = 0;
    RowPtr row;
    std::string arguments;
    std::string patch;
    std::vector<std::string> records;  // lines of the journal
    std::uint64_t outputRecords = 0;   // those beside them that hold output, which is shown as such
    std::vector<std::string> problems; // payloads that could not be read
    bool cut = false;                  // something was longer than what is shown
    DetailLines lines;
};

// What a reader found since the last one.
struct RunBatch {
    std::vector<std::pair<int, RowPtr>> changed;
    std::vector<RowPtr> appended;
    std::vector<IdleStretch> idle; // long ones that have ended since the last batch
    RunInfo info;
    std::vector<ApprovalPtr> approvals; // all of the run, oldest first
};

using RunBatchPtr = std::shared_ptr<const RunBatch>;
using RowDetailPtr = std::shared_ptr<const RowDetail>;

} // namespace gatehouse::widgets

Q_DECLARE_METATYPE(gatehouse::widgets::RunBatchPtr)
Q_DECLARE_METATYPE(gatehouse::widgets::RowDetailPtr)
