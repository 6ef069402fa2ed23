// RunFold: what records say about the run as a whole and about its models.
#include "widgets/models/recordfields.h"
#include "widgets/models/runfold.h"

namespace gatehouse::widgets {

using journal::EventType;
using nlohmann::json;
using namespace fields;

void RunFold::applyRun(const Record& record)
{
    const json& data = record.data;
    switch (record.type) {
    case EventType::RunOpened: {
        m_info.name = text(data, "name");
        m_info.profile = text(data, "profile");
        m_info.policyDigest = text(data, "policyDigest");
        m_info.solo = data.is_object() && data.value("solo", json()) == json(true);
        m_info.maximumTurns = number(value(data, "limits"), "turns");
        const int row = addRow(record, RowKind::Task, RowState::Note);
        m_rows[std::size_t(row)].agent = text(data, "requester");
        m_rows[std::size_t(row)].text = value(data, "task");
        m_output.addText(row, record, "task");
        m_rows[std::size_t(row)].summary = firstLine(inlineText(value(data, "task")));
        return;
    }
    case EventType::UserMessage: {
        const json message = value(data, "text");
        // The task stands in run.opened already; its policy decision may stand between.
        if (!m_rows.empty() && m_modelRow < 0 && (m_rows[0].text == message || m_rows[0].text.is_null())) {
            RunRow& row = touch(0, record);
            if (row.text.is_null())
                m_output.addText(0, record, "text");
            row.text = message;
            row.summary = firstLine(inlineText(message));
            return;
        }
        const int row = addRow(record, RowKind::Task, RowState::Note);
        m_output.addText(row, record, "text");
        m_rows[std::size_t(row)].summary = firstLine(inlineText(message));
        return;
    }
    case EventType::WriterOpened:
        if (number(data, "epoch") > 1) {
            const int row = addRow(record, RowKind::Journal, RowState::Note);
            m_rows[std::size_t(row)].summary = "continued by writer " + std::to_string(number(data, "epoch"));
        }
        return;
    case EventType::JournalRecovered: {
        const int row = addRow(record, RowKind::Journal, RowState::Unknown);
        m_rows[std::size_t(row)].summary = "recovered " + std::to_string(number(data, "bytes")) + " bytes";
        return;
    }
    case EventType::RunPaused:
    case EventType::RunResumed: {
        const int row = addRow(record, RowKind::Pause, RowState::Note);
        m_rows[std::size_t(row)].title = std::string(journal::eventTypeName(record.type));
        m_rows[std::size_t(row)].summary = text(data, "why");
        return;
    }
    default:
        break;
    }
    const std::string outcome = text(data, "outcome");
    const bool good = outcome == "completed" || record.type == EventType::RunClosed;
    const bool denied = outcome == "denied";
    const int row = addRow(record, RowKind::Outcome, good ? RowState::Done : denied ? RowState::Denied : RowState::Failed);
    m_rows[std::size_t(row)].title = std::string(journal::eventTypeName(record.type));
    m_output.addText(row, record, "final");
    m_rows[std::size_t(row)].summary = firstLine(inlineText(value(data, "final")));
    m_rows[std::size_t(row)].outcome = outcome == "completed" ? std::string() : outcome; // its state says it
    if (good)
        return;
    const bool isKnown = denied && !(m_denial.by.empty() && m_denial.why.empty());
    m_info.deniedBy = isKnown ? m_denial.by : std::string();
    m_info.ending = firstLine(isKnown ? m_denial.why : text(data, "error"));
    const bool both = !m_info.deniedBy.empty() && !m_info.ending.empty();
    if (m_rows[std::size_t(row)].summary.empty())
        m_rows[std::size_t(row)].summary = m_info.deniedBy + (both ? ": " : "") + m_info.ending;
}

void RunFold::applyModel(const Record& record)
{
    const json& data = record.data;
    if (record.type == EventType::ModelRequest) {
        m_agent = text(data, "agent");
        m_modelRow = addRow(record, RowKind::Model, RowState::Running);
        m_rows.back().agent = m_agent;
        m_rows.back().summary = text(data, "model");
        return;
    }
    if (m_modelRow < 0)
        m_modelRow = addRow(record, RowKind::Model, RowState::Running);
    if (record.type == EventType::ModelRetry) {
        const int row = addRow(record, RowKind::Retry, RowState::Failed);
        RunRow& retry = m_rows[std::size_t(row)];
        retry.summary = text(data, "reason");
        if (const std::int64_t wait = number(data, "retryAfterMs"); wait > 0) {
            retry.summary += retry.summary.empty() ? "again after " : ", again after ";
            retry.summary += std::to_string(wait);
            retry.summary += " ms";
        }
        if (const std::int64_t status = number(data, "status"); status > 0)
            retry.outcome = std::to_string(status);
        return;
    }
    finish(m_modelRow, record);
    RunRow& row = m_rows[std::size_t(m_modelRow)];
    if (record.type == EventType::ModelError) {
        row.state = RowState::Failed;
        row.summary = text(data, "reason");
        row.outcome = text(data, "kind");
    } else {
        row.state = RowState::Done;
        m_output.addText(m_modelRow, record, "text");
        const json usage = value(data, "usage");
        row.summary = grouped(number(usage, "input")) + " in · " + grouped(number(usage, "output")) + " out";
        row.outcome = text(data, "finish") == "stop" ? std::string()
            : text(data, "finish") == "tool_calls"   ? std::string()
                                                     : text(data, "finish");
    }
    m_modelRow = -1;
}

void RunFold::applySandbox(const Record& record)
{
    m_info.layers.clear();
    int enforced = 0;
    for (const json& layer : value(record.data, "layers")) {
        m_info.layers.push_back({text(layer, "layer"), text(layer, "state"), text(layer, "why")});
        enforced += text(layer, "state") == "enforced";
    }
    const int all = int(m_info.layers.size());
    const int row = addRow(record, RowKind::Sandbox, enforced == all ? RowState::Done : RowState::Note);
    m_rows[std::size_t(row)].agent = text(record.data, "backend");
    if (enforced < all)
        m_rows[std::size_t(row)].outcome = std::to_string(enforced) + "/" + std::to_string(all);
    m_rows[std::size_t(row)].summary = std::to_string(enforced) + " of " + std::to_string(all) + " layers enforced";
}

// A connection through the gateway, from its opening to its end.
void RunFold::applyEgress(const Record& record)
{
    if (record.type == EventType::EgressClosed) {
        if (const int row = rowOf(record); row >= 0) {
            finish(row, record);
            m_rows[std::size_t(row)].state = RowState::Done;
        }
        return;
    }
    const bool denied = record.type == EventType::EgressDenied;
    const int row = addRow(record, RowKind::Egress, denied ? RowState::Denied : RowState::Running);
    m_rows[std::size_t(row)].summary = firstLine(text(record.data, "target"));
    m_output.addText(row, record, "why");
    remember(record, row);
}

void RunFold::applyLimit(const Record& record)
{
    const int row = addRow(record, RowKind::Limit, RowState::Failed);
    m_rows[std::size_t(row)].title = text(record.data, "limit");
    const auto figure = [&](const char* key) {
        const json found = value(record.data, key);
        return found.is_string() ? found.get<std::string>() : found.is_number() ? found.dump() : std::string("?");
    };
    m_rows[std::size_t(row)].summary = figure("value") + " of " + figure("maximum");
}

// Records that have no row of their own belong to the row they name, and else are bookkeeping that only counts.
void RunFold::applyOther(const Record& record)
{
    if (record.type == EventType::ControlReceived || record.type == EventType::InboxRejected || record.type == EventType::AlertRaised ||
        record.type == EventType::EffectUnknown) {
        const int row = addRow(record, RowKind::Control, RowState::Note);
        m_rows[std::size_t(row)].title = std::string(journal::eventTypeName(record.type));
        m_rows[std::size_t(row)].summary = text(record.data, "kind") + text(record.data, "why");
        return;
    }
    if (const int row = rowOf(record); row >= 0)
        touch(row, record);
}

} // namespace gatehouse::widgets
