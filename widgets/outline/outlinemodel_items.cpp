// What the rows of an OutlineModel say, and the edits that are made in them.
#include <QMimeData>

#include "widgets/outline/nodewords.h"
#include "widgets/outline/outlinemodel.h"
#include "widgets/source/shieldedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

static const QString nodesType = QStringLiteral("application/x-gatehouse-nodes");

static QString markWord(OutlineRow::Mark mark)
{
    switch (mark) {
    case OutlineRow::Mark::Error:
        return OutlineModel::tr("has an error");
    case OutlineRow::Mark::Warning:
        return OutlineModel::tr("has a warning");
    case OutlineRow::Mark::None:
        break;
    }
    return {};
}

// What is drawn, in words: "planner, agent, entry agent, gpt-5.5, has an error: …".
static QString spoken(const OutlineRow& row)
{
    if (row.kind == OutlineRow::Kind::UnusedGroup)
        return row.name;
    QStringList parts{row.name, kindName(row.node.kind).toLower()};
    if (row.entry)
        parts << OutlineModel::tr("entry agent");
    if (!row.remark.isEmpty() && row.remark != parts[1])
        parts << row.remark;
    if (row.implied)
        parts << OutlineModel::tr("by default");
    if (row.mark != OutlineRow::Mark::None)
        parts << markWord(row.mark) + QStringLiteral(": ") + row.problems;
    return parts.join(QStringLiteral(", "));
}

QVariant OutlineModel::data(const QModelIndex& index, int role) const
{
    const OutlineRow* row = this->row(index);
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return row->name;
    case Qt::EditRole:
        return shielded(row->node.name);
    case Qt::AccessibleTextRole:
        return spoken(*row);
    default:
        return {};
    }
}

Qt::ItemFlags OutlineModel::flags(const QModelIndex& index) const
{
    const OutlineRow* row = this->row(index);
    if (!row)
        return m_document.canEdit() ? Qt::ItemIsDropEnabled : Qt::NoItemFlags;
    if (row->kind == OutlineRow::Kind::UnusedGroup)
        return Qt::ItemIsEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (row->kind != OutlineRow::Kind::Agent)
        flags |= Qt::ItemNeverHasChildren;
    if (!m_document.canEdit())
        return flags;
    flags |= Qt::ItemIsDragEnabled;
    if (row->node.kind != NodeKind::Capability && !row->missing)
        flags |= Qt::ItemIsEditable;
    if (row->node.kind == NodeKind::Agent && !row->missing)
        flags |= Qt::ItemIsDropEnabled;
    return flags;
}

bool OutlineModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const OutlineRow* row = this->row(index);
    if (!row || role != Qt::EditRole)
        return false;
    const NodeId node = row->node;
    const std::string name = unshielded(value.toString());
    if (name == node.name)
        return true;
    const auto done = m_document.edit(tr("Rename %1").arg(row->name), [&](Editor& editor) { return renameNode(editor, node, name); });
    if (!done) {
        Q_EMIT refused(reasonOf(done.error()));
        return false;
    }
    const NodeId renamed{node.kind, name};
    m_document.select({renamed}, renamed);
    return true;
}

QStringList OutlineModel::mimeTypes() const
{
    return {nodesType};
}

QMimeData* OutlineModel::mimeData(const QModelIndexList& indexes) const
{
    QByteArrayList nodes;
    for (const QModelIndex& index : indexes) {
        if (const OutlineRow* row = this->row(index))
            nodes << QByteArray::fromStdString(row->node.text());
    }
    auto* data = new QMimeData;
    data->setData(nodesType, nodes.join('\n'));
    return data;
}

std::vector<NodeId> OutlineModel::dragged(const QMimeData* data) const
{
    std::vector<NodeId> out;
    for (const QByteArray& text : data->data(nodesType).split('\n')) {
        const auto node = NodeId::fromText(text.toStdString());
        if (node && m_document.graph().find(*node))
            out.push_back(*node);
    }
    return out;
}

// Dropped on an agent, or on something beneath it.
std::optional<NodeId> OutlineModel::dropAgent(const QModelIndex& index) const
{
    if (const auto user = userOf(index))
        return user;
    const OutlineRow* row = this->row(index);
    return row && row->kind == OutlineRow::Kind::Agent ? std::optional(row->node) : std::nullopt;
}

bool OutlineModel::canDropMimeData(const QMimeData* data, Qt::DropAction, int, int, const QModelIndex& parent) const
{
    const auto agent = dropAgent(parent);
    return agent && m_document.canEdit() && std::ranges::any_of(dragged(data), [&](const NodeId& node) {
               return wireFault(m_document.graph(), *agent, node) == WireFault::None;
           });
}

bool OutlineModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const NodeId agent = *dropAgent(parent);
    const std::vector<NodeId> nodes = dragged(data);
    const auto done = m_document.edit(tr("Connect %1").arg(nodeName(agent)), [&](Editor& editor) -> Result<void> {
        for (const NodeId& node : nodes) {
            if (wireFault(m_document.graph(), agent, node) == WireFault::None)
                GH_TRY(connectNodes(editor, agent, node));
        }
        return {};
    });
    if (!done)
        Q_EMIT refused(reasonOf(done.error()));
    return false; // nothing was moved: the view must not remove the dragged rows
}

} // namespace gatehouse::widgets
