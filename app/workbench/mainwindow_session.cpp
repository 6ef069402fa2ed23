// The part of MainWindow that outlives its window: what was open, settings, and what is made or read beside the runs.
#include "app/workbench/mainwindow.h"

#include <QFileInfo>
#include <QSettings>
#include <QStackedWidget>

#include "app/services/sampleproject.h"
#include "app/workbench/documentpage.h"
#include "app/workbench/settings.h"
#include "app/workbench/statusline.h"
#include "app/workbench/workflowpage.h"
#include "widgets/text/markedtext.h"

#include <utility>

namespace gatehouse::workbench {

using namespace widgets;

static const QString runKey = QStringLiteral("run:");
static const QString workflowKey = QStringLiteral("workflow:");
static const QString documentKey = QStringLiteral("document:");

QStringList MainWindow::pageKeys() const
{
    QStringList keys;
    for (int i = 1; i < m_pages->count(); ++i) {
        if (const auto* run = qobject_cast<const RunPage*>(m_pages->widget(i)))
            keys << runKey + QString::fromStdString(run->runDirectory());
        else if (const auto* document = qobject_cast<const DocumentPage*>(m_pages->widget(i)))
            keys << documentKey + document->path();
        else if (const auto* workflow = qobject_cast<const WorkflowPage*>(m_pages->widget(i)))
            keys << workflowKey + workflow->path();
    }
    return keys;
}

void MainWindow::saveSession() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (m_wantedPages.isEmpty()) { // else the last session was not opened yet: it stays what it was
        settings.setValue(QStringLiteral("session/project"), QString::fromStdString(m_project));
        settings.setValue(QStringLiteral("session/pages"), pageKeys());
    }
    m_workspaces->save();
}

void MainWindow::restoreSession()
{
    const QSettings settings;
    const QString project = settings.value(QStringLiteral("session/project")).toString();
    if (project.isEmpty() || !Settings::reopensSession())
        return;
    m_wantedProject = project;
    m_wantedPages = settings.value(QStringLiteral("session/pages")).toStringList();
    openPath(project.toStdString());
}

// Those that are there still: asked away from this thread, since a folder may lie on a slow disk.
void MainWindow::openPages(const QStringList& pages)
{
    if (pages.isEmpty() || m_wantedProject.toStdString() != m_project)
        return;
    const auto place = [](const QString& key) { return key.section(u':', 1); };
    inBackground(
        m_documents, this,
        [pages, place] {
            QStringList there;
            for (const QString& page : pages)
                if (QFileInfo::exists(place(page)))
                    there << page;
            return there;
        },
        [this, place, project = m_project](const QStringList& there) {
            if (project != m_project)
                return; // left meanwhile
            for (const QString& page : there) {
                if (page.startsWith(runKey))
                    openRun(place(page).toStdString());
                else if (page.startsWith(workflowKey))
                    openWorkflow(place(page));
                else
                    openDocument(place(page));
            }
        });
}

RunOptions MainWindow::runOptions() const
{
    RunOptions options;
    options.tokensPerSecond = Settings::pace();
    return options;
}

void MainWindow::makeSample(const QString& name, const QString& folder)
{
    inBackground(
        m_documents, this, [name = name.toStdString(), folder = folder.toStdString()] { return app::makeSampleProject(name, folder); },
        [this, folder](const Result<workflow::ProjectTemplate>& made) {
            if (!made)
                return m_start->showProblem(shown(made.error().toString()));
            m_start->showProblem({});
            openPath(folder.toStdString());
        });
}

void MainWindow::verifyRun(quint64 ticket, const QString& directory)
{
    inBackground(
        m_verifications, this, [directory = directory.toStdString()] { return journal::verify(directory); },
        [this, ticket](const Result<journal::Verification>& result) { m_evidence->showResult(ticket, result); });
}

} // namespace gatehouse::workbench
