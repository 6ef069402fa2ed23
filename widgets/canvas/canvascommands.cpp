#include "widgets/canvas/canvascommands.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include "widgets/approval/presentationtext.h"
#include "widgets/canvas/canvasmetrics.h"
#include "widgets/canvas/canvasview.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

using namespace authoring;

template <typename Work>
QAction* CanvasCommands::add(const char* id, const QString& text, const QList<QKeySequence>& keys, const QString& help, Work work)
{
    auto* action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(id));
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setWhatsThis(help);
    action->setStatusTip(help);
    connect(action, &QAction::triggered, this, work);
    m_view.addAction(action);
    m_all.push_back(action);
    return action;
}

CanvasCommands::CanvasCommands(CanvasView& view) : QObject(&view), m_view(view), m_document(view.document())
{
    makeInserting();
    makeEditing();
    makeMoving();
    makeViewing();
    const auto refreshed = [this] { refresh(); };
    connect(&m_document, &WorkflowDocument::selectionChanged, this, refreshed);
    connect(&m_document, &WorkflowDocument::graphChanged, this, refreshed);
    connect(&m_document, &WorkflowDocument::canEditChanged, this, refreshed);
    connect(&m_document, &WorkflowDocument::stateChanged, this, refreshed);
    connect(&m_document.undoStack(), &QUndoStack::indexChanged, this, refreshed);
    refresh();
}

void CanvasCommands::makeInserting()
{
    add("canvas.insert", tr("&Insert…"), {QKeySequence(Qt::CTRL | Qt::Key_Space)}, tr("Chooses what to add to the workflow."),
        [this] { Q_EMIT insertRequested(); });
    add("canvas.addAgent", tr("Add &agent"), {}, tr("Adds an agent; the first one gets the task."), [this] { add(NodeKind::Agent); });
    add("canvas.addTool", tr("Add &tool"), {}, tr("Adds a command that the current agent may call."), [this] { add(NodeKind::Tool); });
    add("canvas.addData", tr("Add &data"), {}, tr("Adds a file; drop files or folders of the project for others."),
        [this] { add(NodeKind::Data); });
    add("canvas.addMcp", tr("Add &MCP server"), {}, tr("Adds a server whose tools the current agent may call."),
        [this] { add(NodeKind::Mcp); });
    add("canvas.giveShell", tr("Give it the &shell"), {}, tr("The current agent may run commands in its sandbox."),
        [this] { give("shell"); });
    add("canvas.giveFilesystem", tr("Give it the &filesystem"), {}, tr("The current agent may read and write files of its workspace."),
        [this] { give("filesystem"); });
    add("canvas.connect", tr("&Connect…"), {QKeySequence(Qt::CTRL | Qt::Key_L)},
        tr("Starts a wire at the current node; arrows or letters choose its end."), [this] { m_view.startWire(); });
}

void CanvasCommands::makeEditing()
{
    add("canvas.open", tr("&Open in the inspector"), {}, tr("Shows the current node's settings."), [this] {
        if (m_document.current())
            Q_EMIT m_view.openRequested(*m_document.current());
    });
    add("canvas.rename", tr("&Rename"), {QKeySequence(Qt::Key_F2)}, tr("Renames the current node everywhere it is named."),
        [this] { Q_EMIT renameRequested(); });
    add("canvas.makeEntry", tr("Make it the &entry agent"), {}, tr("The current agent gets the task."), [this] {
        const GraphNode* node = currentNode();
        if (node) {
            const NodeId id = node->id;
            edit(tr("Make %1 the entry agent").arg(shown(id.name)), [&](Editor& editor) { return setEntry(editor, id); });
        }
    });
    add("canvas.access", tr("Read or &write"), {QKeySequence(Qt::CTRL | Qt::Key_R)},
        tr("Changes whether the agent of the selected data wire may write."), [this] { changeAccess(); });
    add("canvas.delete", tr("&Delete"), {QKeySequence(Qt::Key_Delete), QKeySequence(Qt::Key_Backspace)},
        tr("Deletes what is selected, and what names it."), [this] { remove(tr("Delete %1")); });
    add("canvas.cut", tr("Cu&t"), {QKeySequence(Qt::CTRL | Qt::Key_X)}, tr("Copies the selected nodes and deletes them."), [this] {
        copy();
        remove(tr("Cut %1"));
    });
    add("canvas.copy", tr("&Copy"), {QKeySequence(Qt::CTRL | Qt::Key_C)}, tr("Copies the selected nodes as text, with their wires."),
        [this] { copy(); });
    add("canvas.paste", tr("&Paste"), {QKeySequence(Qt::CTRL | Qt::Key_V)}, tr("Adds the copied nodes; names that are taken get a number."),
        [this] { paste(QGuiApplication::clipboard()->text().toStdString(), tr("Paste")); });
    add("canvas.duplicate", tr("D&uplicate"), {QKeySequence(Qt::CTRL | Qt::Key_D)}, tr("Adds the selected nodes once more."), [this] {
        if (m_document.document())
            paste(copied(*m_document.document(), m_document.selection()), tr("Duplicate"));
    });
    add("canvas.selectAll", tr("Select &all"), {QKeySequence(Qt::CTRL | Qt::Key_A)}, tr("Selects every node."), [this] {
        std::set<NodeId> all;
        for (const GraphNode& node : m_document.graph().nodes)
            all.insert(node.id);
        const auto current = m_document.current() || all.empty() ? m_document.current() : std::optional(*all.begin());
        m_document.select(std::move(all), current);
    });
    add("canvas.undo", tr("&Undo"), {QKeySequence(Qt::CTRL | Qt::Key_Z)}, tr("Takes the last edit of this workflow back."),
        [this] { m_document.undoStack().undo(); });
    add("canvas.redo", tr("Re&do"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)}, tr("Makes the edit that was taken back again."),
        [this] { m_document.undoStack().redo(); });
    add("canvas.arrange", tr("Arran&ge"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A)},
        tr("Puts every node in its place: data, agents, tools."), [this] { arrange(); });
}

void CanvasCommands::makeMoving()
{
    struct Move {
        const char* id;
        QString text;
        int key;
        int columns;
        int rows;
    };
    for (const Move& move :
         {Move{"canvas.moveLeft", tr("Move left"), Qt::Key_Left, -1, 0}, Move{"canvas.moveRight", tr("Move right"), Qt::Key_Right, 1, 0},
          Move{"canvas.moveUp", tr("Move up"), Qt::Key_Up, 0, -1}, Move{"canvas.moveDown", tr("Move down"), Qt::Key_Down, 0, 1}})
        add(move.id, move.text, {QKeySequence(Qt::CTRL | move.key), QKeySequence(Qt::ALT | move.key)},
            tr("Moves the selected nodes by a step of the grid."),
            [this, columns = move.columns, rows = move.rows] { m_view.moveSelected(columns, rows); });
    add("canvas.nextWire", tr("Next &wire"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L)},
        tr("Selects the wires of the current node, one after the other."), [this] { m_view.selectNextWire(); });
}

void CanvasCommands::makeViewing()
{
    add("canvas.fit", tr("&Fit"), {QKeySequence(Qt::SHIFT | Qt::Key_1), QKeySequence(Qt::Key_Exclam)}, tr("Shows the whole workflow."),
        [this] { m_view.fit(); });
    add("canvas.zoomReset", tr("&100 %"), {QKeySequence(Qt::CTRL | Qt::Key_0)}, tr("Shows the canvas at its own size."),
        [this] { m_view.zoomBy(1 / m_view.zoom()); });
    add("canvas.zoomIn", tr("Zoom &in"), {QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)},
        tr("Shows the canvas larger."), [this] { m_view.zoomBy(1.25); });
    add("canvas.zoomOut", tr("Zoom &out"), {QKeySequence(Qt::CTRL | Qt::Key_Minus)}, tr("Shows more of the canvas."),
        [this] { m_view.zoomBy(0.8); });
}

QAction* CanvasCommands::action(const char* id) const
{
    const auto found = std::ranges::find(m_all, QLatin1String(id), &QAction::objectName);
    return found == m_all.end() ? nullptr : *found;
}

void CanvasCommands::setSuspended(bool suspended)
{
    m_suspended = suspended;
    refresh();
}

const GraphNode* CanvasCommands::currentNode() const
{
    return m_document.current() ? m_document.graph().find(*m_document.current()) : nullptr;
}

const GraphWire* CanvasCommands::selectedWire() const
{
    const auto& wire = m_document.selectedWire();
    return wire ? m_document.graph().wire(wire->first, wire->second) : nullptr;
}

void CanvasCommands::refresh()
{
    const bool edits = m_document.canEdit() && !m_suspended;
    const bool nodes = !m_document.selection().empty();
    const GraphNode* current = currentNode();
    const GraphWire* wire = selectedWire();
    const bool agent = current && current->id.kind == NodeKind::Agent && current->definition == Definition::Here;
    const bool any = !m_document.graph().nodes.empty();
    for (QAction* action : m_all) {
        const QString id = action->objectName().mid(7);
        const auto is = [&](std::initializer_list<const char*> names) {
            return std::ranges::any_of(names, [&](const char* name) { return id == QLatin1String(name); });
        };
        bool on = !m_suspended;
        if (is({"insert", "addAgent", "addTool", "addData", "addMcp", "paste"}))
            on = edits;
        else if (is({"giveShell", "giveFilesystem", "makeEntry"}))
            on = edits && agent && !(id == QLatin1String("makeEntry") && current->entry);
        else if (is({"connect", "rename"}))
            on = edits && current && current->definition != Definition::Missing &&
                (id == QLatin1String("connect") || current->definition == Definition::Here);
        else if (is({"delete"}))
            on = edits && (nodes || wire);
        else if (is({"cut", "duplicate", "moveLeft", "moveRight", "moveUp", "moveDown"}))
            on = edits && nodes;
        else if (is({"copy"}))
            on = !m_suspended && nodes;
        else if (is({"access"}))
            on = edits && wire && wire->kind == WireKind::Data;
        else if (is({"arrange"}))
            on = edits && any;
        else if (is({"open"}))
            on = current;
        else if (is({"undo"}))
            on = !m_suspended && m_document.undoStack().canUndo();
        else if (is({"redo"}))
            on = !m_suspended && m_document.undoStack().canRedo();
        action->setEnabled(on);
    }
}

void CanvasCommands::fillMenu(QMenu& menu) const
{
    const auto put = [&](std::initializer_list<const char*> ids) {
        bool any = false;
        for (const char* id : ids) {
            QAction* found = action(id);
            if (!found || !found->isEnabled())
                continue;
            menu.addAction(found);
            any = true;
        }
        if (any)
            menu.addSeparator();
    };
    put({"canvas.open", "canvas.rename", "canvas.connect", "canvas.makeEntry", "canvas.giveShell", "canvas.giveFilesystem", "canvas.access",
         "canvas.nextWire"});
    if (m_document.selection().empty() && !m_document.selectedWire())
        put({"canvas.addAgent", "canvas.addTool", "canvas.addData", "canvas.addMcp"});
    put({"canvas.cut", "canvas.copy", "canvas.paste", "canvas.duplicate", "canvas.delete"});
    put({"canvas.selectAll", "canvas.arrange", "canvas.fit"});
}

bool CanvasCommands::edit(const QString& name, const WorkflowDocument::Change& change)
{
    const auto done = m_document.edit(name, change);
    if (!done)
        Q_EMIT refused(translated(done.error().why));
    return done.has_value();
}

} // namespace gatehouse::widgets
