// The half of MainWindow that keeps what is shown in step with the journals.
#include "app/workbench/mainwindow.h"

#include <QMenuBar>
#include <QStackedWidget>
#include <QTabBar>

#include "app/workbench/statusline.h"
#include "app/workbench/workflowpage.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::workbench {

using namespace widgets;

void MainWindow::runsChanged(const RunEntries& entries)
{
    m_entries = entries;
    m_runs.setEntries(entries);
    refreshApprovals();
    refreshTitles();
    refreshActions();
}

// Only a new one: each brings the shown tab back into sight.
void MainWindow::setTabText(int index)
{
    if (const QString text = tabTitleOf(m_pages->widget(index)); text != m_tabs->tabText(index))
        m_tabs->setTabText(index, text);
}

void MainWindow::showTab(int index, const QString& title, const PillLook& look)
{
    setTabText(index);
    m_tabs->setTabToolTip(index, plainToolTip(title));
    m_tabs->setTabIcon(index,
                       icon(look.glyph,
                            look.tone == Tone::Ok            ? TokenRole::Ok
                                : look.tone == Tone::Ask     ? TokenRole::Ask
                                : look.tone == Tone::Deny    ? TokenRole::Deny
                                : look.tone == Tone::Neutral ? TokenRole::Second
                                                             : TokenRole::Accent));
    m_tabs->setAccessibleTabName(index, tr("%1, %2").arg(title, look.text));
}

// The dot of what is not saved, in words.
void MainWindow::showWorkflowTab(int index, WorkflowPage& page)
{
    setTabText(index);
    const QString title = page.document().title();
    m_tabs->setAccessibleTabName(index,
                                 page.document().isClean() ? tr("%1, workflow").arg(title) : tr("%1, workflow, not saved").arg(title));
}

void MainWindow::refreshTitles()
{
    setTabText(0);
    for (int i = 1; i < m_tabs->count(); ++i) {
        if (const auto* view = qobject_cast<const ApprovalView*>(m_pages->widget(i)))
            showTab(i, titleOf(view), view->stateLook());
        else if (const auto* page = qobject_cast<const RunPage*>(m_pages->widget(i)))
            showTab(i, runTitleOf(page->runDirectory()), progressLook(page->info().progress));
        else if (auto* workflow = qobject_cast<WorkflowPage*>(m_pages->widget(i)))
            showWorkflowTab(i, *workflow);
    }
    QStringList parts;
    const int waiting = m_approvals->openCount();
    if (waiting > 0)
        parts << (waiting == 1 ? tr("1 approval") : tr("%n approvals", nullptr, waiting));
    if (m_tabs->currentIndex() > 0)
        parts << titleOf(m_pages->currentWidget());
    if (m_listing && !parts.endsWith(shown(m_listing->name)))
        parts << shown(m_listing->name);
    parts << tr("Gatehouse");
    const QString title = parts.join(QStringLiteral(" — "));
    setWindowTitle(waiting > 0 ? QStringLiteral("\u25C6 ") + title : title);
    if (m_corner->text() != title) {
        m_corner->setText(title);
        menuBar()->setCornerWidget(m_corner); // lays it out again: it is as wide as its words
        m_corner->show();
    }
    const RunPage* run = runInView();
    const RunInfo* info = run ? &run->info() : nullptr;
    m_status->setRun(info);
    m_runFacts->setRun(info);
    m_evidence->setRun(info, run ? runTitleOf(run->runDirectory()) : QString());
    m_evidence->setDecisions(run ? run->approvals() : std::vector<ApprovalPtr>());
    m_rail->setWaiting(waiting);
}

void MainWindow::refreshActions()
{
    const RunPage* page = currentRun();
    const RunPage* run = runInView();
    const auto enable = [this](const char* id, bool enabled) { m_actions.action(QLatin1StringView(id))->setEnabled(enabled); };
    const bool ending = bool(m_afterRuns);
    enable("run.new", !m_project.empty());
    enable("run.start", !ending && (m_start->canRun() || currentRun() || currentApproval() || currentWorkflow()));
    enable("run.stop", run && !run->info().over && run->info().records > 0);
    const bool paused = !ending && run && canResume(*run);
    enable("run.resume", paused);
    for (RunPage* each : runPages())
        each->setPaused(!ending && canResume(*each));
    if (ApprovalView* view = currentApproval())
        view->setRunPaused(paused);
    enable("run.nextProblem", page);
    enable("run.previousProblem", page);
    enable("run.followTail", page);
    enable("approvals.next", m_approvals->openCount() > 0);
    enable("approvals.previous", m_approvals->openCount() > 0);
    WorkflowPage* workflow = currentWorkflow();
    const bool editable = workflow && workflow->document().state() == WorkflowDocument::State::Ready;
    enable("file.save", editable && !workflow->document().isClean());
    enable("edit.undo", editable && workflow->document().undoStack().canUndo());
    enable("edit.redo", editable && workflow->document().undoStack().canRedo());
    for (const char* id : {"diff.nextChange", "diff.previousChange", "diff.nextFile", "diff.previousFile", "diff.layout"})
        enable(id, page);
    enable("file.closeProject", !m_project.empty());
    enable("file.closeTab", m_tabs->currentIndex() > 0);
}

} // namespace gatehouse::workbench
