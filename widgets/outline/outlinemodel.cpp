#include "widgets/outline/outlinemodel.h"

#include "widgets/outline/nodewords.h"
#include "widgets/outline/outlinerows.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <set>

namespace gatehouse::widgets {

using namespace authoring;

OutlineModel::OutlineModel(WorkflowDocument& document, QObject* parent) : QAbstractItemModel(parent), m_document(document)
{
    connect(&m_document, &WorkflowDocument::graphChanged, this, &OutlineModel::follow);
    connect(&m_document, &WorkflowDocument::problemsChanged, this, &OutlineModel::follow);
    connect(&m_document, &WorkflowDocument::stateChanged, this, &OutlineModel::follow);
    // What may be renamed and dragged depends on it.
    connect(&m_document, &WorkflowDocument::canEditChanged, this, [this] {
        if (!m_branches.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0), {Qt::UserRole});
    });
    m_branches = read();
}

// Reading the graph

void OutlineModel::addProblems(OutlineRow& row, const std::vector<const Problem*>& problems) const
{
    QStringList texts;
    for (const Problem* problem : problems) {
        row.mark = std::max(row.mark, problem->severity == Severity::Error ? OutlineRow::Mark::Error : OutlineRow::Mark::Warning);
        texts << shown(problem->message.format());
    }
    row.problems = bounded(texts.join(u'\n'));
}

static QString accessText(Access access)
{
    switch (access) {
    case Access::Read:
        return OutlineModel::tr("read-only");
    case Access::Write:
        return OutlineModel::tr("may write");
    case Access::Manifest:
        break;
    }
    return {};
}

OutlineRow OutlineModel::readUse(const GraphWire& wire, const NodeId& user) const
{
    OutlineRow row;
    row.kind = OutlineRow::Kind::Use;
    row.node = wire.from == user ? wire.to : wire.from;
    row.handoff = wire.kind == WireKind::Handoff;
    row.implied = wire.implied;
    row.name = nodeName(row.node);
    const GraphNode* node = m_document.graph().find(row.node);
    row.missing = node != nullptr && node->definition == Definition::Missing;
    row.remark = row.missing                    ? tr("not defined")
        : wire.kind == WireKind::Data           ? accessText(wire.access)
        : row.handoff                           ? tr("handoff")
        : row.node.kind == NodeKind::Capability ? tr("capability")
                                                : QString();
    std::vector<const Problem*> own;
    for (const Problem* problem : m_document.problemsOf(user)) {
        if (!wire.pointer.empty() && problem->pointer == wire.pointer)
            own.push_back(problem);
    }
    if (own.empty() && !row.handoff)
        own = m_document.problemsOf(row.node);
    addProblems(row, own);
    return row;
}

static int rankOf(const OutlineRow& use)
{
    if (use.handoff)
        return 4;
    switch (use.node.kind) {
    case NodeKind::Data:
        return 0;
    case NodeKind::Tool:
        return 1;
    case NodeKind::Mcp:
        return 2;
    default:
        return 3;
    }
}

std::unique_ptr<OutlineModel::Branch> OutlineModel::readAgent(const GraphNode& agent) const
{
    auto branch = std::make_unique<Branch>();
    branch->row.node = agent.id;
    branch->row.name = nodeName(agent.id);
    branch->row.entry = agent.entry;
    branch->row.remark = shown(agent.summary);
    addProblems(branch->row, m_document.problemsOf(agent.id));
    return branch;
}

OutlineModel::Branches OutlineModel::read() const
{
    const Graph& graph = m_document.graph();
    Branches out;
    std::map<NodeId, Branch*> agents;
    auto unused = std::make_unique<Branch>();
    unused->row.kind = OutlineRow::Kind::UnusedGroup;
    unused->row.name = tr("Not used");
    for (const GraphNode& node : graph.nodes) {
        if (node.id.kind != NodeKind::Agent || node.definition != Definition::Here)
            continue;
        out.push_back(readAgent(node));
        agents.emplace(node.id, out.back().get());
    }
    std::set<NodeId> used;
    for (const GraphWire& wire : graph.wires) {
        const NodeId& user = wire.kind == WireKind::Data ? wire.to : wire.from;
        if (const auto agent = agents.find(user); agent != agents.end()) {
            agent->second->children.push_back(readUse(wire, user));
            used.insert(agent->second->children.back().node);
        }
    }
    for (const auto& branch : out)
        std::ranges::stable_sort(branch->children, {}, rankOf);
    for (const GraphNode& node : graph.nodes) {
        if (node.id.kind == NodeKind::Agent ? node.definition == Definition::Here : node.definition == Definition::Harness)
            continue;
        if (used.contains(node.id))
            continue;
        OutlineRow row;
        row.kind = OutlineRow::Kind::Unused;
        row.node = node.id;
        row.name = nodeName(node.id);
        row.entry = node.entry;
        row.missing = node.definition == Definition::Missing;
        row.remark = row.missing ? tr("not defined") : QString();
        addProblems(row, m_document.problemsOf(node.id));
        unused->children.push_back(std::move(row));
    }
    if (!unused->children.empty())
        out.push_back(std::move(unused));
    return out;
}

// Following it

void OutlineModel::follow()
{
    Branches now = read();
    followBranches(now);
}

void OutlineModel::followBranches(Branches& now)
{
    struct Steps {
        OutlineModel& model;
        void remove(std::size_t at)
        {
            model.beginRemoveRows({}, int(at), int(at));
            model.m_branches.erase(model.m_branches.begin() + std::ptrdiff_t(at));
            model.endRemoveRows();
        }
        void insert(std::size_t at, std::unique_ptr<Branch>& branch)
        {
            model.beginInsertRows({}, int(at), int(at));
            model.m_branches.insert(model.m_branches.begin() + std::ptrdiff_t(at), std::move(branch));
            model.endInsertRows();
        }
        void move(std::size_t from, std::size_t to)
        {
            model.beginMoveRows({}, int(from), int(from), {}, int(to));
            const auto begin = model.m_branches.begin();
            std::rotate(begin + std::ptrdiff_t(to), begin + std::ptrdiff_t(from), begin + std::ptrdiff_t(from) + 1);
            model.endMoveRows();
        }
        void change(std::size_t at, std::unique_ptr<Branch>& branch)
        {
            Branch& mine = *model.m_branches[at];
            if (mine.row != branch->row) {
                mine.row = branch->row;
                const QModelIndex index = model.index(int(at), 0);
                Q_EMIT model.dataChanged(index, index);
            }
            model.followChildren(mine, model.index(int(at), 0), branch->children);
        }
    };
    Steps steps{*this};
    // A row of now that was put in is null afterwards, and compared no more.
    const auto same = [](const std::unique_ptr<Branch>& a, const std::unique_ptr<Branch>& b) { return a && b && a->row.isSameAs(b->row); };
    followRows(m_branches, now, same, steps);
}

void OutlineModel::followChildren(Branch& branch, const QModelIndex& parent, std::vector<OutlineRow>& now)
{
    struct Steps {
        OutlineModel& model;
        Branch& branch;
        QModelIndex parent;
        void remove(std::size_t at)
        {
            model.beginRemoveRows(parent, int(at), int(at));
            branch.children.erase(branch.children.begin() + std::ptrdiff_t(at));
            model.endRemoveRows();
        }
        void insert(std::size_t at, OutlineRow& row)
        {
            model.beginInsertRows(parent, int(at), int(at));
            branch.children.insert(branch.children.begin() + std::ptrdiff_t(at), row);
            model.endInsertRows();
        }
        void move(std::size_t from, std::size_t to)
        {
            model.beginMoveRows(parent, int(from), int(from), parent, int(to));
            const auto begin = branch.children.begin();
            std::rotate(begin + std::ptrdiff_t(to), begin + std::ptrdiff_t(from), begin + std::ptrdiff_t(from) + 1);
            model.endMoveRows();
        }
        void change(std::size_t at, OutlineRow& row)
        {
            if (branch.children[at] == row)
                return;
            branch.children[at] = row;
            const QModelIndex index = model.index(int(at), 0, parent);
            Q_EMIT model.dataChanged(index, index);
        }
    };
    Steps steps{*this, branch, parent};
    followRows(branch.children, now, [](const OutlineRow& a, const OutlineRow& b) { return a.isSameAs(b); }, steps);
}

// Structure

QModelIndex OutlineModel::indexOf(const Branch& branch) const
{
    const auto found = std::ranges::find(m_branches, &branch, &std::unique_ptr<Branch>::get);
    return found == m_branches.end() ? QModelIndex() : createIndex(int(found - m_branches.begin()), 0);
}

QModelIndex OutlineModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return parent.isValid() ? createIndex(row, column, m_branches[std::size_t(parent.row())].get()) : createIndex(row, column);
}

QModelIndex OutlineModel::parent(const QModelIndex& child) const
{
    const auto* branch = static_cast<const Branch*>(child.internalPointer());
    return branch ? indexOf(*branch) : QModelIndex();
}

int OutlineModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return int(m_branches.size());
    return parent.internalPointer() ? 0 : int(m_branches[std::size_t(parent.row())]->children.size());
}

int OutlineModel::columnCount(const QModelIndex&) const
{
    return 1;
}

const OutlineRow* OutlineModel::row(const QModelIndex& index) const
{
    if (!index.isValid())
        return nullptr;
    const auto* branch = static_cast<const Branch*>(index.internalPointer());
    return branch ? &branch->children[std::size_t(index.row())] : &m_branches[std::size_t(index.row())]->row;
}

std::optional<NodeId> OutlineModel::userOf(const QModelIndex& index) const
{
    const OutlineRow* row = this->row(index);
    return row && row->kind == OutlineRow::Kind::Use ? std::optional(this->row(index.parent())->node) : std::nullopt;
}

QModelIndexList OutlineModel::indexesOf(const NodeId& node) const
{
    QModelIndexList own;
    QModelIndexList uses;
    for (int i = 0; i < rowCount(); ++i) {
        const QModelIndex top = index(i, 0);
        const Branch& branch = *m_branches[std::size_t(i)];
        if (branch.row.kind == OutlineRow::Kind::Agent && branch.row.node == node)
            own << top;
        for (int child = 0; child < int(branch.children.size()); ++child) {
            if (branch.children[std::size_t(child)].node == node)
                uses << index(child, 0, top);
        }
    }
    return own + uses;
}

} // namespace gatehouse::widgets
