#include "widgets/forms/formpage.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/controls/surface.h"
#include "widgets/outline/nodewords.h"
#include "widgets/style/fonts.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

FormPage::FormPage(WorkflowDocument& document, std::optional<NodeId> node, QWidget* parent)
    : QScrollArea(parent), m_document(document), m_node(std::move(node)), m_others(makeSmall({}, TokenRole::Deny))
{
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(m_node ? tr("Form of %1").arg(nodeName(*m_node)) : tr("Form of the workflow"));
    setFocusPolicy(Qt::NoFocus);
    auto* inside = new Surface(SurfaceKind::Panel);
    m_column = new QVBoxLayout(inside);
    m_column->setContentsMargins(px(16), px(10), px(16), px(16));
    m_column->setSpacing(px(12));
    m_others->setWordWrap(true);
    m_others->hide();
    m_column->addWidget(m_others);
    setWidget(inside);
    connect(&m_document, &WorkflowDocument::textChanged, this, &FormPage::refresh);
    connect(&m_document, &WorkflowDocument::stateChanged, this, &FormPage::refresh);
    connect(&m_document, &WorkflowDocument::canEditChanged, this, &FormPage::refresh);
    connect(&m_document, &WorkflowDocument::problemsChanged, this, [this] {
        refresh(); // the context is read with the problems
        showProblems();
    });
}

std::string FormPage::pointer() const
{
    if (!m_node)
        return {};
    const GraphNode* node = m_document.graph().find(*m_node);
    return node && node->definition == Definition::Here ? node->pointer : std::string("/nothing");
}

const nlohmann::json* FormPage::valueAt(std::string_view pointer) const
{
    if (!m_document.document())
        return nullptr;
    const nlohmann::json* value = &m_document.document()->value();
    while (value && !pointer.empty()) {
        pointer.remove_prefix(1);
        std::string segment;
        while (!pointer.empty() && pointer.front() != '/') {
            const bool escaped = pointer.starts_with("~1") || pointer.starts_with("~0");
            segment += !escaped ? pointer.front() : pointer[1] == '1' ? '/' : '~';
            pointer.remove_prefix(escaped ? 2 : 1);
        }
        const auto found = value->is_object() ? value->find(segment) : value->end();
        value = value->is_object() && found != value->end() ? &*found : nullptr;
    }
    return value;
}

void FormPage::addSection(const QString& title)
{
    m_column->addSpacing(px(4));
    m_column->addWidget(makeSection(title));
}

void FormPage::addField(FormField* field)
{
    m_column->addWidget(field);
    m_fields.push_back(field);
}

void FormPage::addPair(FormField* first, FormField* second)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(px(12));
    for (FormField* field : {first, second}) {
        row->addWidget(field, 1, Qt::AlignTop);
        m_fields.push_back(field);
    }
    m_column->addLayout(row);
}

void FormPage::addWidget(QWidget* widget)
{
    m_column->addWidget(widget);
}

void FormPage::finish()
{
    m_column->addStretch(1);
    refresh();
    showProblems();
}

FormField* FormPage::field(std::string_view key) const
{
    const auto found = std::ranges::find(m_fields, pointer() + std::string(key), &FormField::pointer);
    return found == m_fields.end() ? nullptr : *found;
}

Result<void> FormPage::edit(const QString& name, const WorkflowDocument::Change& change, const QString& burst)
{
    if (!m_document.canEdit())
        return fail(ErrorCode::Busy, {}, "The text of the workflow has a fault; mend it in the source first");
    const QString whole = name.contains(QStringLiteral("%1")) && m_node ? name.arg(nodeName(*m_node)) : name;
    return m_document.edit(whole, change, burst);
}

QString FormPage::rename(const std::string& name)
{
    const NodeId before = *m_node;
    const NodeId after{before.kind, name};
    // In between there is no node of the old name.
    m_renaming = true;
    const auto done = edit(tr("Rename %1"), [&](Editor& editor) { return renameNode(editor, before, name); });
    m_renaming = false;
    if (!done)
        return reasonOf(done.error());
    m_node = after;
    Q_EMIT renamed(after);
    m_document.select({after}, after);
    refresh();
    return {};
}

void FormPage::follow(const NodeId& node)
{
    m_node = node;
    refresh();
}

void FormPage::undo(bool forward)
{
    forward ? m_document.undoStack().redo() : m_document.undoStack().undo();
}

void FormPage::refresh()
{
    if (m_renaming || (m_node && !m_document.graph().find(*m_node)))
        return;
    // While a fault is being written in the source, the last values stand; they can't be changed then.
    setEditable(m_document.canEdit());
    if (!m_document.canEdit())
        return;
    for (FormField* field : m_fields)
        field->refresh();
    for (const auto& then : m_refreshers)
        then();
}

void FormPage::setEditable(bool editable)
{
    for (FormField* field : m_fields)
        field->setEditable(editable);
}

static bool holds(const std::string& above, const std::string& pointer)
{
    return pointer.starts_with(above) && (pointer.size() == above.size() || pointer[above.size()] == '/');
}

void FormPage::showProblems()
{
    std::map<FormField*, std::pair<QStringList, Severity>> byField;
    QStringList others;
    const std::string own = m_document.path().toStdString();
    for (const Problem& problem : m_document.problems()) {
        if (problem.file != own || (m_node && !holds(pointer(), problem.pointer)))
            continue;
        FormField* nearest = nullptr;
        for (FormField* field : m_fields) {
            const bool fits = field->isOfOwnPlaceOnly() ? field->pointer() == problem.pointer : holds(field->pointer(), problem.pointer);
            if (fits && (!nearest || field->pointer().size() > nearest->pointer().size()))
                nearest = field;
        }
        const QString text = shown(problem.message.format());
        if (nearest) {
            auto& [texts, severity] = byField.try_emplace(nearest, QStringList(), Severity::Warning).first->second;
            texts << text;
            if (problem.severity == Severity::Error)
                severity = Severity::Error;
        } else if (m_node || problem.pointer.empty()) {
            others << text;
        }
    }
    for (FormField* field : m_fields) {
        const auto found = byField.find(field);
        const bool has = found != byField.end();
        field->setProblems(has ? bounded(found->second.first.join(u'\n')) : QString(), has ? found->second.second : Severity::Error);
    }
    m_others->setText(bounded(others.join(u'\n')));
    m_others->setVisible(m_showsOthers && !others.isEmpty());
}

void FormPage::changeEvent(QEvent* event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange && widget())
        widget()->updateGeometry();
}

} // namespace gatehouse::widgets
