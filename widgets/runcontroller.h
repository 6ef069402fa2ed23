// RunController: what the window asks of the engine; app implements it. Everything that happens comes back through the journal:
// the window never shows an answer from here as a fact about a run. GUI thread; calls return at once.
#pragma once

#include <QObject>

#include "core/foundation/error.h"

#include <string>

namespace gatehouse::approval {
struct Vote;
}

namespace gatehouse::widgets {

struct RunOptions {
    std::string name;           // empty: the workflow's
    std::string executionClass; // empty: the workflow's
    double tokensPerSecond = 0; // of scripted models: a pace that a person can watch; 0: as the script says
};

// How the runs of this process end when it lets go of them. One that waits for a person is paused in both cases and stays pending.
enum class RunsEnd {
    Pause, // the step that is going on ends, then the run can be resumed
    Stop,  // now and for good
};

class RunController : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunController)
public:
    using QObject::QObject;

    // Exactly one of runStarted and failed answers, with this token.
    virtual quint64 startRun(const std::string& workflowPath, const std::string& task, const RunOptions& options) = 0;
    // Goes on with a paused or interrupted run. Answers like startRun.
    virtual quint64 resumeRun(const std::string& runDirectory) = 0;
    // Whoever writes the run: this process, or another through the run's inbox.
    virtual void stopRun(const std::string& runDirectory) = 0;
    // vote.binding is what the card was made of; a vote on anything else is refused by the writer. A vote that does not count comes
    // back as voteRefused.
    virtual void vote(const std::string& runDirectory, const approval::Vote& vote) = 0;
    // The card with this digest was on screen: journaled once as approval.presented.
    virtual void notePresented(const std::string& runDirectory, const std::string& approvalId, const std::string& presentationDigest) = 0;
    // A run of this process works, so it does not wait for a person: letting go of it loses something, so the window asks.
    [[nodiscard]] virtual bool hasWorkingRuns() const = 0;
    // This process writes the run.
    [[nodiscard]] virtual bool isWriting(const std::string& runDirectory) const = 0;
    // runsEnded answers, at once when there is none.
    virtual void endRuns(RunsEnd how) = 0;
    // As whom votes are given.
    [[nodiscard]] virtual std::string principal() const = 0;

Q_SIGNALS:
    void runStarted(quint64 token, const QString& runDirectory);
    // token 0: not of a start or resume, such as a stop that could not be sent.
    void failed(quint64 token, const gatehouse::Error& error);
    void voteRefused(const QString& approvalId, const gatehouse::Error& error);
    void runsEnded();
};

} // namespace gatehouse::widgets
