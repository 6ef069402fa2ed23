#include "widgets/project/startpage.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "widgets/controls/factrow.h"
#include "widgets/controls/keybutton.h"
#include "widgets/controls/label.h"
#include "widgets/controls/surface.h"
#include "widgets/project/samplechooser.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

static constexpr int cardWidth = 680;

StartPage::StartPage(QWidget* parent) : QWidget(parent), m_pages(new QStackedWidget)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* ground = new Surface(SurfaceKind::Window);
    auto* inside = new QHBoxLayout(ground);
    inside->setContentsMargins(px(24), px(40), px(24), px(24));
    m_pages->setMaximumWidth(px(cardWidth));
    inside->addStretch(1);
    inside->addWidget(m_pages, 100);
    inside->addStretch(1);
    m_pages->addWidget(makeWelcome());
    m_pages->addWidget(makeTask());
    outer->addWidget(ground);
    setListing(nullptr);
}

static QVBoxLayout* addCard(QWidget* page, int top)
{
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, top, 0, 0);
    auto* card = new Card;
    column->addWidget(card);
    column->addStretch(1);
    auto* inside = new QVBoxLayout(card);
    inside->setContentsMargins(px(28), px(24), px(28), px(24));
    inside->setSpacing(px(10));
    return inside;
}

QWidget* StartPage::makeWelcome()
{
    auto* page = new QWidget;
    QVBoxLayout* column = addCard(page, px(60));
    column->addWidget(makeHeading(tr("Open a project")));
    auto* what =
        new Label(tr("A project is a folder with gatehouse.json: its workflows, policies, sandbox profiles and runs."), TokenRole::Second);
    what->setWordWrap(true);
    column->addWidget(what);
    auto* open = new QPushButton(icon(Glyph::FolderOpen, TokenRole::OnAccent), tr("Open a project…"));
    setLook(open, Look::Primary);
    open->setAutoDefault(false);
    connect(open, &QPushButton::clicked, this, &StartPage::openRequested);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, px(6), 0, px(6));
    row->addWidget(open);
    row->addStretch(1);
    column->addLayout(row);
    m_openProblem = makeSmall({}, TokenRole::Deny);
    m_openProblem->setWordWrap(true);
    column->addWidget(m_openProblem);
    m_samples = new SampleChooser;
    column->addWidget(m_samples);
    column->addSpacing(px(8));
    m_recentCaption = makeSection(tr("Recent projects"));
    column->addWidget(m_recentCaption);
    m_recents = new QVBoxLayout;
    m_recents->setSpacing(px(4));
    column->addLayout(m_recents);
    return page;
}

QWidget* StartPage::makeTask()
{
    auto* page = new QWidget;
    QVBoxLayout* column = addCard(page, 0);
    m_title = makeHeading({});
    column->addWidget(m_title);
    m_description = new Label({}, TokenRole::Second);
    m_description->setWordWrap(true);
    column->addWidget(m_description);
    column->addSpacing(px(6));
    column->addWidget(makeSmall(tr("Workflow")));
    m_workflows = new QComboBox;
    m_workflows->setAccessibleName(tr("Workflow"));
    connect(m_workflows, &QComboBox::currentIndexChanged, this, &StartPage::showWorkflow);
    column->addWidget(m_workflows);
    column->addSpacing(px(4));
    column->addWidget(makeSmall(tr("Task")));
    m_task = new QPlainTextEdit;
    setLook(m_task, Look::Field);
    m_task->setFrameShape(QFrame::StyledPanel);
    m_task->setAccessibleName(tr("Task"));
    m_task->setPlaceholderText(tr("What should the agent do?"));
    m_task->setTabChangesFocus(true);
    m_task->setFixedHeight(px(104));
    m_task->document()->setDocumentMargin(px(7));
    connect(m_task, &QPlainTextEdit::textChanged, this, [this] {
        showTaskMarks();
        updateState();
    });
    column->addWidget(m_task);
    m_taskMarks = makeSmall({}, TokenRole::Deny);
    m_taskMarks->setWordWrap(true);
    m_taskMarks->hide();
    column->addWidget(m_taskMarks);
    column->addSpacing(px(4));
    m_agents = new FactRow(tr("Agents"), {}, FactLayout::Columns);
    m_class = new FactRow(tr("Class and sandbox"), {}, FactLayout::Columns);
    m_policies = new FactRow(tr("Policies"), {}, FactLayout::Columns);
    auto* facts = new QVBoxLayout;
    facts->setSpacing(0);
    for (FactRow* fact : {m_agents, m_class, m_policies}) {
        fact->setRule(true);
        facts->addWidget(fact);
    }
    column->addLayout(facts);
    m_problem = makeSmall({}, TokenRole::Deny);
    m_problem->setWordWrap(true);
    column->addWidget(m_problem);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, px(8), 0, 0);
    row->setSpacing(px(12));
    auto* run = new KeyButton(tr("Run"), QKeySequence(Qt::Key_F5).toString(QKeySequence::NativeText));
    run->setIcon(icon(Glyph::Play, TokenRole::OnAccent));
    setLook(run, Look::Primary);
    run->setAutoDefault(false);
    connect(run, &QPushButton::clicked, this, &StartPage::runRequested);
    m_run = run;
    row->addWidget(run);
    auto* note =
        makeSmall(tr("The agent works in a sandbox, on a copy. You see each step, and decide where the policy asks."), TokenRole::Third);
    note->setWordWrap(true);
    row->addWidget(note, 1);
    column->addLayout(row);
    return page;
}

void StartPage::setRecentProjects(const QStringList& directories)
{
    while (QLayoutItem* item = m_recents->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recentCaption->setVisible(!directories.isEmpty());
    for (const QString& directory : directories) {
        auto* button = new QPushButton(icon(Glyph::Folder), withoutMnemonics(shown(directory.toStdString())));
        button->setAccessibleName(tr("Open the project %1").arg(shown(directory.toStdString())));
        setLook(button, Look::Quiet);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, directory] { Q_EMIT projectChosen(directory); });
        m_recents->addWidget(button, 0, Qt::AlignLeft);
    }
}

void StartPage::setListing(const ProjectListingPtr& listing)
{
    const QString chosen = workflowPath();
    m_listing = listing;
    m_pages->setCurrentIndex(listing ? 1 : 0);
    {
        const QSignalBlocker quiet(m_workflows); // until the one that was chosen is chosen again
        m_workflows->clear();
        if (listing) {
            m_title->setText(shown(listing->name));
            for (const WorkflowSummary& workflow : listing->workflows)
                m_workflows->addItem(shown(workflow.document.name), QString::fromStdString(workflow.document.path));
        }
        chooseWorkflow(chosen);
    }
    showWorkflow();
}

void StartPage::chooseWorkflow(const QString& path)
{
    if (const int index = m_workflows->findData(path); index >= 0)
        m_workflows->setCurrentIndex(index);
}

QString StartPage::workflowPath() const
{
    return m_workflows->currentData().toString();
}

QString StartPage::task() const
{
    return m_task->toPlainText();
}

static QString joined(const std::vector<std::string>& texts)
{
    QStringList list;
    for (const std::string& text : texts)
        list << shown(text);
    return list.join(QStringLiteral(" · "));
}

void StartPage::showWorkflow()
{
    const int index = m_workflows->currentIndex();
    const bool any = m_listing && index >= 0 && std::size_t(index) < m_listing->workflows.size();
    const WorkflowSummary workflow = any ? m_listing->workflows[std::size_t(index)] : WorkflowSummary();
    m_description->setText(any ? shown(workflow.description)
                               : tr("This project has no workflow yet. Put one into its folder “workflows” as NAME.workflow.json; "
                                    "“gatehouse new demo” makes a sample to start from."));
    m_description->setVisible(!m_description->text().isEmpty());
    // The documents are read again whenever one of them is saved: what the person has typed meanwhile stays.
    const QString given = QString::fromStdString(workflow.task);
    const bool same = workflow.document.path == m_shownPath;
    if (!same || task() == m_shownTask)
        m_task->setPlainText(given);
    m_shownTask = given;
    m_shownPath = workflow.document.path;
    m_agents->setValue(joined(workflow.agents));
    m_class->setValue(workflow.executionClass == workflow.profile ? shown(workflow.profile)
                                                                  : joined({workflow.executionClass, workflow.profile}));
    m_policies->setValue(workflow.policies.empty() && any ? tr("none: everything is denied") : joined(workflow.policies));
    for (QWidget* part : {static_cast<QWidget*>(m_workflows), static_cast<QWidget*>(m_task), static_cast<QWidget*>(m_agents),
                          static_cast<QWidget*>(m_class), static_cast<QWidget*>(m_policies)})
        part->setEnabled(any);
    showProblem(same ? m_said : QString());
    updateState();
}

void StartPage::showProblem(const QString& problem)
{
    m_said = problem;
    showProblems();
}

// What was said last, then what is wrong with the documents: the project's first, since it makes the rest unreadable.
void StartPage::showProblems()
{
    QStringList problems;
    if (!m_said.isEmpty())
        problems << m_said;
    if (m_listing) {
        for (const std::string& problem : m_listing->problems)
            problems << shown(problem);
        if (const int index = m_workflows->currentIndex(); index >= 0 && std::size_t(index) < m_listing->workflows.size())
            if (const std::string& problem = m_listing->workflows[std::size_t(index)].document.problem; !problem.empty())
                problems << shown(problem);
    }
    for (Label* label : {m_problem, m_openProblem}) {
        label->setText(problems.join(u'\n'));
        label->setVisible(!problems.isEmpty());
    }
}

// The field holds the task as it is, so what reorders or hides text in it is named below.
void StartPage::showTaskMarks()
{
    constexpr int mostNamed = 5;
    const std::string text = task().toStdString();
    QStringList names;
    for (const MarkedText& line : markedLines(text))
        for (const Mark& mark : line.marks)
            if (mark.kind != approval::SpanKind::Homoglyph)
                names << line.text.mid(mark.start, mark.length);
    names.removeDuplicates();
    if (names.size() > mostNamed)
        names = names.mid(0, mostNamed) << QStringLiteral("\u2026");
    m_taskMarks->setText(tr("The task holds characters that can't be seen: %1").arg(names.join(u' ')));
    m_taskMarks->setVisible(!names.isEmpty());
}

bool StartPage::canRun() const
{
    const int index = m_workflows->currentIndex();
    return m_listing && m_listing->problems.empty() && index >= 0 && !m_starting &&
        m_listing->workflows[std::size_t(index)].document.problem.empty() && !task().trimmed().isEmpty();
}

void StartPage::setStarting(bool starting)
{
    m_starting = starting;
    updateState();
}

void StartPage::updateState()
{
    m_run->setEnabled(canRun());
    m_run->setText(m_starting ? tr("Starting…") : tr("Run"));
    Q_EMIT stateChanged();
}

} // namespace gatehouse::widgets
