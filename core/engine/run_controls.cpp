// What people say to a run while it goes on: votes, words, stop, pause.
#include "core/engine/run.h"

#include "core/engine/controls.h"
#include "core/engine/events.h"

#include <nlohmann/json.hpp>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

void Run::requestOpened(const std::string& id)
{
    const approval::RequestStatus* status = m_recorder->approvals().find(ApprovalId(id));
    if (m_over || !status || !status->open())
        return;
    Q_EMIT approvalOpened(id);
    if (m_pauseWanted)
        pauseSoon();
}

Result<void> Run::vote(const approval::Vote& vote)
{
    if (m_over)
        return gatehouse::fail(ErrorCode::InvalidInput, vote.id.text(), "The run is over");
    return m_gate->receive(vote);
}

void Run::presented(const std::string& approval, const std::string& channel, const std::string& digest)
{
    if (!m_over)
        (void)check(
            m_recorder->note(systemEvent(EventType::ApprovalPresented, {{"id", approval}, {"channel", channel}, {"digest", digest}})));
}

void Run::received(const std::string& name, const json& message)
{
    if (m_over)
        return;
    // Journaled by a writer that could not remove it.
    if (m_recorder->progress().heard(name))
        return;
    Result<void> done = obey(name, message);
    if (!done && done.error().code != ErrorCode::Record)
        done = rejectMessage(*m_recorder, name, errorText(done.error()));
    if (done)
        return;
    m_inbox.keepCurrent();
    fail(done.error());
}

Result<void> Run::obey(const std::string& name, const json& message)
{
    GH_ASSIGN(const Control control, controlFromJson(message));
    if (const auto* vote = std::get_if<approval::Vote>(&control))
        return m_gate->receive(*vote, name);
    if (const auto* said = std::get_if<SayControl>(&control))
        return noteSaid(*m_context, *said, name);
    if (const auto* stopping = std::get_if<StopControl>(&control)) {
        GH_TRY(noteControl("stop", stopping->from, name));
        stop(stopping->from);
        return {};
    }
    GH_TRY(noteControl("pause", std::get<PauseControl>(control).from, name));
    pauseSoon();
    return {};
}

Result<void> Run::noteControl(const std::string& kind, const std::string& from, const std::string& message)
{
    return m_recorder->commit({controlEvent(kind, from, message)});
}

void Run::requestPause(const std::string& by)
{
    if (!m_over && check(noteControl("pause", by, {})))
        pauseSoon();
}

void Run::pauseSoon()
{
    m_pauseWanted = true;
    // While a person is waited for, there is no next step that would come by itself.
    if (!m_recorder->approvals().open().empty())
        pause("asked to pause");
}

void Run::stop(const std::string& by)
{
    if (m_stopped || m_over)
        return;
    m_stopped = true;
    m_cancel.cancel();
    m_treesCancel.cancel();
    fail({ErrorCode::Cancelled, m_plan->name, Message("The run was stopped by %1", {by})});
}

} // namespace gatehouse::engine
