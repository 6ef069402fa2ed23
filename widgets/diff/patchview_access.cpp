// What a screen reader finds in a PatchView: a list of its rows, each with what its colour and its place say to those who see. Rows
// are made when they are asked for.
#include <QAccessibleWidget>
#include <QHash>

#include "widgets/diff/diffline.h"
#include "widgets/diff/patchview.h"

namespace gatehouse::widgets {

static QString spokenLine(const Patch& patch, int line)
{
    const PatchLine& place = patch.lines[std::size_t(line)];
    const QString text = diffLine(patch, line).text.text;
    switch (place.kind) {
    case PatchLineKind::Removed:
        return PatchView::tr("removed, line %1: %2").arg(QString::number(place.oldNumber), text);
    case PatchLineKind::Added:
        return PatchView::tr("added, line %1: %2").arg(QString::number(place.newNumber), text);
    case PatchLineKind::Context:
        return PatchView::tr("line %1: %2").arg(QString::number(place.newNumber), text);
    case PatchLineKind::File: {
        const PatchFile& file = patch.files[std::size_t(place.file)];
        QStringList parts = {PatchView::tr("file %1").arg(file.name)};
        parts += fileWords(file);
        parts << PatchView::tr("%n lines added", nullptr, file.added) << PatchView::tr("%n lines removed", nullptr, file.removed);
        return parts.join(QStringLiteral(", "));
    }
    case PatchLineKind::Hunk:
        return PatchView::tr("part %1").arg(text);
    case PatchLineKind::Note:
        break;
    }
    return text;
}

QString PatchView::spokenRow(int index) const
{
    if (index < 0 || index >= rowCount())
        return {};
    const DiffRow place = row(index);
    QStringList parts;
    if (place.left >= 0)
        parts << spokenLine(m_document->patch, place.left);
    if (place.right >= 0 && place.right != place.left)
        parts << spokenLine(m_document->patch, place.right);
    return parts.join(QStringLiteral("; "));
}

namespace {

class RowFace final : public QAccessibleInterface {
public:
    RowFace(PatchView& view, int row) : m_view(view), m_row(row), m_generation(view.generation()) { }

    bool isValid() const override { return m_generation == m_view.generation() && m_row < m_view.rowCount(); }
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
        return kind == QAccessible::Name && isValid() ? m_view.spokenRow(m_row) : QString();
    }

    QRect rect() const override
    {
        const QRect row = isValid() ? m_view.rowRect(m_row) : QRect();
        return row.isEmpty() ? QRect() : QRect(m_view.viewport()->mapToGlobal(row.topLeft()), row.size());
    }

    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invalid = !isValid();
        if (state.invalid)
            return state;
        state.selectable = state.focusable = state.readOnly = true;
        state.offscreen = m_view.rowRect(m_row).isEmpty();
        state.selected = m_view.currentRow() == m_row;
        state.focused = m_view.hasFocus() && state.selected;
        const int line = m_view.row(m_row).line();
        const PatchLineKind kind = m_view.document().patch.lines[std::size_t(line)].kind;
        state.expandable = kind == PatchLineKind::File || kind == PatchLineKind::Hunk;
        state.collapsed = state.expandable && m_view.isFolded(line);
        state.expanded = state.expandable && !state.collapsed;
        return state;
    }

private:
    PatchView& m_view;
    int m_row;
    quint64 m_generation;
};

class ViewFace final : public QAccessibleWidget {
public:
    explicit ViewFace(PatchView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }
    ~ViewFace() override { forget(); }

    int childCount() const override { return m_view.rowCount(); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        if (m_generation != m_view.generation())
            forget();
        QAccessible::Id& id = m_rows[index];
        if (id == 0)
            id = QAccessible::registerAccessibleInterface(new RowFace(m_view, index));
        return QAccessible::accessibleInterface(id);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        return m_rows.key(QAccessible::uniqueId(const_cast<QAccessibleInterface*>(child)), -1);
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        return child(m_view.rowAt(m_view.viewport()->mapFromGlobal(QPoint(x, y))));
    }
    QAccessibleInterface* focusChild() const override { return child(m_view.currentRow()); }

private:
    void forget() const
    {
        for (const QAccessible::Id id : std::as_const(m_rows))
            QAccessible::deleteAccessibleInterface(id);
        m_rows.clear();
        m_generation = m_view.generation();
    }

    PatchView& m_view;
    mutable QHash<int, QAccessible::Id> m_rows;
    mutable quint64 m_generation = 0;
};

QAccessibleInterface* makeFace(const QString&, QObject* object)
{
    auto* view = qobject_cast<PatchView*>(object);
    return view ? new ViewFace(view) : nullptr;
}

} // namespace

void PatchView::makeAccessible()
{
    [[maybe_unused]] static const bool installed = [] {
        QAccessible::installFactory(makeFace);
        return true;
    }();
}

} // namespace gatehouse::widgets
