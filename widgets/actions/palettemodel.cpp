#include "widgets/actions/palettemodel.h"

#include <algorithm>
#include <tuple>

namespace gatehouse::widgets {

void PaletteModel::setEntries(std::vector<PaletteEntry> entries, QStringList recent)
{
    beginResetModel();
    m_entries = std::move(entries);
    m_recent = std::move(recent);
    fill();
    endResetModel();
}

void PaletteModel::setPattern(const QString& pattern)
{
    beginResetModel();
    m_pattern = pattern;
    fill();
    endResetModel();
}

// What can't be done now comes last, whatever its words.
void PaletteModel::fill()
{
    m_rows.clear();
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (auto match = FuzzyMatch::find(m_pattern, m_entries[i].text))
            m_rows.push_back({i, *std::move(match)});
    const auto rank = [this](const Row& row) {
        const PaletteEntry& entry = m_entries[row.entry];
        const auto used = m_recent.indexOf(entry.id);
        const auto recency = used < 0 ? m_recent.size() : used;
        return std::tuple(!entry.enabled, -row.match.score, recency, row.entry);
    };
    std::ranges::sort(m_rows, {}, rank);
}

const PaletteEntry* PaletteModel::entry(int row) const
{
    return row >= 0 && row < int(m_rows.size()) ? &m_entries[m_rows[std::size_t(row)].entry] : nullptr;
}

int PaletteModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const
{
    const PaletteEntry* found = index.isValid() ? entry(index.row()) : nullptr;
    if (!found)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return found->text;
    case Qt::AccessibleTextRole:
        return found->key.isEmpty() ? tr("%1, %2").arg(found->text, found->kind)
                                    : tr("%1, %2, %3").arg(found->text, found->kind, found->key);
    case KindRole:
        return found->kind;
    case KeyRole:
        return found->key;
    case PositionsRole: {
        const std::vector<int>& positions = m_rows[std::size_t(index.row())].match.positions;
        return QVariant::fromValue(QList<int>(positions.begin(), positions.end()));
    }
    default:
        return {};
    }
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex& index) const
{
    const PaletteEntry* found = index.isValid() ? entry(index.row()) : nullptr;
    if (!found)
        return Qt::NoItemFlags;
    return found->enabled ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren : Qt::ItemNeverHasChildren;
}

} // namespace gatehouse::widgets
