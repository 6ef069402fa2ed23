// What stands in a dock: a title row, and the contents that belong to the shown page; without any, a sentence that says what would
// stand here and how to get it. GUI thread.
#pragma once

#include <QStackedWidget>
#include <QWidget>

#include "widgets/controls/label.h"

class QToolButton;

namespace gatehouse::widgets {

class DockPane final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DockPane)
public:
    DockPane(const QString& title, const QString& emptyText, QWidget* parent = nullptr);

    // Owned by the page that it belongs to, which takes it out by deleting it; null: none.
    void show(QWidget* contents);
    [[nodiscard]] QWidget* contents() const;
    // Behind the title: "3 errors".
    void setRemark(const QString& remark, TokenRole role = TokenRole::Second);

Q_SIGNALS:
    void closeRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Label* m_remark;
    QStackedWidget* m_stack;
    QWidget* m_empty;
};

} // namespace gatehouse::widgets
