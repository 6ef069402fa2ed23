// What a screen reader finds in a canvas: a list of its nodes in reading order, each with its state, and its wires in words.
#include "widgets/canvas/canvasview.h"

#include <QAccessibleWidget>
#include <QHash>

#include "widgets/authoring/workflowdocument.h"
#include "widgets/canvas/canvasspeech.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

namespace {

class CardFace final : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    CardFace(CanvasView& view, NodeId id) : m_view(view), m_id(std::move(id)) { }

    bool isValid() const override { return node() != nullptr; }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(&m_view); }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    void setText(QAccessible::Text, const QString&) override { }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
    }

    QString text(QAccessible::Text kind) const override
    {
        const CanvasNode* node = this->node();
        if (!node)
            return {};
        if (kind == QAccessible::Name)
            return spokenName(*node);
        return kind == QAccessible::Description ? spokenWires(m_view.document().graph(), m_id) : QString();
    }

    QRect rect() const override
    {
        const CanvasNode* node = this->node();
        if (!node)
            return {};
        const QRect card = m_view.toView(node->rect).toRect() & m_view.rect();
        return card.isEmpty() ? QRect() : QRect(m_view.mapToGlobal(card.topLeft()), card.size());
    }

    QAccessible::State state() const override
    {
        QAccessible::State state;
        const CanvasNode* node = this->node();
        state.invalid = !node;
        state.selectable = true;
        state.multiSelectable = true;
        state.focusable = true;
        state.selected = m_view.document().selection().contains(m_id);
        state.focused = m_view.hasFocus() && m_view.document().current() == m_id;
        state.offscreen = !node || !m_view.toView(node->rect).intersects(m_view.rect());
        return state;
    }

    QStringList actionNames() const override { return {toggleAction(), pressAction(), setFocusAction()}; }
    void doAction(const QString& name) override
    {
        WorkflowDocument& document = m_view.document();
        if (!isValid())
            return;
        if (name == toggleAction()) {
            std::set<NodeId> selection = document.selection();
            if (!selection.erase(m_id))
                selection.insert(m_id);
            document.select(selection, m_id);
        } else if (name == setFocusAction()) {
            m_view.setFocus(Qt::OtherFocusReason);
            document.select({m_id}, m_id);
            m_view.reveal(m_id);
        } else if (name == pressAction()) {
            document.select({m_id}, m_id);
            Q_EMIT m_view.openRequested(m_id);
        }
    }
    QStringList keyBindingsForAction(const QString&) const override { return {}; }

private:
    [[nodiscard]] const CanvasNode* node() const { return m_view.scene().find(m_id); }
    CanvasView& m_view;
    NodeId m_id;
};

class CanvasFace final : public QAccessibleWidget {
public:
    explicit CanvasFace(CanvasView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }
    ~CanvasFace() override
    {
        for (const auto& [id, face] : m_faces)
            QAccessible::deleteAccessibleInterface(face);
    }

    // The nodes, then the controls that lie on the canvas.
    int childCount() const override { return nodeCount() + QAccessibleWidget::childCount(); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0)
            return nullptr;
        if (index >= nodeCount())
            return QAccessibleWidget::child(index - nodeCount());
        return face(m_view.scene().readingOrder()[std::size_t(index)]);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        const QAccessible::Id wanted = QAccessible::uniqueId(const_cast<QAccessibleInterface*>(child));
        const auto& order = m_view.scene().readingOrder();
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto found = m_faces.find(m_view.scene().nodes()[order[i]].id());
            if (found != m_faces.end() && found->second == wanted)
                return int(i);
        }
        const int widget = QAccessibleWidget::indexOfChild(child);
        return widget < 0 ? -1 : nodeCount() + widget;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        if (QAccessibleInterface* widget = QAccessibleWidget::childAt(x, y))
            return widget;
        const auto node = m_view.scene().nodeAt(m_view.toScene(m_view.mapFromGlobal(QPoint(x, y))));
        return node ? face(*node) : nullptr;
    }
    QAccessibleInterface* focusChild() const override
    {
        const auto current = m_view.document().current();
        const auto node = m_view.hasFocus() && current ? m_view.scene().indexOf(*current) : std::nullopt;
        return node ? face(*node) : QAccessibleWidget::focusChild();
    }

private:
    [[nodiscard]] int nodeCount() const { return int(m_view.scene().nodes().size()); }
    [[nodiscard]] QAccessibleInterface* face(std::size_t node) const
    {
        const NodeId& id = m_view.scene().nodes()[node].id();
        QAccessible::Id& face = m_faces[id];
        if (face == 0)
            face = QAccessible::registerAccessibleInterface(new CardFace(m_view, id));
        return QAccessible::accessibleInterface(face);
    }

    CanvasView& m_view;
    mutable std::map<NodeId, QAccessible::Id> m_faces;
};

QAccessibleInterface* makeFace(const QString&, QObject* object)
{
    auto* view = qobject_cast<CanvasView*>(object);
    return view ? new CanvasFace(view) : nullptr;
}

} // namespace

void CanvasView::makeAccessible()
{
    [[maybe_unused]] static const bool installed = [] {
        QAccessible::installFactory(makeFace);
        return true;
    }();
}

void CanvasView::tellFocus()
{
    const auto current = m_document.current() ? m_scene.indexOf(*m_document.current()) : std::nullopt;
    if (!QAccessible::isActive() || !hasFocus() || !current)
        return;
    QAccessibleEvent focused(this, QAccessible::Focus);
    focused.setChild(int(std::ranges::find(m_scene.readingOrder(), *current) - m_scene.readingOrder().begin()));
    QAccessible::updateAccessibility(&focused);
}

} // namespace gatehouse::widgets
