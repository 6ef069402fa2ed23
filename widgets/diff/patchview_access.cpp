// What a screen reader finds in a PatchView: a list of its rows, each with what its colour and its place say to those who see. Rows
// are made when they are asked for.
#include <QAccessibleWidget>

#include "widgets/controls/partface.h"
#include "widgets/diff/diffline.h"
#include "widgets/diff/patchview.h"

#include <utility>

namespace gatehouse::widgets {

static QString spokenLine(const Patch& patch, int line)
{
    const PatchLine& place = patch.lines[std::size_t(line)];
    QString text = diffLine(patch, line).text.text;
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

constexpr std::size_t mostFaces = 4096;

class RowFace final : public PartFace {
public:
    RowFace(PatchView& view, int row) : PartFace(view, *view.viewport()), m_view(view), m_row(row), m_generation(view.generation()) { }

    bool isValid() const override { return m_generation == m_view.generation() && m_row < m_view.rowCount(); }
    QAccessible::State state() const override
    {
        QAccessible::State state = PartFace::state();
        if (state.invalid)
            return state;
        const int line = m_view.row(m_row).line();
        const PatchLineKind kind = m_view.document().patch.lines[std::size_t(line)].kind;
        state.expandable = kind == PatchLineKind::File || kind == PatchLineKind::Hunk;
        state.collapsed = state.expandable && m_view.isFolded(line);
        state.expanded = state.expandable && !state.collapsed;
        return state;
    }

protected:
    QString name() const override { return m_view.spokenRow(m_row); }
    QRect place() const override { return m_view.rowRect(m_row); }
    bool isCurrent() const override { return m_view.currentRow() == m_row; }

private:
    PatchView& m_view;
    int m_row;
    quint64 m_generation;
};

class ViewFace final : public QAccessibleWidget {
public:
    explicit ViewFace(PatchView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }

    int childCount() const override { return m_view.rowCount(); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        if (std::exchange(m_generation, m_view.generation()) != m_view.generation())
            m_rows.forget();
        return m_rows.face(index, [&] { return new RowFace(m_view, index); });
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const int* row = m_rows.keyOf(child);
        return row && child->isValid() ? *row : -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        return child(m_view.rowAt(m_view.viewport()->mapFromGlobal(QPoint(x, y))));
    }
    QAccessibleInterface* focusChild() const override { return child(m_view.currentRow()); }

private:
    PatchView& m_view;
    mutable Faces<int> m_rows{mostFaces};
    mutable quint64 m_generation = 0;
};

} // namespace

void PatchView::makeAccessible()
{
    installFace<PatchView, ViewFace>();
}

} // namespace gatehouse::widgets
