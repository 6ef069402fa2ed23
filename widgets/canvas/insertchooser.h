// InsertChooser: what can be added to a workflow, chosen by arrows or letters: the small list of Ctrl+Space.
// A popup that closes with its choice; made for one use, deletes itself. GUI thread.
#pragma once

#include <QAction>
#include <QFrame>

class QLineEdit;
class QListWidget;

namespace gatehouse::widgets {

class InsertChooser final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InsertChooser)
public:
    InsertChooser(const std::vector<QAction*>& choices, QWidget* parent);
    void popup(const QPoint& globalPlace);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void narrow(const QString& letters);
    void choose();

    std::vector<QAction*> m_choices;
    QLineEdit* m_letters;
    QListWidget* m_list;
};

} // namespace gatehouse::widgets
