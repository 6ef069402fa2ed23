// ProblemModel: what is wrong in documents, as a list: of one workflow while it is written, or of a whole project. GUI thread.
//
// Each source (an open document, the project's check) gives its problems whole; equal ones of two sources are shown once. Errors
// first, then by file and place. Rows change by the smallest steps.
#pragma once

#include <QAbstractListModel>

#include "core/base/problem.h"

#include <map>
#include <vector>

namespace gatehouse::widgets {

class ProblemModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProblemModel)
public:
    enum Role { SeverityRole = Qt::UserRole + 1, PlaceRole, RuleRole, LineRole };

    explicit ProblemModel(QObject* parent = nullptr) : QAbstractListModel(parent) { }

    void setProblems(const QString& source, std::vector<Problem> problems);
    void removeSource(const QString& source) { setProblems(source, {}); }
    [[nodiscard]] const Problem* problem(const QModelIndex& index) const;
    [[nodiscard]] int errors() const { return m_errors; }
    [[nodiscard]] int warnings() const { return int(m_rows.size()) - m_errors; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void countChanged(int errors, int warnings);

private:
    [[nodiscard]] std::vector<Problem> gathered() const;
    void follow(std::vector<Problem> now);

    std::map<QString, std::vector<Problem>> m_sources;
    std::vector<Problem> m_rows;
    int m_errors = 0;
};

[[nodiscard]] QString severityWord(Severity severity);

} // namespace gatehouse::widgets
