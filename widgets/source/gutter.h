// Gutter: the strip left of a SourcePane's text: line numbers, marks of problems, the bar of the selected node. GUI thread.
#pragma once

#include <QHelpEvent>
#include <QWidget>

#include "widgets/source/sourcepane.h"

namespace gatehouse::widgets {

class Gutter final : public QWidget {
public:
    explicit Gutter(SourcePane& pane) : QWidget(&pane), m_pane(pane) { }
    [[nodiscard]] QSize sizeHint() const override { return {m_pane.gutterWidth(), 0}; }

protected:
    void paintEvent(QPaintEvent* event) override { m_pane.paintGutter(event); }
    bool event(QEvent* event) override
    {
        return (event->type() == QEvent::ToolTip && m_pane.gutterToolTip(static_cast<QHelpEvent*>(event))) || QWidget::event(event);
    }

private:
    SourcePane& m_pane;
};

} // namespace gatehouse::widgets
