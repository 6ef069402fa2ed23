#include "widgets/forms/wirelist.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "core/workflow/workflow.h"
#include "widgets/forms/formpage.h"
#include "widgets/outline/nodewords.h"
#include "widgets/style/fonts.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

// Beyond that a list of ticks helps nobody; outline and canvas have them all.
static constexpr std::size_t mostRows = 200;

WireList::WireList(FormPage& page, FieldName name, std::vector<NodeKind> kinds)
    : FormField(page, std::move(name)), m_kinds(std::move(kinds)), m_list(new QVBoxLayout), m_none(makeSmall(tr("None"), TokenRole::Third))
{
    auto* box = new QWidget;
    box->setLayout(m_list);
    m_list->setContentsMargins(0, 0, 0, 0);
    m_list->setSpacing(0);
    m_list->addWidget(m_none);
    setEditor(box);
}

std::vector<NodeId> WireList::candidates() const
{
    std::vector<NodeId> out;
    for (const GraphNode& node : page().document().graph().nodes) {
        if (node.id != page().node() && std::ranges::find(m_kinds, node.id.kind) != m_kinds.end() &&
            (node.definition == Definition::Here || (node.definition == Definition::Missing && wireTo(node.id))))
            out.push_back(node.id);
    }
    if (std::ranges::find(m_kinds, NodeKind::Capability) != m_kinds.end()) {
        for (const auto each : {workflow::Capability::Shell, workflow::Capability::Filesystem, workflow::Capability::Skills,
                                workflow::Capability::Memory, workflow::Capability::Compaction})
            out.push_back({NodeKind::Capability, std::string(workflow::capabilityName(each))});
    }
    if (out.size() > mostRows)
        out.resize(mostRows);
    return out;
}

bool WireList::isData(const NodeId& node) const
{
    return node.kind == NodeKind::Data || page().node()->kind == NodeKind::Data;
}

std::pair<NodeId, NodeId> WireList::ends(const NodeId& node) const
{
    const NodeId& own = *page().node();
    // Wires lead from data to agents and from agents to all else.
    const bool fromNode = node.kind == NodeKind::Data || (own.kind != NodeKind::Agent && own.kind != NodeKind::Data);
    return fromNode ? std::pair(node, own) : std::pair(own, node);
}

const GraphWire* WireList::wireTo(const NodeId& node) const
{
    const auto [from, to] = ends(node);
    return page().document().graph().wire(from, to);
}

WireList::Row WireList::makeRow(const NodeId& node)
{
    Row row;
    row.widget = new QWidget;
    row.widget->setFixedHeight(px(isData(node) ? 34 : 28));
    auto* line = new QHBoxLayout(row.widget);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(px(8));
    row.tick = new QCheckBox(withoutMnemonics(nodeName(node)));
    row.tick->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    row.remark = makeSmall({}, TokenRole::Third);
    row.remark->setEliding(Eliding::Right);
    line->addWidget(row.tick, 3);
    if (isData(node)) {
        row.access = new QComboBox;
        row.access->addItems({tr("Read"), tr("Read and write")});
        row.access->setAccessibleName(tr("Access to %1").arg(nodeName(node)));
        line->addWidget(row.access, 0);
        connect(row.access, &QComboBox::activated, this, [this, node](int choice) { give(node, choice); });
    } else {
        line->addWidget(row.remark, 2);
        row.remark->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    connect(row.tick, &QCheckBox::toggled, this, [this, node](bool on) { join(node, on); });
    return row;
}

static QString remarkOf(const GraphNode* node, const NodeId& id)
{
    if (node && node->definition == Definition::Missing)
        return WireList::tr("not defined");
    if (id.kind == NodeKind::Capability) {
        for (const auto each : {workflow::Capability::Shell, workflow::Capability::Filesystem}) {
            if (workflow::capabilityName(each) == id.name)
                return shown(workflow::capabilityTools(each).front());
        }
        return {};
    }
    return node ? shown(node->summary) : QString();
}

void WireList::showRow(Row& row, const NodeId& node)
{
    const GraphWire* wire = wireTo(node);
    const QSignalBlocker quiet(row.tick);
    row.tick->setChecked(wire != nullptr);
    const GraphNode* found = page().document().graph().find(node);
    const QString remark = remarkOf(found, node);
    row.remark->setText(remark);
    row.remark->setRole(found && found->definition == Definition::Missing ? TokenRole::Deny : TokenRole::Third);
    row.tick->setToolTip(plainToolTip(remark));
    row.tick->setAccessibleDescription(remark);
    if (row.access) {
        row.access->setEnabled(m_editable && wire != nullptr);
        const bool write = !wire || wire->access != Access::Read;
        row.access->setCurrentIndex(write ? 1 : 0);
    }
    row.tick->setEnabled(m_editable);
}

void WireList::refresh()
{
    const std::vector<NodeId> wanted = candidates();
    std::erase_if(m_rows, [&wanted](auto& row) {
        const bool gone = std::ranges::find(wanted, row.first) == wanted.end();
        if (gone)
            row.second.widget->deleteLater();
        if (gone)
            row.second.widget->hide();
        return gone;
    });
    int place = 0;
    for (const NodeId& node : wanted) {
        auto [found, added] = m_rows.try_emplace(node);
        if (added)
            found->second = makeRow(node);
        if (m_list->indexOf(found->second.widget) != place)
            m_list->insertWidget(place, found->second.widget);
        ++place;
        showRow(found->second, node);
    }
    m_none->setVisible(wanted.empty());
    const bool implied = std::ranges::any_of(wanted, [this](const NodeId& node) {
        const GraphWire* wire = wireTo(node);
        return wire && wire->implied;
    });
    setRemark(implied ? tr("by default") : wanted.size() > 4 ? tr("%1 of %2").arg(ticked()).arg(wanted.size()) : QString());
}

void WireList::setEditable(bool editable)
{
    m_editable = editable;
    for (auto& [node, row] : m_rows) {
        row.tick->setEnabled(editable);
        if (row.access)
            row.access->setEnabled(editable && row.tick->isChecked());
    }
}

int WireList::ticked() const
{
    return int(std::ranges::count_if(m_rows, [](const auto& row) { return row.second.tick->isChecked(); }));
}

QCheckBox* WireList::tick(const NodeId& node) const
{
    const auto found = m_rows.find(node);
    return found == m_rows.end() ? nullptr : found->second.tick;
}

QComboBox* WireList::access(const NodeId& node) const
{
    const auto found = m_rows.find(node);
    return found == m_rows.end() ? nullptr : found->second.access;
}

void WireList::join(const NodeId& node, bool joined)
{
    const auto [from, to] = ends(node);
    const QString step = joined ? tr("Connect %1 to %2") : tr("Disconnect %1 from %2");
    const auto done = page().edit(step.arg(nodeName(from), nodeName(to)), [&](Editor& editor) {
        return joined ? connectNodes(editor, from, to) : disconnectNodes(editor, from, to);
    });
    if (!done)
        refresh();
    setFault(done ? QString() : reasonOf(done.error()));
}

void WireList::give(const NodeId& node, int choice)
{
    const auto [entry, agent] = ends(node);
    const GraphWire* wire = wireTo(node);
    const Access access = choice == 0 ? Access::Read : Access::Write;
    if (wire && wire->access == access)
        return;
    const auto done = page().edit(tr("Change the access of %1 to %2").arg(nodeName(agent), nodeName(entry)),
                                  [&](Editor& editor) { return setAccess(editor, entry, agent, access); });
    setFault(done ? QString() : reasonOf(done.error()));
}

} // namespace gatehouse::widgets
