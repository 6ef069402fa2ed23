#include "widgets/forms/inspectorforms.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "core/workflow/workflow.h"
#include "widgets/forms/wirelist.h"
#include "widgets/outline/nodewords.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

InspectorForms::InspectorForms(WorkflowDocument& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_title(makeTitle({})),
      m_subtitle(makeSmall({})),
      m_tabs(new QTabBar),
      m_pages(new QStackedWidget),
      m_prompt(new CodeView)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, px(12), 0, 0);
    column->setSpacing(0);
    for (Label* label : {m_title, m_subtitle}) {
        label->setEliding(Eliding::Right);
        label->setContentsMargins(px(16), 0, px(16), px(2));
        column->addWidget(label);
    }
    setLook(m_tabs, Look::Pill);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Pages of the node"));
    column->addSpacing(px(6));
    auto* tabs = new QHBoxLayout;
    tabs->setContentsMargins(px(12), 0, px(12), 0);
    tabs->addWidget(m_tabs);
    tabs->addStretch(1);
    column->addLayout(tabs);
    column->addWidget(m_pages, 1);
    m_prompt->setWrapping(Wrapping::On);
    m_prompt->setAccessibleName(tr("What the model is told first"));
    m_prompt->setEmptyText(tr("The agent has no instructions."));
    m_pages->addWidget(m_prompt);
    connect(m_tabs, &QTabBar::currentChanged, this, [this] { setTab(tab()); });
    connect(&m_document, &WorkflowDocument::selectionChanged, this, &InspectorForms::follow);
    connect(&m_document, &WorkflowDocument::stateChanged, this, &InspectorForms::follow);
    connect(&m_document, &WorkflowDocument::graphChanged, this, &InspectorForms::follow);
    connect(&m_document, &WorkflowDocument::textChanged, this, &InspectorForms::showPrompt);
    follow();
}

void InspectorForms::setPolicyPage(QWidget* page)
{
    m_policy = page;
    m_pages->addWidget(page);
    showTabs(m_node && m_node->kind == NodeKind::Agent && m_definition == Definition::Here);
}

static Definition definitionOf(const WorkflowDocument& document, const std::optional<NodeId>& node)
{
    const GraphNode* found = node ? document.graph().find(*node) : nullptr;
    return found ? found->definition : Definition::Here;
}

void InspectorForms::follow()
{
    if (m_form && m_form->isRenaming())
        return; // it says when it is done
    std::optional<NodeId> node = m_document.current();
    if (node && !m_document.graph().find(*node))
        node.reset();
    const Definition definition = definitionOf(m_document, node);
    if (!m_built || node != m_node || definition != m_definition) {
        const bool sameDefinition = std::exchange(m_definition, definition) == definition;
        // A form that renamed its node goes on: whoever types there keeps the focus.
        if (sameDefinition && m_form && node && m_form->node() == node && m_node && node->kind == m_node->kind && m_built)
            m_node = node;
        else
            rebuild(node);
    }
    showHead();
    showPrompt();
}

void InspectorForms::rebuild(const std::optional<NodeId>& node)
{
    const Tab before = tab();
    m_node = node;
    m_built = m_document.state() != WorkflowDocument::State::Loading;
    for (const QPointer<FormPage>& old : {m_form, m_uses}) {
        if (!old)
            continue;
        m_pages->removeWidget(old);
        old->disconnect();
        m_document.disconnect(old);
        old->deleteLater(); // it may be the one that asked
    }
    m_form = makeForm(m_document, node);
    m_pages->addWidget(m_form);
    const bool agent = node && node->kind == NodeKind::Agent && m_definition == Definition::Here;
    m_uses = agent ? makeUsesForm(m_document, *node) : nullptr;
    if (m_uses) {
        m_pages->addWidget(m_uses);
        FormPage* form = m_form;
        connect(form, &FormPage::renamed, m_uses, [this](const NodeId& to) {
            if (m_uses)
                m_uses->follow(to);
        });
    }
    showTabs(agent);
    setTab(agent ? before : Form);
}

void InspectorForms::showTabs(bool agent)
{
    const QSignalBlocker quiet(m_tabs);
    const Tab before = tab();
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    const auto add = [this](const QString& text, Tab tab) { m_tabs->setTabData(m_tabs->addTab(text), tab); };
    add(tr("Form"), Form);
    if (agent) {
        add(tr("Tools"), Uses);
        if (m_policy)
            add(tr("Policy"), Policy);
        add(tr("Prompt"), Prompt);
    }
    m_tabs->setVisible(agent);
    setTab(before);
}

InspectorForms::Tab InspectorForms::tab() const
{
    const QVariant kind = m_tabs->tabData(m_tabs->currentIndex());
    return kind.isValid() ? Tab(kind.toInt()) : Form;
}

void InspectorForms::setTab(Tab tab)
{
    int index = 0;
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->tabData(i).toInt() == tab)
            index = i;
    }
    const QSignalBlocker quiet(m_tabs);
    m_tabs->setCurrentIndex(index);
    QWidget* page = m_form;
    switch (this->tab()) {
    case Uses:
        page = m_uses;
        break;
    case Policy:
        page = m_policy;
        break;
    case Prompt:
        page = m_prompt;
        break;
    case Form:
        break;
    }
    if (page)
        m_pages->setCurrentWidget(page);
}

void InspectorForms::showHead()
{
    const GraphNode* node = m_node ? m_document.graph().find(*m_node) : nullptr;
    if (!node) {
        m_title->setText(m_document.title());
        m_subtitle->setText(tr("Workflow"));
        return;
    }
    m_title->setText(nodeName(node->id));
    m_title->setToolTip(plainToolTip(nodeName(node->id)));
    const QString kind = kindName(node->id.kind);
    const auto several = m_document.selection().size();
    m_subtitle->setText(several > 1                                   ? tr("%1 · one of %n selected", nullptr, int(several)).arg(kind)
                            : node->definition == Definition::Missing ? tr("%1 · not defined").arg(kind)
                            : node->entry                             ? tr("%1 · entry point").arg(kind)
                                                                      : kind);
    if (!m_uses)
        return;
    const auto uses = std::ranges::count_if(m_document.graph().wires,
                                            [&](const GraphWire& wire) { return wire.kind == WireKind::Use && wire.from == node->id; });
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->tabData(i).toInt() == Uses)
            m_tabs->setTabText(i, uses > 0 ? tr("Tools %1").arg(uses) : tr("Tools"));
    }
}

// The instructions as they stand: the run puts the paths in.
void InspectorForms::showPrompt()
{
    if (!m_form || !m_uses || !m_document.canEdit())
        return;
    const nlohmann::json* text = m_form->valueAt(m_form->pointer() + "/instructions");
    std::vector<CodeLine> lines;
    if (text && text->is_string()) {
        for (MarkedText& marked : markedLines(text->get_ref<const std::string&>())) {
            CodeLine line;
            line.text = std::move(marked);
            lines.push_back(std::move(line));
        }
    }
    m_prompt->setLines(std::move(lines));
}

void InspectorForms::focusForm()
{
    setTab(Form);
    if (m_form && !m_form->fields().empty())
        m_form->fields().front()->editor()->setFocus(Qt::OtherFocusReason);
}

void InspectorForms::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokens().panel);
}

} // namespace gatehouse::widgets
