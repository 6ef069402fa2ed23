#include "app/cli/runconsole.h"

#include "app/cli/console.h"
#include "app/cli/projectoption.h"
#include "app/cli/stopsignals.h"
#include "core/approval/presentation.h"
#include "core/base/canonicaljson.h"
#include "core/engine/runpaths.h"
#include "core/engine/runstore.h"

#include <cerrno>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <string>
#include <termios.h>
#include <unistd.h>

namespace gatehouse::cli {

ExitStatus exitStatusOf(engine::Outcome outcome)
{
    switch (outcome) {
    case engine::Outcome::Completed:
        return ExitStatus::Done;
    case engine::Outcome::Denied:
        return ExitStatus::Denied;
    case engine::Outcome::Waiting:
        return ExitStatus::Waiting;
    case engine::Outcome::Limit:
        return ExitStatus::Limit;
    case engine::Outcome::BadInput:
        return ExitStatus::Usage;
    case engine::Outcome::SandboxFailed:
        return ExitStatus::Sandbox;
    case engine::Outcome::ModelFailed:
        return ExitStatus::Model;
    case engine::Outcome::Cancelled:
        return ExitStatus::Interrupted;
    case engine::Outcome::RecordFailed:
        break;
    }
    return ExitStatus::Record;
}

RunConsole::RunConsole(std::unique_ptr<engine::Run> run, Questions questions, std::string principal)
    : m_run(std::move(run)), m_questions(questions), m_principal(std::move(principal))
{
    connect(m_run.get(), &engine::Run::ended, this, [this](const engine::RunReport& report) {
        m_report = report;
        m_loop.quit();
    });
    if (m_questions == Questions::Ask) {
        connect(m_run.get(), &engine::Run::approvalOpened, this, &RunConsole::ask, Qt::QueuedConnection);
        connect(m_run.get(), &engine::Run::approvalSettled, this, [this](const std::string& id) {
            if (id == m_open && !m_open.empty()) {
                m_open.clear();
                tell(tr("Decided."));
            }
        });
    }
}

RunConsole::~RunConsole() = default;

engine::RunReport RunConsole::execute()
{
    const StopSignals signals;
    if (signals.fd() >= 0) {
        m_signals = std::make_unique<QSocketNotifier>(signals.fd(), QSocketNotifier::Read);
        connect(m_signals.get(), &QSocketNotifier::activated, this, &RunConsole::signalled);
    }
    QMetaObject::invokeMethod(this, [this] { m_run->start(); }, Qt::QueuedConnection);
    m_loop.exec();
    m_signals.reset();
    m_input.reset();
    return m_report;
}

void RunConsole::signalled()
{
    m_signals->setEnabled(false);
    tell(tr("Stopping; a second Ctrl-C ends at once."));
    m_run->stop(m_principal);
}

void RunConsole::ask(const std::string& id)
{
    const engine::RunStore store(engine::projectOf(m_run->directory()));
    const approval::RequestStatus* status = m_run->recorder().approvals().find(ApprovalId(id));
    if (!status || !status->open())
        return;
    const auto text = store.presentation({m_run->id(), m_run->directory(), *status});
    const auto value = text ? parseCanonical(*text) : std::unexpected(text.error());
    const auto shown = value ? approval::presentationFromJson(*value) : std::unexpected(value.error());
    if (!shown) {
        tellError(tr("run"), shown.error());
        return m_run->requestPause(m_principal);
    }
    const std::string rendered = approval::renderText(*shown);
    std::fwrite(rendered.data(), 1, rendered.size(), stderr);
    m_run->presented(id, "terminal", presentationDigest(*shown).value_or(""));
    m_open = id;
    // What was typed before the card was on the screen is no answer to it.
    ::tcflush(STDIN_FILENO, TCIFLUSH);
    tell(tr("Approve (a), deny (d), or leave it and pause (q)? Then Enter. Ctrl-C ends the run."));
    if (!m_input) {
        m_input = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
        connect(m_input.get(), &QSocketNotifier::activated, this, &RunConsole::answer);
    }
}

void RunConsole::answer()
{
    char buffer[256];
    const ssize_t got = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0) {
        m_input->setEnabled(false);
        // A person who ends the input at the terminal leaves: the request is kept, as by q.
        if (::isatty(STDIN_FILENO) == 1)
            return m_run->requestPause(m_principal);
        // Nobody is here, and nothing turns into a yes: the run waits for votes from elsewhere.
        return tell(tr("Nobody can answer here, the input has ended: the run waits for %1 approvals approve %2, or for Ctrl-C.")
                        .arg(programFor(engine::projectOf(m_run->directory())), QString::fromStdString(m_open)));
    }
    std::string word(buffer, static_cast<std::size_t>(got));
    while (!word.empty() && (word.back() == '\n' || word.back() == '\r' || word.back() == ' '))
        word.pop_back();
    if (!m_open.empty())
        vote(word);
}

void RunConsole::vote(const std::string& word)
{
    const approval::RequestStatus* status = m_run->recorder().approvals().find(ApprovalId(m_open));
    if (!status)
        return;
    approval::Vote vote{ApprovalId(m_open), m_principal, approval::VoteDecision::Deny, {}, "terminal", status->request.binding};
    if (word == "q")
        return m_run->requestPause(m_principal);
    if (word == "a" || word == "approve")
        vote.decision = approval::VoteDecision::Approve;
    else if (word != "d" && word != "deny")
        return tell(tr("Please answer a, d or q."));
    if (const auto counted = m_run->vote(vote); !counted)
        tellError(tr("run"), counted.error());
}

} // namespace gatehouse::cli
