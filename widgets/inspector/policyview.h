// PolicyView: the decisions about one row, each with the rules that counted and those that nearly did. GUI thread.
#pragma once

#include <QScrollArea>

#include "widgets/models/runrow.h"

class QVBoxLayout;

namespace gatehouse::widgets {

class PolicyView final : public QScrollArea {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PolicyView)
public:
    explicit PolicyView(QWidget* parent = nullptr);
    void setDecisions(const std::vector<policy::Decision>& decisions);

private:
    void add(QVBoxLayout& column, const policy::Decision& decision) const;
};

} // namespace gatehouse::widgets
