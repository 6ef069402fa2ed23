#include "widgets/inspector/detailpane.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/controls/surface.h"
#include "widgets/inspector/policyview.h"
#include "widgets/models/runrecordmodel.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/style/paint.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

DetailPane::DetailPane(QWidget* parent)
    : QWidget(parent),
      m_title(makeTitle({}, this)),
      m_call(makeMono({}, TokenRole::Second, this)),
      m_state(new StatusPill(this)),
      m_tabs(new QTabBar(this)),
      m_pages(new QStackedWidget(this)),
      m_diff(new DiffPane),
      m_arguments(new CodeView),
      m_output(new LogPane),
      m_policy(new PolicyView),
      m_record(new CodeView)
{
    setAccessibleName(tr("Details of the event"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    setLook(m_tabs, Look::Pill);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->setElideMode(Qt::ElideNone); // the pane is at least as wide as their names
    m_tabs->setAccessibleName(tr("What to show of the event"));
    auto* tabRow = new Surface(SurfaceKind::Panel);
    tabRow->setRules(Qt::BottomEdge);
    auto* tabs = new QHBoxLayout(tabRow);
    tabs->setContentsMargins(px(10), px(4), px(10), px(4));
    tabs->addWidget(m_tabs);
    tabs->addStretch(1);
    column->addWidget(tabRow);
    column->addWidget(m_pages, 1);
    const std::array<std::pair<QString, QWidget*>, TabCount> pages = {{{tr("Diff"), m_diff},
                                                                       {tr("Arguments"), m_arguments},
                                                                       {tr("Output"), m_output},
                                                                       {tr("Policy"), m_policy},
                                                                       {tr("Record"), m_record}}};
    for (const auto& [name, page] : pages) {
        m_tabs->addTab(name);
        m_pages->addWidget(page);
        page->setAccessibleName(name);
    }
    m_diff->setEmptyText(tr("This event changed no file."));
    m_arguments->setEmptyText(tr("This event has no arguments."));
    m_output->view().setEmptyText(tr("There is no output."));
    m_arguments->setWrapping(Wrapping::On);
    m_record->setWrapping(Wrapping::On);
    connect(m_tabs, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_output, &LogPane::moreRequested, this, &DetailPane::moreOutputRequested);
    connect(&m_output->view(), &LogView::taken, this, &DetailPane::outputTaken);
    connect(m_tabs, &QTabBar::tabBarClicked, this, [this](int index) { m_wantedTab = index; });
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) { // by keys too
        if (!m_choosingOurselves)
            m_wantedTab = index;
    });
    clear();
}

QWidget* DetailPane::makeHead()
{
    auto* head = new Surface(SurfaceKind::Panel);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(px(14), px(8), px(14), px(6));
    row->setSpacing(px(8));
    m_call->setEliding(Eliding::Right);
    row->addWidget(m_title);
    row->addWidget(m_call, 1);
    row->addWidget(m_state);
    head->setFixedHeight(px(40));
    return head;
}

CodeView& DetailPane::codeView(Tab tab) const
{
    return tab == Arguments ? *m_arguments : *m_record;
}

void DetailPane::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), tokens().panel);
}

void DetailPane::setTab(Tab tab)
{
    showTab(tab);
}

void DetailPane::showTab(Tab tab)
{
    m_choosingOurselves = true;
    m_tabs->setCurrentIndex(tab);
    m_choosingOurselves = false;
}

void DetailPane::setHasContent(Tab tab, bool has)
{
    m_hasContent[tab] = has;
}

void DetailPane::clear()
{
    m_row.reset();
    m_title->setText(tr("No event selected"));
    m_title->setRole(TokenRole::Second);
    m_call->clear();
    m_state->setLook({});
    m_tabs->setEnabled(false);
    m_diff->setDocument(nullptr);
    m_arguments->setLines({});
    m_output->clear();
    m_record->setLines({});
    m_policy->setDecisions({});
}

void DetailPane::setRow(const RowPtr& row)
{
    const bool another = !m_row || m_row->firstSeq != row->firstSeq;
    m_row = row;
    m_tabs->setEnabled(true);
    m_title->setRole(TokenRole::Text);
    m_title->setText(RunRecordModel::titleOf(*row));
    m_call->setText(shown(row->call));
    m_state->setLook(RunRecordModel::stateOf(*row));
    m_policy->setDecisions(row->decisions);
    setHasContent(Policy, !row->decisions.empty());
    if (another)
        m_hasContent = {};
}

void DetailPane::setDetail(const RowDetail& detail)
{
    const DetailLines& lines = detail.lines;
    setHasContent(Diff, lines.changes && !lines.changes->isEmpty());
    m_diff->setDocument(lines.changes);
    setHasContent(Arguments, !lines.arguments.empty());
    m_arguments->setLines(lines.arguments);
    setHasContent(Record, !lines.records.empty());
    m_record->setLines(lines.records);
    setHasContent(Policy, m_row && !m_row->decisions.empty());
    chooseTab();
}

void DetailPane::takeOutput(const OutputBatch& batch)
{
    const bool had = m_hasContent[Output];
    if (batch.first)
        m_output->clear();
    m_output->setBehind(batch.behind);
    m_output->setHeldBack(batch.heldBack);
    m_output->take(batch.pieces);
    setHasContent(Output, !m_output->view().store().isEmpty());
    // A page is not taken away from under the keyboard.
    const bool isUsed = m_hasContent[std::size_t(tab())] && m_pages->isAncestorOf(QApplication::focusWidget());
    if (m_hasContent[Output] != had && !isUsed)
        chooseTab();
}

void DetailPane::setApproval(const ApprovalPtr& item)
{
    if (!item->text || m_hasContent[Diff] || !item->text->changes)
        return;
    m_diff->setDocument(item->text->changes);
    setHasContent(Diff, true);
    chooseTab();
}

// The person's choice stands while it has something to show.
void DetailPane::chooseTab()
{
    if (m_wantedTab >= 0 && m_hasContent[std::size_t(m_wantedTab)])
        return showTab(Tab(m_wantedTab));
    for (const Tab tab : {Diff, Output, Arguments, Policy, Record}) {
        if (m_hasContent[tab])
            return showTab(tab);
    }
}

} // namespace gatehouse::widgets
