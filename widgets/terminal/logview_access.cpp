// What a screen reader finds in a LogView: a list of its lines, each with its stream. Faces are made as they are asked for, and only so
// many are kept.
#include <QAccessibleWidget>

#include "widgets/controls/partface.h"
#include "widgets/terminal/logview.h"

namespace gatehouse::widgets {

namespace {

constexpr std::size_t mostFaces = 4096;

class LogLineFace final : public PartFace {
public:
    LogLineFace(LogView& view, std::uint64_t line) : PartFace(view, *view.viewport()), m_view(view), m_line(line) { }

    bool isValid() const override { return m_line >= m_view.store().firstLine() && m_line < m_view.store().endLine(); }

protected:
    QString name() const override { return m_view.spokenLine(m_line); }
    QRect place() const override { return m_view.lineRect(m_line); }
    bool isCurrent() const override { return m_view.caret().line == m_line; }

private:
    LogView& m_view;
    std::uint64_t m_line;
};

class LogFace final : public QAccessibleWidget {
public:
    explicit LogFace(LogView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }

    int childCount() const override { return int(m_view.store().endLine() - m_view.store().firstLine()); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        const std::uint64_t line = m_view.store().firstLine() + std::uint64_t(index);
        return m_faces.face(line, [&] { return new LogLineFace(m_view, line); });
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const std::uint64_t* line = m_faces.keyOf(child);
        return line ? indexOf(*line) : -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        return child(indexOf(m_view.placeAt(m_view.viewport()->mapFromGlobal(QPoint(x, y))).line));
    }
    QAccessibleInterface* focusChild() const override { return child(indexOf(m_view.caret().line)); }

private:
    int indexOf(std::uint64_t line) const { return line < m_view.store().firstLine() ? -1 : int(line - m_view.store().firstLine()); }

    LogView& m_view;
    mutable Faces<std::uint64_t> m_faces{mostFaces}; // by line
};

} // namespace

// A screen reader reads the line to which the caret came.
void LogView::sayCaret()
{
    if (m_store.isEmpty() || !hasFocus() || !QAccessible::isActive())
        return;
    QAccessibleEvent event(this, QAccessible::Focus);
    event.setChild(int(m_caret.line - m_store.firstLine()));
    QAccessible::updateAccessibility(&event);
}

void LogView::makeAccessible()
{
    installFace<LogView, LogFace>();
}

} // namespace gatehouse::widgets
