#include "app/workbench/workflowpage.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/controls/surface.h"

namespace gatehouse::workbench {

using namespace widgets;

WorkflowPage::WorkflowPage(const QString& path, const QString& projectFolder, BackgroundThread& background, QWidget* parent)
    : QWidget(parent),
      m_document(path, background),
      m_drafts(m_document, background, DraftKeeper::defaultFolder()),
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
    connect(&m_drafts, &DraftKeeper::foundChanged, this, &WorkflowPage::showStrip);
    connect(&m_document, &WorkflowDocument::textChanged, this, [this] {
        if (m_drafts.hasFound())
            showStrip(); // the file may have become another one
    });
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
    m_choice = makeChoice({tr("Take the file's"), tr("What you changed can be had back with Undo"), [this] { m_document.takeFromDisk(); }},
                          {tr("Keep mine"), tr("Saving then replaces the file's text"), [this] { m_document.keepMine(); }});
    m_draft = makeChoice({tr("Restore"), tr("As one step that Undo takes back"), [this] { m_drafts.restore(); }},
                         {tr("Discard"), tr("The file's text stays; what was not saved is deleted"), [this] { m_drafts.discard(); }});
    row->addWidget(m_choice);
    row->addWidget(m_draft);
    return strip;
}

QWidget* WorkflowPage::makeChoice(const Answer& first, const Answer& second)
{
    auto* choice = new QWidget;
    choice->hide(); // until it is asked; without a parent it would be a window
    auto* buttons = new QHBoxLayout(choice);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(px(8));
    for (const Answer& answer : {first, second}) {
        auto* button = new QPushButton(answer.text);
        button->setToolTip(answer.tip);
        button->setAutoDefault(false);
        buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, answer.act);
    }
    return choice;
}

void WorkflowPage::showStrip()
{
    const bool conflict = m_document.hasConflict();
    const bool draft = !conflict && m_drafts.hasFound();
    m_choice->setVisible(conflict);
    m_draft->setVisible(draft);
    QString text = m_document.notice();
    if (conflict) {
        text = tr("Somebody else changed the file while you did. Which text holds?");
    } else if (draft) {
        const QString at = QLocale().toString(m_drafts.foundAt(), QLocale::ShortFormat);
        const QString question = m_drafts.hasFileChanged() ? tr("Changes of %1 were not saved, and the file has changed since.").arg(at)
                                                           : tr("Changes of %1 were not saved.").arg(at);
        text = text.isEmpty() ? question : text + u'\n' + question;
    }
    m_stripText->setText(text);
    m_stripText->setRole(draft && m_document.notice().isEmpty() ? TokenRole::Text : TokenRole::Deny);
    m_strip->setVisible(!text.isEmpty());
}

} // namespace gatehouse::workbench
