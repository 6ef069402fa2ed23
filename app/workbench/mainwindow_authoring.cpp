// The part of MainWindow for workflows that are open for editing: their pages, what of them stands in docks, saving.
#include "app/workbench/mainwindow.h"

#include <QDockWidget>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>

#include "app/workbench/statusline.h"
#include "app/workbench/workflowpage.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::workbench {

using namespace widgets;

WorkflowPage* MainWindow::currentWorkflow() const
{
    return qobject_cast<WorkflowPage*>(m_pages->currentWidget());
}

std::vector<WorkflowPage*> MainWindow::workflowPages() const
{
    std::vector<WorkflowPage*> pages;
    for (int i = 0; i < m_pages->count(); ++i)
        if (auto* page = qobject_cast<WorkflowPage*>(m_pages->widget(i)))
            pages.push_back(page);
    return pages;
}

WorkflowPage* MainWindow::openWorkflow(const QString& path)
{
    for (WorkflowPage* open : workflowPages()) {
        // However it is spelled: two pages of one file would be in each other's way.
        if (open->path() == path || QFileInfo(open->path()) == QFileInfo(path)) {
            showPage(pageOf(open));
            return open;
        }
    }
    auto* page = new WorkflowPage(path, QString::fromStdString(m_project), m_documents);
    connect(page, &WorkflowPage::titleChanged, this, [this] {
        refreshTitles();
        refreshActions();
    });
    connect(page, &WorkflowPage::refused, this, [this](const QString& reason) { m_status->showMessage(reason, 10'000); });
    connect(page, &WorkflowPage::inspectorRequested, this, [this, page] {
        showDock(QStringLiteral("inspector"));
        page->inspector().focusForm();
    });
    connect(&page->document().undoStack(), &QUndoStack::indexChanged, this, &MainWindow::refreshActions);
    connect(&page->document(), &WorkflowDocument::stateChanged, this, &MainWindow::refreshActions);
    // The window's own keys do these wherever the focus is.
    for (const char* id : {"canvas.undo", "canvas.redo"})
        if (QAction* action = page->canvas().command(id))
            action->setShortcuts({});
    m_problems->addDocument(page->document());
    showPage(addPage(page, icon(Glyph::Workflow)));
    page->setFocus(Qt::OtherFocusReason);
    return page;
}

// To choose it, from the tree or the palette, is to work on it.
void MainWindow::chooseWorkflow(const QString& path)
{
    m_start->chooseWorkflow(path);
    openWorkflow(path);
    setWorkspace(Workspace::Author);
}

void MainWindow::showDock(const QString& name)
{
    for (QDockWidget* dock : m_docks)
        if (dock->objectName() == name)
            dock->show();
}

// What the docks show is of the page that is shown.
void MainWindow::showPanes()
{
    const RunPage* run = runInView();
    m_outputPane->show(run ? &run->output() : nullptr);
    WorkflowPage* page = currentWorkflow();
    m_outlinePane->show(page ? &page->outline() : nullptr);
    m_inspectorPane->show(page ? &page->inspector() : nullptr);
    m_sourcePane->show(page ? &page->source() : nullptr);
}

void MainWindow::saveWorkflow()
{
    if (WorkflowPage* page = currentWorkflow())
        page->document().save();
}

void MainWindow::undo(Direction direction)
{
    if (WorkflowPage* page = currentWorkflow())
        direction == Direction::Back ? page->document().undoStack().undo() : page->document().undoStack().redo();
}

void MainWindow::fillWorkflowMenu(QMenu* menu)
{
    menu->clear();
    const WorkflowPage* page = currentWorkflow();
    if (!page) {
        menu->addAction(tr("Open a workflow to edit it"))->setEnabled(false);
        return;
    }
    for (QAction* action : page->canvas().commands())
        menu->addAction(action);
}

static std::vector<QPointer<WorkflowPage>> unsaved(const std::vector<WorkflowPage*>& pages)
{
    std::vector<QPointer<WorkflowPage>> out;
    for (WorkflowPage* page : pages)
        if (!page->document().isClean())
            out.emplace_back(page);
    return out;
}

// Goes on when each is clean: at once, after saving, or because the person gives the edits up. Never blocks. What was asked before
// is asked no more.
void MainWindow::whenSaved(const std::vector<WorkflowPage*>& pages, std::function<void()> then)
{
    delete m_pendingSave;
    const Pages dirty = unsaved(pages);
    if (dirty.empty())
        return then();
    if (m_question)
        m_question->close();
    QStringList names;
    for (const auto& page : dirty)
        names << page->document().title();
    m_question = new QMessageBox(QMessageBox::Question, tr("Not saved yet"),
                                 tr("These workflows hold edits that are not saved: %1").arg(names.join(QStringLiteral(", "))),
                                 QMessageBox::NoButton, this);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    m_question->setTextFormat(Qt::PlainText);
    QPushButton* save = m_question->addButton(tr("Save"), QMessageBox::AcceptRole);
    const QPushButton* discard = m_question->addButton(tr("Give the edits up"), QMessageBox::DestructiveRole);
    QPushButton* stay = m_question->addButton(tr("Stay"), QMessageBox::RejectRole);
    m_question->setDefaultButton(save);
    m_question->setEscapeButton(stay);
    connect(m_question, &QMessageBox::buttonClicked, this,
            [this, save, discard, dirty, then = std::move(then)](const QAbstractButton* chosen) {
                if (chosen == save)
                    return saveAll(dirty, then);
                if (chosen != discard)
                    return;
                for (const auto& page : dirty)
                    if (page)
                        page->document().revert();
                then();
            });
    m_question->open();
}

// One that can't be saved is shown, since its page says why; then nothing goes on.
void MainWindow::saveAll(const Pages& pages, const std::function<void()>& then)
{
    auto* pending = new QObject(this);
    m_pendingSave = pending;
    // Queued: what goes on may delete the page that is telling this.
    const auto goOn = [this, pending, pages, then] {
        if (!std::all_of(pages.begin(), pages.end(), [](const auto& page) { return !page || page->document().isClean(); }))
            return;
        QMetaObject::invokeMethod(this, then, Qt::QueuedConnection);
        pending->deleteLater();
    };
    for (const auto& page : pages) {
        if (!page)
            continue;
        WorkflowDocument* document = &page->document();
        connect(document, &WorkflowDocument::saved, pending, [document, goOn] { document->isClean() ? goOn() : document->save(); });
        connect(document, &WorkflowDocument::notSaved, pending, [this, page, pending] {
            pending->deleteLater();
            if (page && pageOf(page) >= 0)
                showPage(pageOf(page));
        });
        document->save();
    }
}

} // namespace gatehouse::workbench
