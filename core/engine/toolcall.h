// One tool call, from the model's request to the result it gets back: docs/architecture.md, "The way of one tool call".
//
// Read toolcall.cpp from the top: prepare, decide, ask, claim, perform, record, answer. Each step starts only when the
// record of the one before is written, and the claim is synced before anything acts. The run's thread; blocking work
// goes to BackgroundJobs. Ends with exactly one of answered(), suspended() and failed().
#pragma once

#include <QObject>

#include "core/engine/callobserver.h"
#include "core/engine/callrecords.h"
#include "core/engine/runcontext.h"
#include "core/execution/tool.h"
#include "core/policy/decision.h"
#include "core/workspace/collectedits.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::engine {

class ToolCallRun final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ToolCallRun)

public:
    // call: the model's id of an open call of the run's progress. It goes on from wherever its records left it.
    ToolCallRun(RunContext& context, std::string call, QObject* parent = nullptr);
    ~ToolCallRun() override;
    void start();

Q_SIGNALS:
    void answered();  // tool.result is written
    void suspended(); // it waits for a person, and the run is to pause
    void failed(const gatehouse::Error& error);

private:
    struct Performed {
        execution::ToolOutcome outcome;
        std::vector<workspace::PathEdit> edits;
    };

    void prepare();
    void prepared(Result<execution::PreparedCall> result);
    void decide();
    void decided(policy::Decision decision);
    [[nodiscard]] policy::Decision askingWherePeopleMust(policy::Decision decision) const;
    void ask(const policy::Decision& decision);
    // What became of the request that this call already has; true when that settles what is next.
    [[nodiscard]] bool followRequest(const policy::Decision& decision, const approval::Action& action);
    void await(const ApprovalId& id);
    void settled(const std::string& id);
    void claim(const policy::Decision& decision, const approval::Action& action);
    void perform(const std::string& effect);
    void performed(const std::string& effect, Result<Performed> result);
    void record(const std::string& effect, Performed performed);
    void refuse(const Error& error);
    void withdrawRequest(std::vector<journal::Event>& events, const char* cause) const;
    void answer(const std::string& text, bool isError);

    [[nodiscard]] Result<approval::Action> actionNow(const policy::Decision& decision) const;
    [[nodiscard]] const CallProgress* progress() const { return m_context.recorder.progress().find(m_call); }
    [[nodiscard]] bool check(const Result<void>& result);

    RunContext& m_context;
    std::string m_call;
    SpanId m_span;
    CallRecords m_records;
    const execution::Tool* m_tool = nullptr;
    std::optional<execution::PreparedCall> m_prepared;
    policy::Decision m_decision;
    ApprovalId m_awaited; // the request that this call waits for
    CallObserver m_observer;
};

} // namespace gatehouse::engine
