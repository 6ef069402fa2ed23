#include "core/engine/runstore.h"

#include "core/approval/approvalstate.h"
#include "core/engine/approvalgate.h"
#include "core/engine/events.h"
#include "core/engine/recorder.h"
#include "core/engine/runpaths.h"
#include "core/journal/inbox.h"
#include "core/journal/lock.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

namespace gatehouse::engine {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

using Time = std::chrono::steady_clock;

constexpr std::size_t readBatch = 1024;
// A run's folder, its lock and its first record do not come at one moment; a run that stays without a record is told as unreadable.
constexpr auto beginningPatience = 1s;
// How long a live writer may take to answer; it looks at its inbox at least twice a second.
constexpr auto writerPatience = 20s;

Result<std::vector<journal::Record>> allRecords(journal::Reader& reader)
{
    std::vector<journal::Record> out;
    for (;;) {
        GH_ASSIGN(std::vector<journal::Record> batch, reader.readFrom(out.size(), readBatch));
        if (batch.empty())
            return out;
        std::ranges::move(batch, std::back_inserter(out));
    }
}

// NotFound: it has no journal, or no record in it.
Result<approval::ApprovalState> approvalsOf(const std::string& directory)
{
    GH_ASSIGN(journal::Reader reader, journal::Reader::open(directory));
    GH_ASSIGN(const auto records, allRecords(reader));
    if (records.empty())
        return fail(ErrorCode::NotFound, directory, "The run has no record");
    return approval::ApprovalState::fold(records);
}

// Nothing: the run is being made, so nothing can wait in it. That a writer lives is the kernel's word, never a claim in the folder.
Result<std::optional<approval::ApprovalState>> approvalsOnceBegun(const std::string& directory, Time::time_point patience)
{
    for (;;) {
        // Asked first: a writer that ended in between has left its records.
        const bool alive = journal::isWriterAlive(directory);
        auto state = approvalsOf(directory);
        if (state)
            return *std::move(state);
        if (state.error().code != ErrorCode::NotFound)
            return std::unexpected(std::move(state).error());
        // One that lost a file is damaged, not being made.
        const bool begun = journal::hasBegun(directory);
        if (alive && !begun)
            return std::nullopt;
        // A journal that has just got its first record is read again; a lost file stays lost.
        if (Time::now() > patience)
            return fail(ErrorCode::Corrupt, directory, "The run's files are missing or hold no record, and nobody is making it");
        std::this_thread::sleep_for(10ms);
    }
}

// The reason of an error's text, when its place is said anyway.
std::string withoutPlace(std::string text, const std::string& place)
{
    return text.starts_with(place + ": ") ? text.substr(place.size() + 2) : text;
}

// The record by which the writer answered a message: the vote itself, or the rejection that names it.
Result<bool> answered(journal::Reader& reader, std::uint64_t& seen, const approval::Vote& vote, const std::string& message)
{
    for (;;) {
        GH_ASSIGN(const auto batch, reader.readFrom(seen, readBatch));
        if (batch.empty())
            return false;
        for (const journal::Record& record : batch) {
            ++seen;
            if (record.type == journal::EventType::InboxRejected && record.data.value("name", "") == message)
                return fail(ErrorCode::InvalidInput, vote.id.text(),
                            Message("The vote does not count: %1", {withoutPlace(record.data.value("why", ""), vote.id.text())}));
            if (record.type == journal::EventType::ApprovalVote && record.data.value("inbox", "") == message)
                return true;
        }
    }
}

} // namespace

RunStore::RunStore(std::string project) : m_project(std::move(project)) { }

std::vector<RunId> RunStore::ids() const
{
    std::vector<RunId> out;
    std::error_code error;
    for (std::filesystem::directory_iterator it(runsDirectory(m_project), error), end; !error && it != end; it.increment(error)) {
        if (it->is_directory(error) && it->path().filename().string().size() == 36)
            out.emplace_back(it->path().filename().string());
    }
    // Version 7 ids sort by time.
    std::ranges::sort(out, std::greater<>());
    return out;
}

std::vector<StoredRun> RunStore::list() const
{
    std::vector<StoredRun> out;
    for (const RunId& id : ids()) {
        StoredRun run{id, runsDirectory(m_project) + '/' + id.text(), {}, false, {}};
        run.writerAlive = journal::isWriterAlive(run.directory);
        auto reader = journal::Reader::open(run.directory);
        auto state = reader ? journal::foldRun(*reader) : std::unexpected(reader.error());
        if (state)
            run.state = *std::move(state);
        else
            run.damage = journal::namedByVerify(run.directory, std::move(state).error()).toString();
        out.push_back(std::move(run));
    }
    return out;
}

Result<std::string> RunStore::find(const std::string& word) const
{
    const std::vector<RunId> all = ids();
    if (word == "last" && !all.empty())
        return runsDirectory(m_project) + '/' + all.front().text();
    std::vector<RunId> matching;
    std::ranges::copy_if(all, std::back_inserter(matching), [&](const RunId& id) { return !word.empty() && id.text().starts_with(word); });
    if (matching.size() == 1)
        return runsDirectory(m_project) + '/' + matching.front().text();
    if (matching.size() > 1)
        return fail(ErrorCode::InvalidInput, word, Message("%1 runs begin with this", {std::to_string(matching.size())}),
                    "Give more of the id");
    for (const StoredRun& run : list()) {
        if (run.state.name == word)
            return run.directory;
    }
    return fail(ErrorCode::NotFound, word, "There is no such run in this project", "gatehouse runs lists them");
}

StoredApprovals RunStore::approvals() const
{
    StoredApprovals out;
    const auto patience = Time::now() + beginningPatience; // for all runs together
    std::vector<RunId> oldestFirst = ids();
    std::ranges::reverse(oldestFirst);
    for (const RunId& id : oldestFirst) {
        const std::string directory = runsDirectory(m_project) + '/' + id.text();
        auto state = approvalsOnceBegun(directory, patience);
        if (!state) {
            out.unreadable.push_back({id, journal::namedByVerify(directory, std::move(state).error())});
            continue;
        }
        if (!*state)
            continue;
        for (const approval::RequestStatus* status : (*state)->all())
            out.approvals.push_back({id, directory, *status});
    }
    std::ranges::stable_partition(out.approvals, [](const StoredApproval& approval) { return approval.status.open(); });
    return out;
}

Result<StoredApproval> RunStore::findApproval(const std::string& id) const
{
    StoredApprovals all = approvals();
    std::vector<StoredApproval> matching;
    for (StoredApproval& approval : all.approvals) {
        if (approval.status.request.id.text() == id)
            return std::move(approval);
        if (!id.empty() && approval.status.request.id.text().starts_with(id))
            matching.push_back(std::move(approval));
    }
    // What lies in a run that can't be read may be what was meant.
    if (!all.unreadable.empty()) {
        Error error = std::move(all.unreadable.front().error);
        error.advice = "A run that can't be read may hold the one that is meant: give the whole id";
        return std::unexpected(std::move(error));
    }
    if (matching.size() == 1)
        return std::move(matching.front());
    if (matching.empty())
        return fail(ErrorCode::NotFound, id, "There is no such approval in this project", "gatehouse approvals list shows them");
    return fail(ErrorCode::InvalidInput, id, Message("%1 approvals begin with this", {std::to_string(matching.size())}),
                "Give more of the id");
}

Result<std::string> RunStore::presentation(const StoredApproval& approval) const
{
    GH_ASSIGN(journal::Reader reader, journal::Reader::open(approval.directory));
    GH_ASSIGN(const auto records, reader.readFrom(approval.status.seq, 1));
    if (records.empty() || !records.front().data.contains("presentation"))
        return fail(ErrorCode::Corrupt, approval.status.request.id.text(), "The request's record is not where it was");
    return reader.payload(records.front().data["presentation"]);
}

// Through the writer's inbox. False: the writer is gone and never took the message, which is taken back.
static Result<bool> voteThroughInbox(const std::string& directory, const approval::Vote& vote)
{
    GH_ASSIGN(journal::Reader reader, journal::Reader::open(directory));
    GH_ASSIGN(const auto before, allRecords(reader));
    std::uint64_t seen = before.size();
    json message = approval::toJson(vote);
    message["kind"] = "vote";
    GH_ASSIGN(const std::string name, journal::Inbox::post(directory, message));
    for (const auto until = Time::now() + writerPatience; Time::now() < until;) {
        const bool alive = journal::isWriterAlive(directory);
        GH_ASSIGN(const bool done, answered(reader, seen, vote, name));
        if (done)
            return true;
        if (!alive) {
            GH_ASSIGN(const journal::Inbox inbox, journal::Inbox::open(directory));
            GH_TRY(inbox.remove(name));
            return false;
        }
        std::this_thread::sleep_for(20ms);
    }
    return fail(ErrorCode::Busy, vote.id.text(), "The run's writer did not answer yet; the vote stays in its inbox",
                "gatehouse approvals list shows what became of it");
}

static Result<void> refuseFinished(const std::string& directory)
{
    GH_ASSIGN(journal::Reader reader, journal::Reader::openVerified(directory));
    GH_ASSIGN(const journal::RunState state, journal::foldRun(reader));
    if (state.phase == journal::RunPhase::Finished || state.phase == journal::RunPhase::Closed)
        return fail(ErrorCode::InvalidInput, state.run.text(), "The run is finished");
    return {};
}

Result<approval::RequestStatus> RunStore::vote(const StoredApproval& approval, const approval::Vote& vote, Clock& clock) const
{
    GH_TRY(refuseFinished(approval.directory));
    for (bool counted = false; !counted;) {
        auto recorder = Recorder::open(approval.directory, clock);
        if (!recorder && recorder.error().code != ErrorCode::Busy)
            return std::unexpected(recorder.error());
        if (recorder) {
            const auto judged = voteOn(**recorder, vote);
            // The opening was recorded; a vote that does not count must not leave the run unsealed.
            GH_TRY((*recorder)->seal());
            GH_TRY(judged);
            counted = true;
        } else {
            GH_ASSIGN(counted, voteThroughInbox(approval.directory, vote));
        }
    }
    GH_ASSIGN(const approval::ApprovalState state, approvalsOf(approval.directory));
    const approval::RequestStatus* status = state.find(vote.id);
    if (!status)
        return fail(ErrorCode::NotFound, vote.id.text(), "There is no such approval in this run");
    return *status;
}

Result<void> RunStore::control(const std::string& directory, const json& message, Clock& clock) const
{
    const std::string kind = message.value("kind", "");
    const std::string from = message.value("from", "");
    // What is refused must not leave a record: opening the writer is one.
    GH_TRY(refuseFinished(directory));
    if (journal::isWriterAlive(directory)) {
        GH_TRY(journal::Inbox::post(directory, message));
        return {};
    }
    if (kind != "stop")
        return fail(ErrorCode::InvalidInput, directory, "No process works on this run", "gatehouse resume goes on with it");
    auto recorder = Recorder::open(directory, clock);
    if (!recorder)
        return std::unexpected(recorder.error());
    std::vector<journal::Event> events;
    for (const approval::RequestStatus* status : (*recorder)->approvals().open())
        events.push_back(
            systemEvent(journal::EventType::ApprovalWithdrawn, {{"id", status->request.id.text()}, {"cause", "the run was stopped"}}));
    events.push_back(humanEvent(journal::EventType::ControlReceived, from, {{"kind", kind}, {"from", from}}));
    events.push_back(systemEvent(journal::EventType::RunFinished, {{"outcome", "cancelled"}, {"error", "stopped by " + from}}));
    GH_TRY((*recorder)->commit(std::move(events)));
    return (*recorder)->seal();
}

} // namespace gatehouse::engine
