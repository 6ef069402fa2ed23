// FactRow: one line of a list of facts: a label on the left, its value on the right, a faint rule below. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/controls/label.h"

namespace gatehouse::widgets {

enum class FactLayout { Ends, Columns }; // value at the far end, or in a column after the label

class FactRow final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FactRow)
public:
    FactRow(const QString& name, const QString& value, FactLayout layout = FactLayout::Ends, QWidget* parent = nullptr);
    void setValue(const QString& value);
    void setValueRole(TokenRole role);
    void setRule(bool rule);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Label* m_name;
    Label* m_value;
    bool m_rule = false;
};

} // namespace gatehouse::widgets
