// The edits of an OutlineTree, and the menus that offer them.
#include <QContextMenuEvent>
#include <QToolTip>

#include "widgets/outline/nodewords.h"
#include "widgets/outline/outlinetree.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

using namespace authoring;

void OutlineTree::refuse(const QString& reason)
{
    const QRect row = visualRect(currentIndex());
    QToolTip::showText(viewport()->mapToGlobal(row.bottomLeft()), plainToolTip(reason), viewport());
    Q_EMIT refused(reason);
}

void OutlineTree::makeEdit(const QString& name, const WorkflowDocument::Change& change)
{
    if (!m_document.canEdit())
        return;
    if (const auto done = m_document.edit(name, change); !done)
        refuse(reasonOf(done.error()));
}

void OutlineTree::renameCurrent()
{
    edit(currentIndex());
}

void OutlineTree::removeCurrent()
{
    const auto user = m_model.userOf(currentIndex());
    const OutlineRow* row = m_model.row(currentIndex());
    if (!user || selectionModel()->selectedRows().size() > 1) {
        removeEverywhere();
        return;
    }
    const NodeId other = row->node;
    const bool isData = other.kind == NodeKind::Data;
    makeEdit(tr("Take %1 from %2").arg(row->name, nodeName(*user)),
             [&, user](Editor& editor) { return isData ? disconnectNodes(editor, other, *user) : disconnectNodes(editor, *user, other); });
}

void OutlineTree::removeEverywhere()
{
    const std::set<NodeId> nodes = selectedNodes();
    if (nodes.empty())
        return;
    const QString name =
        nodes.size() == 1 ? tr("Remove %1").arg(nodeName(*nodes.begin())) : tr("Remove %n node(s)", nullptr, int(nodes.size()));
    makeEdit(name, [&nodes](Editor& editor) { return removeNodes(editor, nodes); });
}

void OutlineTree::add(NodeKind kind)
{
    std::optional<NodeId> added;
    makeEdit(tr("Add %1").arg(kindName(kind).toLower()), [&](Editor& editor) -> Result<void> {
        GH_ASSIGN(added, addNode(editor, kind, {}, freePlace(m_document, kind)));
        return {};
    });
    if (!added)
        return;
    m_document.select({*added}, *added);
    const QModelIndexList places = m_model.indexesOf(*added);
    if (!places.isEmpty())
        setCurrentIndex(places.first());
}

std::unique_ptr<QMenu> OutlineTree::makeConnectMenu()
{
    auto menu = std::make_unique<QMenu>(tr("Connect to…"));
    const OutlineRow* row = m_model.row(currentIndex());
    if (!row || row->kind == OutlineRow::Kind::UnusedGroup)
        return menu;
    const NodeId from = row->node;
    NodeKind last = NodeKind::Agent;
    for (const GraphNode& node : m_document.graph().nodes) {
        const NodeId to = node.id;
        if (wireFault(m_document.graph(), from, to) != WireFault::None)
            continue;
        if (to.kind != last && !menu->isEmpty())
            menu->addSeparator();
        last = to.kind;
        const QString text = tr("%1 (%2)").arg(nodeName(to), kindName(to.kind).toLower());
        menu->addAction(withoutMnemonics(text), this, [this, from, to] {
            makeEdit(tr("Connect %1 to %2").arg(nodeName(from), nodeName(to)),
                     [&](Editor& editor) { return connectNodes(editor, from, to); });
        });
    }
    if (menu->isEmpty())
        menu->addAction(tr("Nothing else can be connected"))->setEnabled(false);
    return menu;
}

void OutlineTree::connectCurrent()
{
    if (!m_document.canEdit() || !currentIndex().isValid())
        return;
    const auto menu = makeConnectMenu();
    if (!menu->actions().isEmpty())
        menu->setActiveAction(menu->actions().constFirst());
    menu->exec(viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft()));
}

void OutlineTree::showSource(const NodeId& node)
{
    const GraphNode* found = m_document.graph().find(node);
    const JsonDocument* document = m_document.document();
    if (found && document && !found->pointer.empty())
        Q_EMIT m_document.placeRequested(document->keyPosition(found->pointer).offset);
}

void OutlineTree::addUseActions(QMenu& menu, const QModelIndex& index)
{
    const auto user = m_model.userOf(index);
    const OutlineRow* row = m_model.row(index);
    if (!user)
        return;
    const NodeId agent = *user;
    const NodeId node = row->node;
    if (node.kind == NodeKind::Data) {
        QMenu* access = menu.addMenu(tr("Access"));
        const GraphWire* wire = m_document.graph().wire(node, agent);
        const auto choice = [&](const QString& text, Access to) {
            QAction* action = access->addAction(text, this, [this, node, agent, to] {
                makeEdit(tr("Change the access of %1 to %2").arg(nodeName(agent), nodeName(node)),
                         [&](Editor& editor) { return setAccess(editor, node, agent, to); });
            });
            action->setCheckable(true);
            action->setChecked(wire && wire->access == to);
        };
        choice(tr("Read"), Access::Read);
        choice(tr("Read and write"), Access::Write);
    }
    QAction* remove = menu.addAction(withoutMnemonics(tr("Take from %1").arg(nodeName(agent))), this, &OutlineTree::removeCurrent);
    remove->setShortcut(QKeySequence::Delete);
}

void OutlineTree::addNodeActions(QMenu& menu, const OutlineRow& row)
{
    const NodeId node = row.node;
    const bool defined = !row.missing && node.kind != NodeKind::Capability;
    if (node.kind == NodeKind::Agent && !row.missing) {
        QAction* entry = menu.addAction(tr("Make the entry agent"), this, [this, node] {
            makeEdit(tr("Make %1 the entry agent").arg(nodeName(node)), [&](Editor& editor) { return setEntry(editor, node); });
        });
        entry->setEnabled(!m_document.graph().find(node)->entry);
    }
    menu.addMenu(makeConnectMenu().release())->menu()->setParent(&menu, menu.windowFlags());
    menu.addAction(tr("Rename"), this, &OutlineTree::renameCurrent)->setShortcut(Qt::Key_F2);
    menu.actions().constLast()->setEnabled(defined);
    menu.addAction(tr("Show in the source"), this, [this, node] { showSource(node); });
    if (defined || row.missing) {
        QAction* remove =
            menu.addAction(withoutMnemonics(tr("Remove %1 from the workflow").arg(row.name)), this, &OutlineTree::removeEverywhere);
        remove->setShortcut(m_model.userOf(currentIndex()) ? QKeySequence(Qt::SHIFT | Qt::Key_Delete) : QKeySequence(QKeySequence::Delete));
    }
}

std::unique_ptr<QMenu> OutlineTree::makeMenu()
{
    auto menu = std::make_unique<QMenu>();
    const OutlineRow* row = m_model.row(currentIndex());
    if (row && row->kind != OutlineRow::Kind::UnusedGroup) {
        addNodeActions(*menu, *row);
        menu->addSeparator();
        addUseActions(*menu, currentIndex());
        menu->addSeparator();
    }
    QMenu* more = menu->addMenu(tr("Add"));
    for (const NodeKind kind : {NodeKind::Agent, NodeKind::Tool, NodeKind::Data, NodeKind::Mcp})
        more->addAction(kindName(kind), this, [this, kind] { add(kind); });
    for (QAction* action : menu->actions()) {
        action->setEnabled(action->isEnabled() && (m_document.canEdit() || action->text() == tr("Show in the source")));
        action->setShortcutVisibleInContextMenu(true);
    }
    return menu;
}

void OutlineTree::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        const QModelIndex under = indexAt(viewport()->mapFromGlobal(event->globalPos()));
        if (under.isValid() && !selectionModel()->isSelected(under))
            setCurrentIndex(under);
    }
    const QPoint place =
        event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft());
    makeMenu()->exec(place);
}

} // namespace gatehouse::widgets
