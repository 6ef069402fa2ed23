// PaletteModel: what the command palette offers, filtered and ordered by what was typed: best match first; without a pattern what was
// used last, then the rest in its own order. GUI thread.
#pragma once

#include <QAbstractListModel>

#include "widgets/actions/fuzzymatch.h"

#include <functional>
#include <vector>

namespace gatehouse::widgets {

struct PaletteEntry {
    QString id;   // stable: "run.start", "open:<path>"
    QString text; // plain; of elsewhere only made safe
    QString kind; // "Command", "Run", "Workflow"
    QString key;  // its shortcut as text
    bool enabled = true;
    std::function<void()> run;
};

class PaletteModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PaletteModel)
public:
    // Besides DisplayRole (the text) and AccessibleTextRole.
    enum Role { KindRole = Qt::UserRole, KeyRole, PositionsRole };

    explicit PaletteModel(QObject* parent = nullptr) : QAbstractListModel(parent) { }

    void setEntries(std::vector<PaletteEntry> entries, QStringList recent);
    void setPattern(const QString& pattern);
    // Null: no such row.
    [[nodiscard]] const PaletteEntry* entry(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row {
        std::size_t entry = 0;
        FuzzyMatch match;
    };
    void fill();

    std::vector<PaletteEntry> m_entries;
    QStringList m_recent; // ids, the last used first
    QString m_pattern;
    std::vector<Row> m_rows;
};

} // namespace gatehouse::widgets
