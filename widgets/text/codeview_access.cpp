// What a screen reader finds in a CodeView: a list of its lines, each with what its colour says to those who see.
#include "widgets/text/codeview.h"

#include <QAccessibleWidget>
#include <QScrollArea>
#include <QScrollBar>

#include "widgets/controls/partface.h"

namespace gatehouse::widgets {

namespace {

// What a person must read whole is found whole; its lines are bounded by the payload.
constexpr std::size_t mostFaces = std::size_t(1) << 20;

class LineFace final : public PartFace {
public:
    LineFace(CodeView& view, int line) : PartFace(view, *view.viewport()), m_view(view), m_line(line) { }

    bool isValid() const override { return m_line < int(m_view.lines().size()); }

protected:
    QString name() const override
    {
        const CodeLine& line = m_view.lines()[std::size_t(m_line)];
        QStringList words;
        for (const QString& word : {line.spoken, line.label, line.text.text})
            if (!word.isEmpty())
                words << word;
        // What has no name is passed over: an empty line of what will run is a line too.
        return words.isEmpty() ? CodeView::tr("blank") : words.join(u' ');
    }
    QRect place() const override { return m_view.lineRect(m_line); }
    bool isCurrent() const override { return m_view.currentLine() == m_line; }

private:
    CodeView& m_view;
    int m_line;
};

class ViewFace final : public QAccessibleWidget {
public:
    explicit ViewFace(CodeView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }

    int childCount() const override { return int(m_view.lines().size()); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        return m_lines.face(index, [&] { return new LineFace(m_view, index); });
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const int* line = m_lines.keyOf(child);
        return line ? *line : -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        return child(m_view.lineAt(m_view.viewport()->mapFromGlobal(QPoint(x, y))));
    }
    QAccessibleInterface* focusChild() const override { return child(m_view.currentLine()); }

    QStringList actionNames() const override { return QAccessibleWidget::actionNames() << previousPageAction() << nextPageAction(); }
    void doAction(const QString& name) override
    {
        QScrollBar& bar = *m_view.verticalScrollBar();
        if (name == previousPageAction())
            bar.triggerAction(QScrollBar::SliderPageStepSub);
        else if (name != nextPageAction())
            QAccessibleWidget::doAction(name);
        else if (const QRect unseen = m_view.showFirstUnseen(); unseen.isNull())
            bar.triggerAction(QScrollBar::SliderPageStepAdd);
        else
            bringIntoSight(unseen);
    }

private:
    // Also where an area around the view hides it: as much of what follows the row as there is room for, but the row in any case.
    void bringIntoSight(const QRect& row) const
    {
        const QWidget* inside = m_view.viewport();
        for (QWidget* around = m_view.parentWidget(); around; around = around->parentWidget()) {
            auto* area = qobject_cast<QScrollArea*>(around);
            if (!area || !area->widget())
                continue;
            for (const int y : {inside->height(), row.top(), row.bottom()})
                area->ensureVisible(0, inside->mapTo(area->widget(), QPoint(0, y)).y(), 0, 4);
        }
    }

    CodeView& m_view;
    mutable Faces<int> m_lines{mostFaces};
};

} // namespace

void CodeView::makeAccessible()
{
    installFace<CodeView, ViewFace>();
}

} // namespace gatehouse::widgets
