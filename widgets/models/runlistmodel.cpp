#include "widgets/models/runlistmodel.h"

#include <QDateTime>

#include "widgets/models/runrecordmodel.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

PillLook progressLook(RunProgress progress)
{
    switch (progress) {
    case RunProgress::Running:
        return {Tone::Accent, Glyph::Dot, RunListModel::tr("running")};
    case RunProgress::Waiting:
        return {Tone::Ask, Glyph::HalfDot, RunListModel::tr("waiting")};
    case RunProgress::Paused:
        return {Tone::Neutral, Glyph::Pause, RunListModel::tr("paused")};
    case RunProgress::Finished:
        return {Tone::Ok, Glyph::Dot, RunListModel::tr("finished")};
    case RunProgress::Failed:
        return {Tone::Deny, Glyph::Cross, RunListModel::tr("failed")};
    case RunProgress::Denied:
        return {Tone::Deny, Glyph::Cross, RunListModel::tr("denied")};
    case RunProgress::Interrupted:
        return {Tone::Ask, Glyph::Triangle, RunListModel::tr("interrupted")};
    case RunProgress::Damaged:
        return {Tone::Deny, Glyph::Triangle, RunListModel::tr("damaged")};
    }
    return {};
}

QString runTitle(const RunEntry& entry)
{
    const std::string& name = entry.info.name.empty() ? entry.info.id : entry.info.name;
    return RunListModel::tr("#%1 %2").arg(entry.number).arg(shown(name));
}

QString runTitleOf(const ApprovalItem& request, const RunTitles& titles)
{
    const QString title = titles ? titles(request.runDirectory) : QString();
    return title.isEmpty() ? shown(request.runName) : title;
}

QString runRemark(const RunInfo& info)
{
    if (info.progress != RunProgress::Finished)
        return progressLook(info.progress).text;
    const auto parse = [](const std::string& wall) { return QDateTime::fromString(QString::fromStdString(wall), Qt::ISODateWithMs); };
    return shownDuration(parse(info.openedAt).msecsTo(parse(info.updatedAt)));
}

void RunListModel::setEntries(RunEntries entries)
{
    // Same runs in the same order, which is the rule: change in place.
    const auto sameRuns = [](const RunEntry& a, const RunEntry& b) { return a.info.directory == b.info.directory; };
    const std::size_t grown = entries->size() >= m_entries.size() ? entries->size() - m_entries.size() : 0;
    const bool grew = entries->size() >= m_entries.size() &&
        std::equal(m_entries.begin(), m_entries.end(), entries->begin() + std::ptrdiff_t(grown), entries->end(), sameRuns);
    if (!grew) {
        beginResetModel();
        m_entries = *entries;
        endResetModel();
        return;
    }
    if (grown > 0) {
        beginInsertRows({}, 0, int(grown) - 1);
        m_entries.insert(m_entries.begin(), entries->begin(), entries->begin() + std::ptrdiff_t(grown));
        endInsertRows();
    }
    std::copy(entries->begin() + std::ptrdiff_t(grown), entries->end(), m_entries.begin() + std::ptrdiff_t(grown));
    if (m_entries.size() > grown)
        Q_EMIT dataChanged(index(int(grown)), index(int(m_entries.size()) - 1));
}

const RunEntry* RunListModel::entry(int row) const
{
    return row >= 0 && std::size_t(row) < m_entries.size() ? &m_entries[std::size_t(row)] : nullptr;
}

int RunListModel::rowOf(const std::string& directory) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&](const RunEntry& e) { return e.info.directory == directory; });
    return found == m_entries.end() ? -1 : int(found - m_entries.begin());
}

int RunListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

QVariant RunListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RunEntry& entry = m_entries[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return runTitle(entry);
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(runTitle(entry), progressLook(entry.info.progress).text);
    case Qt::ToolTipRole:
        return plainToolTip(shown(entry.info.id));
    case DirectoryRole:
        return QString::fromStdString(entry.info.directory);
    case RemarkRole:
        return runRemark(entry.info);
    case ProgressRole:
        return int(entry.info.progress);
    default:
        return {};
    }
}

} // namespace gatehouse::widgets
