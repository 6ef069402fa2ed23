// Runs for tests and pictures: real journals, written by the real writer, of a made-up repair of a small script.
//
// A SampleProject is a folder with documents; its runs are written step by step, so that a test can look between two of them.
#pragma once

#include "core/approval/presentation.h"
#include "core/approval/request.h"
#include "core/base/clock.h"
#include "core/journal/writer.h"

#include <nlohmann/json.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <string>

namespace gatehouse::test {

// Goes on by itself, a little with every look, so that durations are never 0 and always the same.
class SteppingClock final : public Clock {
public:
    explicit SteppingClock(std::int64_t startMilliseconds);
    [[nodiscard]] std::chrono::sys_time<std::chrono::milliseconds> now() const override;
    [[nodiscard]] std::int64_t boottimeNanoseconds() const override;
    [[nodiscard]] std::string bootId() const override { return "5f0c2f8e-7d6b-4c4e-9d5a-1f2e3d4c5b6a"; }
    void advance(std::int64_t milliseconds) { m_milliseconds += milliseconds; }

private:
    mutable std::int64_t m_milliseconds;
};

// gatehouse.json, a workflow, a policy, a profile.
void writeSampleProject(const std::string& directory);

class SampleRun {
public:
    // Makes <project>/.gatehouse/runs/<a new id>; ages the run by that much, so that several are in order.
    SampleRun(const std::string& project, const std::string& name, std::int64_t minutesAgo = 0);

    [[nodiscard]] const std::string& directory() const { return m_directory; }
    [[nodiscard]] journal::Writer& writer() { return *m_writer; }
    [[nodiscard]] SteppingClock& clock() { return m_clock; }

    void open(const std::string& task = "Read task.md and make the test pass.");
    void modelTurn(const std::string& says, std::int64_t milliseconds = 1900);
    // A call that the policy allows and that ends with this status.
    void command(const std::string& command, int status, const std::string& output, const std::string& errorOutput = {});
    // The same in parts: what a running command has written, and its end with what no chunk has.
    void startCommand(const std::string& command);
    void output(const std::string& bytes, const char* stream = "output");
    void endCommand(int status, const std::string& rest = {}, const std::string& errorRest = {});
    void deniedCommand(const std::string& command);
    // Of what is asked for from now on.
    void setTimeToDecide(std::chrono::milliseconds time) { m_timeToDecide = time; }
    // Asks for a patch; the request's id.
    std::string askForPatch();
    // Asks for a command whose bytes are these; the request's id.
    std::string askForCommand(const std::string& command);
    void resolve(const std::string& approval, approval::VoteDecision decision, const std::string& principal = "ann",
                 const std::string& channel = "command-line");
    void applyPatch(const std::string& approval);
    void pause(const std::string& why = "approval");
    void finish(const std::string& final = "Both defects are mended.");
    void finishDenied();
    // Ends the writer's life; its lock is free.
    void close() { m_writer.reset(); }
    // Many short calls, for tests of scale.
    void manyCalls(int count);
    // Model turns and commands until there are that many records, some denied, some after a wait for a person; synced once.
    void longWork(int records);

private:
    void append(journal::EventType type, nlohmann::json data, journal::Actor actor = {journal::ActorKind::System, "engine"});
    [[nodiscard]] nlohmann::json payload(std::string_view bytes);
    std::string request(const std::string& tool, const execution::PreparedCall& prepared, const std::string& arguments);

    std::chrono::milliseconds m_timeToDecide = std::chrono::hours(4);
    SteppingClock m_clock;
    std::string m_directory;
    std::string m_run;
    std::unique_ptr<journal::Writer> m_writer;
    std::string m_span;
    std::string m_binding;                      // of the last request
    std::array<std::size_t, 2> m_streamed = {}; // bytes of the running command in chunks
    int m_calls = 0;
    int m_turns = 0;
    int m_records = 0;
    bool m_syncsEach = true;
};

// The patch of the sample, as the workspace writes it.
[[nodiscard]] const std::string& samplePatch();
// The project with a finished run, one that was denied, one that goes on, one that waits for a person.
void writeSampleProjectWithRuns(const std::string& directory);

} // namespace gatehouse::test
