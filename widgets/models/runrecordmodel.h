// RunRecordModel: a run's rows as a table. Appends in batches; a changed row is one dataChanged. GUI thread.
//
// Columns: time, agent, what, summary, state, duration. Text from outside is escaped; AccessibleTextRole says the state in words.
#pragma once

#include <QAbstractTableModel>

#include "widgets/controls/statuspill.h"
#include "widgets/models/runrow.h"

namespace gatehouse::widgets {

class RunRecordModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunRecordModel)
public:
    enum Column { Time, Agent, What, Summary, State, Duration, ColumnCount };

    explicit RunRecordModel(QObject* parent = nullptr) : QAbstractTableModel(parent) { }

    void apply(const RunBatch& batch);
    void clear();
    [[nodiscard]] RowPtr row(int index) const;
    // The row that asked for this approval; −1: none.
    [[nodiscard]] int rowOfApproval(const std::string& id) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    // How a row is called and how its state looks: the detail pane says the same.
    [[nodiscard]] static QString titleOf(const RunRow& row);
    // What a screen reader says of a cell.
    [[nodiscard]] QString spoken(const QModelIndex& index) const;
    [[nodiscard]] static PillLook stateOf(const RunRow& row);

private:
    std::vector<RowPtr> m_rows;
};

[[nodiscard]] QString shownDuration(std::int64_t milliseconds);
// "12:01:04" in local time, of an ISO 8601 time in UTC.
[[nodiscard]] QString shownTime(const std::string& wall);

} // namespace gatehouse::widgets
