// SourceBar: the strip beneath the source that finds text or goes to a line. Escape closes it. GUI thread.
#pragma once

#include <QCheckBox>
#include <QLineEdit>
#include <QTimer>
#include <QToolButton>
#include <QWidget>

#include "widgets/controls/label.h"
#include "widgets/source/sourcepane.h"

namespace gatehouse::widgets {

class SourceBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourceBar)
public:
    enum class Mode { Find, Line };

    SourceBar(WorkflowDocument& document, SourcePane& pane, QWidget* parent = nullptr);

    void open(Mode mode);
    void closeBar();
    void findNext(bool backwards);
    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] QLineEdit& field() const { return *m_field; }
    [[nodiscard]] QString countText() const { return m_count->text(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search();
    void fieldEdited();
    void go(bool backwards);
    void goToLine();
    void showMatch(std::size_t index);
    void showCount();

    WorkflowDocument& m_document;
    SourcePane& m_pane;
    Mode m_mode = Mode::Find;
    Label* m_label;
    QLineEdit* m_field;
    QCheckBox* m_case;
    Label* m_count;
    QToolButton* m_previous;
    QToolButton* m_next;
    QTimer m_again; // after an edit
    std::vector<::gatehouse::TextRange> m_matches;
    std::size_t m_from = 0; // where the search began
};

} // namespace gatehouse::widgets
