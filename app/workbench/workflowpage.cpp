#include "app/workbench/workflowpage.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/controls/surface.h"

namespace gatehouse::workbench {

using namespace widgets;

WorkflowPage::WorkflowPage(const QString& path, const QString& projectFolder, BackgroundThread& background, QWidget* parent)
    : QWidget(parent),
      m_document(path, background),
      m_canvas(new CanvasPage(m_document, background, projectFolder)),
      m_outline(new OutlineTree(m_document)),
      m_inspector(new InspectorForms(m_document)),
      m_source(new SourceEditor(m_document))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_strip = makeStrip();
    column->addWidget(m_strip);
    column->addWidget(m_canvas, 1);
    setFocusProxy(&m_canvas->view());
    connect(m_canvas, &CanvasPage::openRequested, this, &WorkflowPage::inspectorRequested);
    connect(m_outline, &OutlineTree::nodeActivated, this, &WorkflowPage::inspectorRequested);
    connect(m_outline, &OutlineTree::refused, this, &WorkflowPage::refused);
    connect(&m_document, &WorkflowDocument::cleanChanged, this, &WorkflowPage::titleChanged);
    connect(&m_document, &WorkflowDocument::conflictChanged, this, &WorkflowPage::showStrip);
    connect(&m_document, &WorkflowDocument::noticeChanged, this, &WorkflowPage::showStrip);
    showStrip();
    m_document.load();
}

WorkflowPage::~WorkflowPage()
{
    delete m_source;
    delete m_inspector;
    delete m_outline;
    delete m_canvas;
}

QString WorkflowPage::title() const
{
    return m_document.isClean() ? m_document.title() : tr("%1 •").arg(m_document.title());
}

QWidget* WorkflowPage::makeStrip()
{
    auto* strip = new Surface(SurfaceKind::Panel);
    strip->setRules(Qt::BottomEdge);
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(px(14), px(6), px(14), px(6));
    row->setSpacing(px(8));
    m_stripText = new Label({}, TokenRole::Deny);
    m_stripText->setWordWrap(true);
    row->addWidget(m_stripText, 1);
    m_choice = new QWidget;
    auto* buttons = new QHBoxLayout(m_choice);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(px(8));
    auto* take = new QPushButton(tr("Take the file's"));
    auto* keep = new QPushButton(tr("Keep mine"));
    take->setToolTip(tr("What you changed can be had back with Undo"));
    keep->setToolTip(tr("Saving then replaces the file's text"));
    for (QPushButton* button : {take, keep}) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    connect(take, &QPushButton::clicked, &m_document, &WorkflowDocument::takeFromDisk);
    connect(keep, &QPushButton::clicked, &m_document, &WorkflowDocument::keepMine);
    row->addWidget(m_choice);
    return strip;
}

void WorkflowPage::showStrip()
{
    const bool conflict = m_document.hasConflict();
    m_choice->setVisible(conflict);
    m_stripText->setText(conflict ? tr("Somebody else changed the file while you did. Which text holds?") : m_document.notice());
    m_strip->setVisible(!m_stripText->text().isEmpty());
}

} // namespace gatehouse::workbench
