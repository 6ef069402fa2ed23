// StartPage: pick a workflow, say the task, run. With no project open it invites to open one. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/models/projecttreemodel.h"

class QComboBox;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace gatehouse::widgets {

class Card;
class FactRow;
class Label;
class SampleChooser;

class StartPage final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StartPage)
public:
    explicit StartPage(QWidget* parent = nullptr);

    void setListing(const ProjectListingPtr& listing); // null: no project
    void setRecentProjects(const QStringList& directories);
    [[nodiscard]] SampleChooser& samples() const { return *m_samples; }
    void chooseWorkflow(const QString& path);
    [[nodiscard]] QString workflowPath() const;
    [[nodiscard]] QString task() const;
    [[nodiscard]] bool canRun() const;
    // While a start is on its way the button waits.
    void setStarting(bool starting);
    // What stands in the way, in place: a start or an opening that failed. Empty: nothing. The problems of the project's own
    // documents show whatever is said here.
    void showProblem(const QString& problem);

Q_SIGNALS:
    void runRequested();
    void openRequested();
    void projectChosen(const QString& directory);
    void stateChanged();

private:
    [[nodiscard]] QWidget* makeWelcome();
    [[nodiscard]] QWidget* makeTask();
    void showWorkflow();
    void showProblems();
    void showTaskMarks();
    void updateState();

    ProjectListingPtr m_listing;
    QStackedWidget* m_pages;
    Label* m_recentCaption = nullptr;
    QVBoxLayout* m_recents = nullptr;
    SampleChooser* m_samples = nullptr;
    Label* m_title = nullptr;
    QComboBox* m_workflows = nullptr;
    Label* m_description = nullptr;
    QPlainTextEdit* m_task = nullptr;
    FactRow* m_agents = nullptr;
    FactRow* m_class = nullptr;
    FactRow* m_policies = nullptr;
    Label* m_problem = nullptr;     // beside Run
    Label* m_openProblem = nullptr; // beside Open
    Label* m_taskMarks = nullptr;   // what of the task can't be seen
    QString m_said;                 // by showProblem
    std::string m_shownPath;        // of the shown workflow
    QString m_shownTask;            // as its document has it
    QPushButton* m_run = nullptr;
    bool m_starting = false;
};

} // namespace gatehouse::widgets
