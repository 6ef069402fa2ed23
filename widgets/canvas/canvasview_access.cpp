// What a screen reader finds in a canvas: a list of its nodes in reading order, each with its state, and its wires in words.
#include "widgets/canvas/canvasview.h"

#include <QAccessibleWidget>

#include "widgets/authoring/workflowdocument.h"
#include "widgets/canvas/canvasspeech.h"
#include "widgets/controls/partface.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

namespace {

constexpr std::size_t mostFaces = 4096;

class CardFace final : public PartFace, public QAccessibleActionInterface {
public:
    CardFace(CanvasView& view, NodeId id) : PartFace(view, view), m_view(view), m_id(std::move(id)) { }

    bool isValid() const override { return node() != nullptr; }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
    }

    QString text(QAccessible::Text kind) const override
    {
        if (kind == QAccessible::Description && isValid())
            return spokenWires(m_view.document().graph(), m_id);
        return PartFace::text(kind);
    }
    QAccessible::State state() const override
    {
        QAccessible::State state = PartFace::state();
        if (state.invalid)
            return state;
        state.readOnly = false;
        state.multiSelectable = true;
        state.selected = m_view.document().selection().contains(m_id);
        state.focused = m_view.hasFocus() && isCurrent();
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

protected:
    QString name() const override { return spokenName(*node()); }
    QRect place() const override { return m_view.toView(node()->rect).toRect() & m_view.rect(); }
    bool isCurrent() const override { return m_view.document().current() == m_id; }

private:
    [[nodiscard]] const CanvasNode* node() const { return m_view.scene().find(m_id); }
    CanvasView& m_view;
    NodeId m_id;
};

class CanvasFace final : public QAccessibleWidget {
public:
    explicit CanvasFace(CanvasView* view) : QAccessibleWidget(view, QAccessible::List), m_view(*view) { }

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
        if (const NodeId* id = m_faces.keyOf(child)) {
            const auto node = m_view.scene().indexOf(*id);
            const auto& order = m_view.scene().readingOrder();
            return node ? int(std::ranges::find(order, *node) - order.begin()) : -1;
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
        return m_faces.face(id, [&] { return new CardFace(m_view, id); });
    }

    CanvasView& m_view;
    mutable Faces<NodeId> m_faces{mostFaces};
};

} // namespace

void CanvasView::makeAccessible()
{
    installFace<CanvasView, CanvasFace>();
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
