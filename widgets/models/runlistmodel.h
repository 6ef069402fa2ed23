// RunListModel: the project's runs, newest first, as a list. Immutable entries from RunLister; GUI thread.
#pragma once

#include <QAbstractListModel>

#include "widgets/controls/statuspill.h"
#include "widgets/models/runrow.h"

namespace gatehouse::widgets {

struct RunEntry {
    RunInfo info;
    int number = 0; // #1 is the oldest
    std::vector<ApprovalPtr> openApprovals;
};
using RunEntries = std::shared_ptr<const std::vector<RunEntry>>;

[[nodiscard]] PillLook progressLook(RunProgress progress);
[[nodiscard]] QString runTitle(const RunEntry& entry); // "#14 credit-note"
// The title of a run by its folder; empty as long as the list does not know it.
using RunTitles = std::function<QString(const std::string& runDirectory)>;
// How the run of a request is called.
[[nodiscard]] QString runTitleOf(const ApprovalItem& request, const RunTitles& titles);
// What stands at the row's end: its state while it goes on, else how long it took.
[[nodiscard]] QString runRemark(const RunInfo& info);

class RunListModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunListModel)
public:
    enum Role { DirectoryRole = Qt::UserRole + 1, RemarkRole, ProgressRole };

    explicit RunListModel(QObject* parent = nullptr) : QAbstractListModel(parent) { }
    // Keeps what is selected: rows that stay are changed in place, new ones inserted, gone ones removed.
    void setEntries(RunEntries entries);
    [[nodiscard]] const RunEntry* entry(int row) const;
    [[nodiscard]] int rowOf(const std::string& directory) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    std::vector<RunEntry> m_entries;
};

} // namespace gatehouse::widgets

Q_DECLARE_METATYPE(gatehouse::widgets::RunEntries)
