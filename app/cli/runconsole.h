// RunConsole: one run on the command line, from start to its report: progress, questions, signals.
#pragma once

#include <QEventLoop>
#include <QObject>
#include <QSocketNotifier>

#include "app/cli/exitstatus.h"
#include "core/engine/run.h"

#include <memory>

namespace gatehouse::cli {

[[nodiscard]] ExitStatus exitStatusOf(engine::Outcome outcome);

class RunConsole final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunConsole)

public:
    enum class Questions { Ask, Leave };
    RunConsole(std::unique_ptr<engine::Run> run, Questions questions, std::string principal);
    ~RunConsole() override;
    // Until the run's end; SIGINT, SIGTERM and SIGHUP stop it in order, a second SIGINT ends the process (stopsignals.h).
    [[nodiscard]] engine::RunReport execute();

private:
    void ask(const std::string& id);
    void answer();
    void vote(const std::string& word);
    void signalled();

    std::unique_ptr<engine::Run> m_run;
    Questions m_questions;
    std::string m_principal;
    std::string m_open; // id of the request that is on the terminal
    std::unique_ptr<QSocketNotifier> m_input;
    std::unique_ptr<QSocketNotifier> m_signals;
    QEventLoop m_loop;
    engine::RunReport m_report;
};

} // namespace gatehouse::cli
