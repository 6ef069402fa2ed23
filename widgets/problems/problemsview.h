// ProblemsView: the list of problems with the fixes of the current one. Enter or a click shows the place. GUI thread.
#pragma once

#include <QListView>
#include <QPointer>
#include <QWidget>

#include "widgets/problems/problemmodel.h"
#include "widgets/problems/quickfixes.h"

class QHBoxLayout;

namespace gatehouse::widgets {

class ProblemsView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProblemsView)
public:
    explicit ProblemsView(ProblemModel& model, QWidget* parent = nullptr);

    // From now on its problems stand in the list, until it is gone or taken out; its problems can be mended.
    void addDocument(WorkflowDocument& document);
    void removeDocument(WorkflowDocument& document);

    [[nodiscard]] QListView& list() const { return *m_list; }
    [[nodiscard]] const std::vector<QuickFix>& fixes() const { return m_fixes; }
    // Of the current problem.
    void fix(std::size_t index);
    // By the fix that was offered for it under this text, if the workflow still has the problem; refused() otherwise.
    void mend(const Problem& problem, const QString& offered);
    void copy() const; // the selected rows, as the command line prints them

Q_SIGNALS:
    // Also when an open document shows the place itself. line 0: the file as a whole.
    void placeChosen(const QString& file, const gatehouse::TextPosition& position);
    void refused(const QString& reason);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void choose(const QModelIndex& index);
    void showFixes();
    void showMenu(QPoint place);
    [[nodiscard]] WorkflowDocument* documentOf(const Problem& problem) const;

    ProblemModel& m_model;
    std::vector<QPointer<WorkflowDocument>> m_documents;
    QListView* m_list;
    QWidget* m_strip;
    QHBoxLayout* m_buttons;
    std::vector<QuickFix> m_fixes;
};

} // namespace gatehouse::widgets
