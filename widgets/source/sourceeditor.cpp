#include "widgets/source/sourceeditor.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/controls/statuspill.h"
#include "widgets/controls/surface.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

static QWidget* makeStrip(Label* note)
{
    auto* strip = new Surface(SurfaceKind::PanelSecond);
    strip->setRules(Qt::BottomEdge);
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(px(12), px(6), px(12), px(6));
    row->setSpacing(px(8));
    row->addWidget(new StatusPill({Tone::Neutral, Glyph::Lock, SourceEditor::tr("Read-only")}));
    note->setWordWrap(true);
    row->addWidget(note, 1);
    return strip;
}

SourceEditor::SourceEditor(WorkflowDocument& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_note(makeSmall({})),
      m_pane(new SourcePane(document)),
      m_bar(new SourceBar(document, *m_pane))
{
    m_strip = makeStrip(m_note);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_strip);
    column->addWidget(m_pane, 1);
    column->addWidget(m_bar);
    setFocusProxy(m_pane);
    connect(m_pane, &SourcePane::findRequested, this, &SourceEditor::find);
    connect(m_pane, &SourcePane::lineRequested, this, &SourceEditor::goToLine);
    connect(m_pane, &SourcePane::findNextRequested, m_bar, &SourceBar::findNext);
    connect(&m_document, &WorkflowDocument::stateChanged, this, &SourceEditor::updateNote);
    connect(&m_document, &WorkflowDocument::noticeChanged, this, &SourceEditor::updateNote);
    connect(&m_pane->source(), &SourceText::wholeChanged, this, &SourceEditor::updateNote);
    updateNote();
}

void SourceEditor::updateNote()
{
    QString note;
    if (m_document.state() == WorkflowDocument::State::Unreadable)
        note = m_document.notice().isEmpty() ? tr("The file can't be read.") : m_document.notice();
    else if (m_pane->source().hasLongLine())
        note = tr("A line of this file is longer than %n kB. It is not shown as text; canvas, outline and forms can edit it.", nullptr,
                  int(SourceText::longestLine / 1024));
    else if (m_document.state() == WorkflowDocument::State::Loading || !m_pane->source().isWhole())
        note = tr("Reading…");
    m_note->setText(note);
    m_strip->setVisible(!note.isEmpty());
}

} // namespace gatehouse::widgets
