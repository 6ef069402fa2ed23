#include "widgets/models/runrecordmodel.h"

#include <QDateTime>
#include <QLocale>

#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

QString shownDuration(std::int64_t milliseconds)
{
    if (milliseconds < 0)
        return {};
    if (milliseconds < 1000)
        return RunRecordModel::tr("%1 ms").arg(milliseconds);
    if (milliseconds < 100'000)
        return RunRecordModel::tr("%1 s").arg(QLocale().toString(double(milliseconds) / 1000, 'f', 1));
    const qint64 seconds = milliseconds / 1000;
    if (seconds < 3600)
        return RunRecordModel::tr("%1 m %2 s").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return RunRecordModel::tr("%1 h %2 m").arg(seconds / 3600).arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
}

QString shownTime(const std::string& wall)
{
    const QDateTime time = QDateTime::fromString(QString::fromStdString(wall), Qt::ISODateWithMs);
    return time.isValid() ? time.toLocalTime().toString(QStringLiteral("HH:mm:ss")) : QString();
}

// Since the run began, to the millisecond: most events share their second with others.
static QString shownOffset(std::int64_t milliseconds)
{
    const std::int64_t past = std::max<std::int64_t>(0, milliseconds);
    const auto two = [](std::int64_t value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    const std::int64_t hours = past / 3'600'000;
    const QString minutes = hours > 0 ? two(past / 60'000 % 60) : QString::number(past / 60'000);
    const QString seconds = two(past / 1000 % 60);
    if (hours > 0)
        return QStringLiteral("%1:%2:%3").arg(QString::number(hours), minutes, seconds);
    return QStringLiteral("%1:%2.%3").arg(minutes, seconds, QStringLiteral("%1").arg(past % 1000, 3, 10, QLatin1Char('0')));
}

void RunRecordModel::apply(const RunBatch& batch)
{
    int first = int(m_rows.size());
    int last = -1;
    for (const auto& [index, row] : batch.changed) {
        if (index < 0 || std::size_t(index) >= m_rows.size())
            continue;
        m_rows[std::size_t(index)] = row;
        first = std::min(first, index);
        last = std::max(last, index);
    }
    if (last >= first)
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
    if (batch.appended.empty())
        return;
    const int start = int(m_rows.size());
    beginInsertRows({}, start, start + int(batch.appended.size()) - 1);
    m_rows.insert(m_rows.end(), batch.appended.begin(), batch.appended.end());
    endInsertRows();
}

void RunRecordModel::clear()
{
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

RowPtr RunRecordModel::row(int index) const
{
    return index >= 0 && std::size_t(index) < m_rows.size() ? m_rows[std::size_t(index)] : nullptr;
}

int RunRecordModel::rowOfApproval(const std::string& id) const
{
    // The first: what was asked about stands before what was decided.
    const auto found = std::ranges::find_if(m_rows, [&](const RowPtr& row) { return row->approval == id; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

int RunRecordModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RunRecordModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

// A cell that shows nothing says what is not there.
QString RunRecordModel::spoken(const QModelIndex& index) const
{
    QString text = index.column() == State ? stateOf(*m_rows[std::size_t(index.row())]).text : index.data().toString();
    if (!text.isEmpty())
        return text;
    switch (index.column()) {
    case Agent:
        return tr("nobody");
    case State:
        return tr("no outcome");
    case Duration:
        return tr("no duration");
    default:
        return tr("nothing more");
    }
}

QString RunRecordModel::titleOf(const RunRow& row)
{
    switch (row.kind) {
    case RowKind::Task:
        return tr("task");
    case RowKind::Model:
        return tr("model");
    case RowKind::Call:
        return shown(row.title);
    case RowKind::Decision:
        return row.title == "input" ? tr("task decision") : tr("decision");
    case RowKind::Retry:
        return tr("model retry");
    case RowKind::Sandbox:
        return tr("sandbox");
    case RowKind::Egress:
        return tr("egress");
    case RowKind::Journal:
        return tr("journal");
    case RowKind::Limit:
        return tr("limit: %1").arg(shown(row.title));
    case RowKind::Control:
        return tr("control");
    case RowKind::Pause:
        return row.title == "run.resumed" ? tr("resumed") : tr("paused");
    case RowKind::Outcome:
        return row.title == "run.closed" ? tr("closed") : row.title == "run.abandoned" ? tr("abandoned") : tr("finished");
    }
    return {};
}

PillLook RunRecordModel::stateOf(const RunRow& row)
{
    const QString outcome = shown(row.outcome);
    switch (row.state) {
    case RowState::Note:
        if (row.kind == RowKind::Sandbox && !outcome.isEmpty())
            return {Tone::Ask, Glyph::Triangle, outcome};
        return {Tone::Neutral, Glyph::None, outcome};
    case RowState::Running:
        return {Tone::Accent, Glyph::Dot, tr("running")};
    case RowState::Asks:
        return {Tone::Ask, Glyph::Diamond, tr("asks")};
    case RowState::Allowed:
        return {Tone::Ok, Glyph::Check, tr("allowed")};
    case RowState::Done:
        return {Tone::Ok, Glyph::Check, outcome.isEmpty() ? tr("done") : outcome};
    case RowState::Failed:
        return {Tone::Deny, Glyph::Cross, outcome.isEmpty() ? tr("failed") : outcome};
    case RowState::Denied:
        return {Tone::Deny, Glyph::Cross, outcome.isEmpty() ? tr("denied") : outcome};
    case RowState::Unknown:
        return {Tone::Ask, Glyph::Triangle, tr("unknown")};
    }
    return {};
}

QVariant RunRecordModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RunRow& row = *m_rows[std::size_t(index.row())];
    if (role == Qt::AccessibleTextRole)
        return spoken(index);
    if (role == Qt::ToolTipRole && index.column() == Time)
        return plainToolTip(shown(row.wall));
    if (role == Qt::TextAlignmentRole && index.column() == Duration)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time:
        return shownOffset(row.startMs - m_rows.front()->startMs);
    case Agent:
        return shown(row.agent);
    case What:
        return titleOf(row);
    case Summary: {
        const QString summary = shown(row.summary);
        if (row.filesChanged == 0)
            return summary;
        return summary + QStringLiteral("  +%1 \u2212%2").arg(row.linesAdded).arg(row.linesRemoved);
    }
    case State:
        return stateOf(row).text;
    case Duration:
        return shownDuration(row.durationMs);
    default:
        return {};
    }
}

QVariant RunRecordModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Agent:
        return tr("Who");
    case What:
        return tr("What");
    case Summary:
        return tr("Summary");
    case State:
        return tr("State");
    case Duration:
        return tr("Took");
    default:
        return {};
    }
}

} // namespace gatehouse::widgets
