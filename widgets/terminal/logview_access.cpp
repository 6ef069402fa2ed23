// What a screen reader finds in a LogView: a list of its lines, each with its stream. Faces are made as they are asked for, and only so
// many are kept.
#include <QAccessibleWidget>
#include <QHash>

#include "widgets/terminal/logview.h"

namespace gatehouse::widgets {

namespace {

constexpr qsizetype mostFaces = 4096;

class LogLineFace final : public QAccessibleInterface {
public:
    LogLineFace(LogView& view, std::uint64_t line) : m_view(view), m_line(line) { }

    bool isValid() const override { return m_line >= m_view.store().firstLine() && m_line < m_view.store().endLine(); }
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
        return kind == QAccessible::Name && isValid() ? m_view.spokenLine(m_line) : QString();
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
        state.selected = m_view.caret().line == m_line;
        state.focused = m_view.hasFocus() && state.selected;
        return state;
    }

private:
    LogView& m_view;
    std::uint64_t m_line;
};

class LogFace final : public QAccessibleWidget {
public:
    explicit LogFace(LogView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }
    ~LogFace() override { forget(); }

    int childCount() const override { return int(m_view.store().endLine() - m_view.store().firstLine()); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        const std::uint64_t line = m_view.store().firstLine() + std::uint64_t(index);
        if (m_faces.size() >= mostFaces && !m_faces.contains(line))
            forget();
        QAccessible::Id& id = m_faces[line];
        if (id == 0)
            id = QAccessible::registerAccessibleInterface(new LogLineFace(m_view, line));
        return QAccessible::accessibleInterface(id);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const QAccessible::Id id = QAccessible::uniqueId(const_cast<QAccessibleInterface*>(child));
        for (auto face = m_faces.cbegin(); face != m_faces.cend(); ++face)
            if (face.value() == id && face.key() >= m_view.store().firstLine())
                return int(face.key() - m_view.store().firstLine());
        return -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        return child(indexOf(m_view.placeAt(m_view.viewport()->mapFromGlobal(QPoint(x, y))).line));
    }
    QAccessibleInterface* focusChild() const override { return child(indexOf(m_view.caret().line)); }

private:
    int indexOf(std::uint64_t line) const { return line < m_view.store().firstLine() ? -1 : int(line - m_view.store().firstLine()); }
    void forget() const
    {
        for (const QAccessible::Id id : m_faces)
            QAccessible::deleteAccessibleInterface(id);
        m_faces.clear();
    }

    LogView& m_view;
    mutable QHash<std::uint64_t, QAccessible::Id> m_faces; // by line
};

QAccessibleInterface* makeLogFace(const QString&, QObject* object)
{
    auto* view = qobject_cast<LogView*>(object);
    return view ? new LogFace(view) : nullptr;
}

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
    [[maybe_unused]] static const bool installed = [] {
        QAccessible::installFactory(makeLogFace);
        return true;
    }();
}

} // namespace gatehouse::widgets
