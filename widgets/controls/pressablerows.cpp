#include "widgets/controls/pressablerows.h"

#include <QAbstractItemView>
#include <QAccessibleWidget>
#include <QHash>
#include <QPointer>
#include <QTreeView>

#include <algorithm>
#include <vector>

namespace gatehouse::widgets {

namespace {

using Press = std::function<void(const QModelIndex&)>;

QHash<const QObject*, Press>& presses()
{
    static QHash<const QObject*, Press> all;
    return all;
}

class RowFace final : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    RowFace(QAbstractItemView& view, const QModelIndex& row) : m_view(&view), m_row(row) { }

    bool isValid() const override { return m_view && m_view->model() && m_row.isValid(); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    QAccessibleInterface* parent() const override { return m_view ? QAccessible::queryAccessibleInterface(m_view) : nullptr; }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override
    {
        return qobject_cast<const QTreeView*>(m_view.data()) ? QAccessible::TreeItem : QAccessible::ListItem;
    }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
    }

    QString text(QAccessible::Text kind) const override
    {
        if (!isValid())
            return {};
        if (kind == QAccessible::Description)
            return m_row.data(Qt::AccessibleDescriptionRole).toString();
        if (kind != QAccessible::Name)
            return {};
        const QString spoken = m_row.data(Qt::AccessibleTextRole).toString();
        return spoken.isEmpty() ? m_row.data(Qt::DisplayRole).toString() : spoken;
    }
    void setText(QAccessible::Text kind, const QString& text) override
    {
        if (kind == QAccessible::Name && isValid() && m_row.flags() & Qt::ItemIsEditable)
            m_view->model()->setData(m_row, text, Qt::EditRole);
    }

    QRect rect() const override
    {
        const QRect seen = isValid() ? m_view->visualRect(m_row) & m_view->viewport()->rect() : QRect();
        return seen.isEmpty() ? QRect() : QRect(m_view->viewport()->mapToGlobal(seen.topLeft()), seen.size());
    }

    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invalid = !isValid();
        if (!isValid())
            return state;
        const Qt::ItemFlags flags = m_row.flags();
        state.disabled = !(flags & Qt::ItemIsEnabled) || !m_view->isEnabled();
        state.selectable = bool(flags & Qt::ItemIsSelectable);
        state.multiSelectable = m_view->selectionMode() != QAbstractItemView::SingleSelection;
        state.selected = m_view->selectionModel()->isSelected(m_row);
        state.focusable = !state.disabled;
        state.focused = m_view->hasFocus() && m_view->currentIndex() == m_row;
        state.editable = bool(flags & Qt::ItemIsEditable);
        if (const auto* tree = qobject_cast<const QTreeView*>(m_view.data()); tree && tree->model()->hasChildren(m_row)) {
            state.expandable = true;
            state.expanded = tree->isExpanded(m_row);
            state.collapsed = !state.expanded;
        }
        state.invisible = rect().isEmpty(); // as Qt's own rows say it
        state.offscreen = state.invisible;
        return state;
    }

    QStringList actionNames() const override
    {
        if (!isValid() || !(m_row.flags() & Qt::ItemIsEnabled))
            return {};
        return {pressAction(), toggleAction(), setFocusAction()};
    }
    QStringList keyBindingsForAction(const QString&) const override { return {}; }
    void doAction(const QString& name) override
    {
        if (!actionNames().contains(name))
            return;
        if (name == toggleAction())
            return toggle();
        m_view->setCurrentIndex(m_row);
        if (name == setFocusAction())
            return m_view->setFocus(Qt::OtherFocusReason);
        const Press press = presses().value(m_view.data()); // a copy: what it does may delete the view
        if (press)
            press(m_row);
    }

private:
    void toggle() const
    {
        QItemSelectionModel& selection = *m_view->selectionModel();
        const bool single = m_view->selectionMode() == QAbstractItemView::SingleSelection;
        const auto how = selection.isSelected(m_row) ? QItemSelectionModel::Deselect
            : single                                 ? QItemSelectionModel::ClearAndSelect
                                                     : QItemSelectionModel::Select;
        selection.setCurrentIndex(m_row, how | QItemSelectionModel::Rows);
    }

    QPointer<QAbstractItemView> m_view;
    QPersistentModelIndex m_row;
};

// Qt counts a tree's head as its first child, also while it is hidden, when it says which row has the focus.
class HeadFace final : public QAccessibleInterface {
public:
    explicit HeadFace(QAbstractItemView& view) : m_view(&view) { }
    bool isValid() const override { return m_view; }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    QAccessibleInterface* parent() const override { return m_view ? QAccessible::queryAccessibleInterface(m_view) : nullptr; }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Name && m_view ? m_view->accessibleName() : QString();
    }
    void setText(QAccessible::Text, const QString&) override { }
    QRect rect() const override { return {}; }
    QAccessible::Role role() const override { return QAccessible::ColumnHeader; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invisible = true;
        return state;
    }

private:
    QPointer<QAbstractItemView> m_view;
};

class RowsFace final : public QAccessibleWidget {
public:
    explicit RowsFace(QAbstractItemView& view)
        : QAccessibleWidget(&view, qobject_cast<QTreeView*>(&view) ? QAccessible::Tree : QAccessible::List),
          m_view(view),
          m_tree(qobject_cast<QTreeView*>(&view))
    {
        const QAbstractItemModel* model = view.model();
        const auto forget = [this] { m_known = false; };
        QObject::connect(model, &QAbstractItemModel::modelReset, &m_news, forget);
        QObject::connect(model, &QAbstractItemModel::layoutChanged, &m_news, forget);
        QObject::connect(model, &QAbstractItemModel::rowsInserted, &m_news, forget);
        QObject::connect(model, &QAbstractItemModel::rowsRemoved, &m_news, forget);
        QObject::connect(model, &QAbstractItemModel::rowsMoved, &m_news, forget);
        if (!m_tree)
            return;
        QObject::connect(m_tree, &QTreeView::expanded, &m_news, forget);
        QObject::connect(m_tree, &QTreeView::collapsed, &m_news, forget);
    }
    ~RowsFace() override
    {
        for (const QAccessible::Id face : std::as_const(m_faces))
            QAccessible::deleteAccessibleInterface(face);
        if (m_head != 0)
            QAccessible::deleteAccessibleInterface(m_head);
    }

    int childCount() const override { return int(rows().size()) + firstRow(); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        if (index < firstRow()) {
            if (m_head == 0)
                m_head = QAccessible::registerAccessibleInterface(new HeadFace(m_view));
            return QAccessible::accessibleInterface(m_head);
        }
        return face(rows()[std::size_t(index - firstRow())]);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const QAccessible::Id wanted = QAccessible::uniqueId(const_cast<QAccessibleInterface*>(child));
        if (wanted == m_head)
            return 0;
        const QModelIndex row = m_faces.key(wanted);
        const auto& all = rows();
        const auto found = row.isValid() ? std::ranges::find(all, row) : all.end();
        return found == all.end() ? -1 : int(found - all.begin()) + firstRow();
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        const QModelIndex row = m_view.indexAt(m_view.viewport()->mapFromGlobal(QPoint(x, y)));
        return row.isValid() ? face(row) : nullptr;
    }
    QAccessibleInterface* focusChild() const override
    {
        const QModelIndex current = m_view.currentIndex();
        return m_view.hasFocus() && current.isValid() ? face(current) : QAccessibleWidget::focusChild();
    }

private:
    [[nodiscard]] int firstRow() const { return m_tree ? 1 : 0; }

    // Plain indexes: whatever moves them makes the list anew.
    const std::vector<QModelIndex>& rows() const
    {
        if (m_known)
            return m_rows;
        m_known = true;
        m_rows.clear();
        const QAbstractItemModel* model = m_view.model();
        if (m_tree) {
            for (QModelIndex row = model->index(0, 0); row.isValid(); row = m_tree->indexBelow(row))
                m_rows.push_back(row);
        } else {
            for (int i = 0; i < model->rowCount(m_view.rootIndex()); ++i)
                m_rows.push_back(model->index(i, 0, m_view.rootIndex()));
        }
        // Faces of rows that are gone go with them.
        for (auto it = m_faces.begin(); it != m_faces.end();) {
            if (it.key().isValid()) {
                ++it;
                continue;
            }
            QAccessible::deleteAccessibleInterface(it.value());
            it = m_faces.erase(it);
        }
        return m_rows;
    }

    QAccessibleInterface* face(const QPersistentModelIndex& row) const
    {
        QAccessible::Id& face = m_faces[row];
        if (face == 0)
            face = QAccessible::registerAccessibleInterface(new RowFace(m_view, row));
        return QAccessible::accessibleInterface(face);
    }

    QAbstractItemView& m_view;
    QTreeView* m_tree;
    QObject m_news;
    mutable bool m_known = false;
    mutable std::vector<QModelIndex> m_rows;
    mutable QHash<QPersistentModelIndex, QAccessible::Id> m_faces;
    mutable QAccessible::Id m_head = 0;
};

QAccessibleInterface* makeRowsFace(const QString&, QObject* object)
{
    auto* view = qobject_cast<QAbstractItemView*>(object);
    return view && presses().contains(view) && view->model() ? new RowsFace(*view) : nullptr;
}

} // namespace

void makeRowsPressable(QAbstractItemView& view, std::function<void(const QModelIndex&)> press)
{
    [[maybe_unused]] static const bool installed = [] {
        QAccessible::installFactory(makeRowsFace);
        return true;
    }();
    if (!presses().contains(&view)) {
        // One that Qt made before knows of no pressing.
        if (QAccessibleInterface* before = QAccessible::queryAccessibleInterface(&view))
            QAccessible::deleteAccessibleInterface(QAccessible::uniqueId(before));
        QObject::connect(&view, &QObject::destroyed, &view, [gone = &view] { presses().remove(gone); });
    }
    presses()[&view] = std::move(press);
}

} // namespace gatehouse::widgets
