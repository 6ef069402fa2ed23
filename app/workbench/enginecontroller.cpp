#include "app/workbench/enginecontroller.h"

#include "core/approval/request.h"
#include "core/journal/inbox.h"

#include <nlohmann/json.hpp>

#include <pwd.h>
#include <unistd.h>

namespace gatehouse::workbench {

EngineController::EngineController(const std::string& projectDirectory, QObject* parent)
    : RunController(parent), m_projectDirectory(projectDirectory)
{
}

// Answers come after the call has returned, always.
quint64 EngineController::failLater(Error error)
{
    const quint64 token = ++m_lastToken;
    QMetaObject::invokeMethod(
        this, [this, token, error = std::move(error)] { Q_EMIT failed(token, error); }, Qt::QueuedConnection);
    return token;
}

quint64 EngineController::startRun(const std::string& workflowPath, const std::string&, const widgets::RunOptions&)
{
    return failLater({ErrorCode::Unsupported, workflowPath, "This build can't start runs", "run it with “gatehouse run”; it appears here"});
}

quint64 EngineController::resumeRun(const std::string& runDirectory)
{
    return failLater({ErrorCode::Unsupported, runDirectory, "This build can't resume runs", "resume it with “gatehouse resume”; it goes on here"});
}

void EngineController::stopRun(const std::string& runDirectory)
{
    if (auto posted = journal::Inbox::post(runDirectory, {{"kind", "stop"}, {"from", principal()}}); !posted)
        Q_EMIT failed(0, posted.error());
}

void EngineController::vote(const std::string& runDirectory, const approval::Vote& vote)
{
    if (auto posted = journal::Inbox::post(runDirectory, {{"kind", "vote"}, {"vote", approval::toJson(vote)}}); !posted)
        Q_EMIT failed(0, posted.error());
}

void EngineController::notePresented(const std::string&, const std::string&, const std::string&)
{
}

bool EngineController::hasLiveRuns() const
{
    return false;
}

std::string EngineController::principal() const
{
    const passwd* user = ::getpwuid(::geteuid());
    return user ? user->pw_name : std::to_string(::geteuid());
}

} // namespace gatehouse::workbench
