// What a screen reader finds in a CodeView: a list of its lines, each with what its colour says to those who see.
#include "widgets/text/codeview.h"

#include <QAccessibleWidget>
#include <QHash>
#include <QScrollArea>
#include <QScrollBar>

namespace gatehouse::widgets {

namespace {

class LineFace final : public QAccessibleInterface {
public:
    LineFace(CodeView& view, int line) : m_view(view), m_line(line) { }

    bool isValid() const override { return m_line < int(m_view.lines().size()); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(&m_view); }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    void setText(QAccessible::Text, const QString&) override { }
    QAccessible::Role role() const override { return QAccessible::ListItem; }

    QString text(QAccessible::Text kind) const override
    {
        if (kind != QAccessible::Name || !isValid())
            return {};
        const CodeLine& line = m_view.lines()[std::size_t(m_line)];
        QStringList words;
        for (const QString& word : {line.spoken, line.label, line.text.text})
            if (!word.isEmpty())
                words << word;
        // What has no name is passed over: an empty line of what will run is a line too.
        return words.isEmpty() ? CodeView::tr("blank") : words.join(u' ');
    }

    QRect rect() const override
    {
        const QRect line = m_view.lineRect(m_line);
        return line.isEmpty() ? QRect() : QRect(m_view.viewport()->mapToGlobal(line.topLeft()), line.size());
    }

    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.selectable = true;
        state.focusable = true;
        state.readOnly = true;
        state.offscreen = m_view.lineRect(m_line).isEmpty();
        state.focused = m_view.hasFocus() && m_view.currentLine() == m_line;
        state.selected = m_view.currentLine() == m_line;
        return state;
    }

private:
    CodeView& m_view;
    int m_line;
};

class ViewFace final : public QAccessibleWidget {
public:
    explicit ViewFace(CodeView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }
    ~ViewFace() override
    {
        for (const QAccessible::Id id : m_lines)
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return int(m_view.lines().size()); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        QAccessible::Id& id = m_lines[index];
        if (id == 0)
            id = QAccessible::registerAccessibleInterface(new LineFace(m_view, index));
        return QAccessible::accessibleInterface(id);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const QAccessible::Id id = QAccessible::uniqueId(const_cast<QAccessibleInterface*>(child));
        return m_lines.key(id, -1);
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
    mutable QHash<int, QAccessible::Id> m_lines;
};

QAccessibleInterface* makeFace(const QString&, QObject* object)
{
    auto* view = qobject_cast<CodeView*>(object);
    return view ? new ViewFace(view) : nullptr;
}

} // namespace

void CodeView::makeAccessible()
{
    [[maybe_unused]] static const bool installed = [] {
        QAccessible::installFactory(makeFace);
        return true;
    }();
}

} // namespace gatehouse::widgets
