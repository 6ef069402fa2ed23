// The tour: what a person does between the welcome page and a proven run, done with the keys, buttons and commands they would use.
#include "app/workbench/shots.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QUrl>

#include "app/workbench/camera.h"
#include "app/workbench/mainwindow.h"
#include "app/workbench/workflowpage.h"
#include "widgets/controls/keybutton.h"
#include "widgets/inspector/detailpane.h"
#include "widgets/project/samplechooser.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace gatehouse::workbench {

namespace {

using namespace widgets;
using authoring::NodeId;
using authoring::NodeKind;

// The size of a small screen, so that the pictures stay small and can be read at their own size.
constexpr QSize windowSize(1280, 800);

// As the sample's own workflow has it: its scripted model answers for an agent of this name.
constexpr const char* agentName = "repairer";
constexpr const char* dataName = "repo";
constexpr const char* toolName = "run_tests";

void press(QWidget* on, int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier, const QString& text = {})
{
    for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(type, key, modifiers, text);
        QApplication::sendEvent(on, &event);
    }
    QApplication::processEvents();
}

void type(QWidget* on, const QString& text)
{
    for (const QChar letter : text)
        press(on, letter == u'\n' ? int(Qt::Key_Return) : int(letter.toUpper().unicode()), Qt::NoModifier, QString(letter));
}

// Where the person would look for it: shown, and with these words.
template <typename Button = QAbstractButton> Button* buttonOf(const QWidget& in, const QString& words)
{
    for (Button* button : in.findChildren<Button*>())
        if (button->isVisible() && (button->text() == words || button->accessibleName().startsWith(words)))
            return button;
    return nullptr;
}

class Tour {
public:
    Tour(MainWindow& window, Themer& themer, std::string project, std::string folder)
        : m_window(window),
          m_project(std::move(project)),
          m_camera(window, themer, std::move(folder), {ThemeChoice::Light}, Camera::Naming::View)
    {
    }

    Result<ShotResult> take()
    {
        if (std::error_code ignored; std::filesystem::exists(m_project, ignored))
            return fail(ErrorCode::AlreadyExists, m_project, "The tour makes the project itself", "Name a folder that is not there");
        GH_TRY(m_camera.makeFolder());
        m_window.resize(windowSize);
        m_window.show();
        m_window.activateWindow();
        for (const auto& step : {&Tour::welcome, &Tour::empty, &Tour::agent, &Tour::data, &Tour::instructions, &Tour::tool, &Tour::save,
                                 &Tour::start, &Tour::ask, &Tour::approve, &Tour::diff, &Tour::evidence})
            GH_TRY((this->*step)());
        return ShotResult{m_camera.written(), {}};
    }

private:
    // What the canvas says may be why it does not.
    [[nodiscard]] Result<void> must(bool holds, const char* what) const
    {
        if (!holds)
            return fail(ErrorCode::System, "tour", what, Message("%1", {m_page ? m_page->canvas().line().toStdString() : std::string()}));
        return {};
    }
    Result<void> picture(const char* view) { return m_camera.picture(view); }

    Result<void> trigger(const char* id)
    {
        QAction* action = m_window.actions().action(QLatin1StringView(id));
        if (!action && m_page)
            action = m_page->canvas().command(id);
        GH_TRY(must(action, "There is no such command"));
        if (!action->isEnabled())
            return fail(ErrorCode::System, id, "The command is off");
        action->trigger();
        QApplication::processEvents();
        return {};
    }
    Result<void> click(QWidget* in, const QString& words)
    {
        auto* button = buttonOf(*in, words);
        if (!button || !button->isEnabled())
            return fail(ErrorCode::System, words.toStdString(), "There is no such button, or it is off");
        button->click();
        QApplication::processEvents();
        return {};
    }

    [[nodiscard]] WorkflowDocument& document() const { return m_page->document(); }
    [[nodiscard]] bool has(NodeKind kind, const char* name) const
    {
        const authoring::GraphNode* node = document().graph().find({kind, name});
        return node && node->definition == authoring::Definition::Here;
    }
    Result<void> judged()
    {
        return must(waitUntil([this] { return document().areProblemsCurrent(); }), "The workflow's problems were not found in time");
    }
    // F2, the name, Enter.
    Result<void> rename(const char* name)
    {
        GH_TRY(trigger("canvas.rename"));
        QLineEdit* line = m_page->canvas().nameEdit();
        GH_TRY(must(line, "Nothing can be renamed"));
        line->selectAll();
        type(line, QString::fromLatin1(name));
        press(line, Qt::Key_Return);
        return {};
    }
    // Enter at the node puts the focus into its form.
    Result<FormPage*> openForm(NodeKind kind, const char* name)
    {
        CanvasView& view = m_page->canvas().view();
        const auto node = view.scene().indexOf({kind, name});
        GH_TRY(must(node.has_value(), "There is no such node"));
        view.setFocus(Qt::OtherFocusReason);
        view.makeCurrent(*node);
        press(&view, Qt::Key_Return);
        return m_page->inspector().form();
    }
    Result<void> fill(FormPage& form, const char* key, const QString& text)
    {
        FormField* field = form.field(key);
        if (!field || !field->editor())
            return fail(ErrorCode::System, key, "The form has no such field");
        QWidget* editor = field->editor();
        editor->setFocus(Qt::TabFocusReason);
        if (auto* line = qobject_cast<QLineEdit*>(editor))
            line->selectAll();
        else if (auto* area = qobject_cast<QPlainTextEdit*>(editor))
            area->selectAll();
        type(editor, text);
        return {};
    }

    // The sample is chosen and its folder named; then it is made and opened.
    Result<void> welcome()
    {
        SampleChooser& samples = m_window.startPage().samples();
        GH_TRY(click(&samples, QStringLiteral("Sample credit-note")));
        samples.folder().selectAll();
        type(&samples.folder(), QString::fromStdString(m_project));
        GH_TRY(picture("welcome"));
        bool loaded = false;
        QObject::connect(&m_window, &MainWindow::projectLoaded, &m_window, [&loaded] { loaded = true; }, Qt::SingleShotConnection);
        press(&samples.folder(), Qt::Key_Return);
        return must(waitUntil([&loaded] { return loaded; }), "The sample was not made and opened in time");
    }

    // Its workflow, opened from the tree and emptied: all of it is built anew.
    Result<void> empty()
    {
        m_window.tree().selectPath(m_window.startPage().workflowPath());
        press(&m_window.tree(), Qt::Key_Return);
        m_page = m_window.currentWorkflow();
        GH_TRY(must(m_page, "The tree opened no workflow"));
        GH_TRY(
            must(waitUntil([this] { return document().state() == WorkflowDocument::State::Ready; }), "The workflow was not read in time"));
        GH_TRY(trigger("canvas.selectAll"));
        GH_TRY(trigger("canvas.delete"));
        GH_TRY(must(document().graph().nodes.empty(), "The workflow was not emptied"));
        GH_TRY(judged());
        return picture("empty");
    }

    Result<void> agent()
    {
        GH_TRY(click(&m_page->canvas(), QStringLiteral("+ Agent")));
        GH_TRY(rename(agentName));
        GH_TRY(must(has(NodeKind::Agent, agentName), "The agent was not added"));
        GH_TRY(judged());
        return picture("agent");
    }

    // The repository, dropped on the canvas from a file manager.
    Result<void> data()
    {
        CanvasView& view = m_page->canvas().view();
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(QString::fromStdString(m_project + "/sources/credit-note"))});
        const QPoint place(view.width() / 8, view.height() / 2);
        QDragEnterEvent enter(place, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&view, &enter);
        GH_TRY(must(enter.isAccepted(), "The canvas takes no folder"));
        QDropEvent drop(place, Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&view, &drop);
        GH_TRY(must(waitUntil([this] { return has(NodeKind::Data, "credit-note"); }), "The folder became no data"));
        GH_TRY(rename(dataName));
        GH_TRY(must(has(NodeKind::Data, dataName), "The data was not renamed"));
        GH_TRY(trigger("canvas.arrange"));
        GH_TRY(judged());
        return picture("data");
    }

    Result<void> instructions()
    {
        GH_ASSIGN(FormPage * form, openForm(NodeKind::Agent, agentName));
        GH_TRY(fill(*form, "/instructions", QStringLiteral("You mend the program in {{re")));
        GH_TRY(must(QApplication::activePopupWidget(), "The names of the data are not offered"));
        GH_TRY(picture("instructions"));
        QWidget* editor = form->field("/instructions")->editor();
        press(QApplication::activePopupWidget(), Qt::Key_Return);
        type(editor,
             QStringLiteral(". Read its task.md first, run its tests, and change as little as needed. Leave the tests and the command's "
                            "arguments as they are. When the tests pass, say in a sentence what was wrong."));
        GH_TRY(fill(*form, "/limits/turns", QStringLiteral("20")));
        GH_TRY(fill(*form, "/limits/run", QStringLiteral("30 min")));
        return must(document().text().find("in {{repo}}. Read") != std::string::npos, "The name that was offered was not taken");
    }

    // A tool joined by keys: Ctrl+L at the agent, the tool's first letters, Enter. Its program is the person's own.
    Result<void> tool()
    {
        std::error_code ignored;
        std::filesystem::create_directory(m_project + "/tools", ignored);
        std::ofstream(m_project + "/tools/run_tests.sh") << "exec sh repo/tests/test_credit_note.sh\n";
        document().clearSelection();
        GH_TRY(click(&m_page->canvas(), QStringLiteral("+ Tool")));
        GH_TRY(rename(toolName));
        GH_ASSIGN(FormPage * form, openForm(NodeKind::Tool, toolName));
        GH_TRY(fill(*form, "/description", QStringLiteral("Runs the tests of the credit note program.")));
        GH_TRY(fill(*form, "/command", QStringLiteral("sh\nrun_tests.sh")));
        GH_TRY(openForm(NodeKind::Agent, agentName));
        CanvasView& view = m_page->canvas().view();
        view.setFocus(Qt::OtherFocusReason);
        GH_TRY(trigger("canvas.arrange"));
        GH_TRY(trigger("canvas.connect"));
        type(&view, QStringLiteral("run"));
        GH_TRY(picture("wire"));
        press(&view, Qt::Key_Return);
        const NodeId from{NodeKind::Agent, agentName};
        return must(document().graph().wire(from, {NodeKind::Tool, toolName}), "The tool was not joined");
    }

    Result<void> save()
    {
        GH_TRY(trigger("canvas.arrange"));
        bool saved = false;
        QObject::connect(&document(), &WorkflowDocument::saved, &m_window, [&saved] { saved = true; }, Qt::SingleShotConnection);
        GH_TRY(trigger("file.save"));
        GH_TRY(must(waitUntil([&] { return saved && document().isClean(); }), "The workflow was not saved"));
        GH_TRY(judged());
        if (!document().problems().empty())
            return fail(ErrorCode::InvalidInput, "tour", document().problems().front().message);
        return picture("workflow");
    }

    Result<void> start()
    {
        GH_TRY(trigger("run.start"));
        GH_TRY(must(waitUntil([this] { return m_window.startPage().isVisible() && m_window.startPage().canRun(); }),
                    "The workflow can't be run"));
        return picture("start");
    }

    Result<void> ask()
    {
        GH_TRY(trigger("run.start"));
        m_window.setWorkspace(Workspace::Run);
        GH_TRY(must(waitUntil([this] { return m_window.currentRun() && !m_window.currentRun()->approvals().empty(); }),
                    "The run asked nobody in time"));
        m_run = m_window.currentRun();
        m_run->selectApproval(m_run->approvals().front()->status.request.id.text());
        // The tree reads the runs for itself, a moment later.
        const auto isShown = [this] {
            return m_run->isDetailShown() && m_run->info().progress == RunProgress::Waiting && m_window.runs().rowCount() > 0 &&
                m_window.runs().entry(0)->info.progress == RunProgress::Waiting;
        };
        GH_TRY(must(waitUntil(isShown), "What the run asks was not shown in time"));
        return picture("asks");
    }

    // F8; End until all of it was on screen; A arms, A confirms.
    Result<void> approve()
    {
        GH_TRY(trigger("approvals.next"));
        ApprovalView* view = m_window.currentApproval();
        GH_TRY(must(view, "The request was not opened"));
        auto* deny = buttonOf<KeyButton>(*view, QStringLiteral("Deny"));
        GH_TRY(must(deny, "The request can't be decided"));
        const auto insist = [&](int key, const std::function<bool()>& outcome) {
            return waitUntil([&] {
                if (!outcome())
                    press(deny, key);
                return outcome();
            });
        };
        GH_TRY(must(insist(Qt::Key_End, [view] { return view->payload().wholeTextSeen(); }), "Some of what will run was never on screen"));
        GH_TRY(must(insist(Qt::Key_A, [view] { return view->gate().isArmed(); }), "The approval could not be armed"));
        GH_TRY(picture("approve"));
        press(deny, Qt::Key_A);
        GH_TRY(must(waitUntil([view] { return !view->item()->status.open(); }), "The approval did not reach the journal"));
        press(&view->payload(), Qt::Key_Escape);
        GH_TRY(must(waitUntil([this] { return m_run->info().progress == RunProgress::Finished; }), "The run did not finish"));
        // The tree hears of it by itself.
        return must(waitUntil([this] {
                        const RunListModel& runs = m_window.runs();
                        return runs.rowCount() > 0 && runs.entry(0)->info.progress == RunProgress::Finished;
                    }),
                    "The list of runs was not brought up to date");
    }

    Result<void> diff()
    {
        m_window.openRun(m_run->runDirectory());
        int changing = 0;
        while (changing < m_run->model().rowCount() && m_run->model().row(changing)->filesChanged == 0)
            ++changing;
        GH_TRY(must(changing < m_run->model().rowCount(), "The run changed nothing"));
        m_run->selectRow(changing);
        m_run->detail().setTab(DetailPane::Diff);
        DiffPane& diff = m_run->detail().diff();
        GH_TRY(must(waitUntil([&] { return m_run->isDetailShown() && !diff.isEmpty(); }), "The diff was not shown in time"));
        if (!syntaxEngineName().isEmpty())
            GH_TRY(must(waitUntil([&diff] { return diff.hasColours(); }), "The diff got no colours"));
        return picture("diff");
    }

    Result<void> evidence()
    {
        m_window.setWorkspace(Workspace::Evidence);
        auto* pane = m_window.findChild<EvidencePane*>();
        GH_TRY(click(pane, QStringLiteral("Verify")));
        GH_TRY(must(waitUntil([pane] { return pane->isVerified(); }), "The run was not verified in time"));
        return picture("evidence");
    }

    MainWindow& m_window;
    std::string m_project;
    Camera m_camera;
    WorkflowPage* m_page = nullptr;
    RunPage* m_run = nullptr;
};

} // namespace

Result<ShotResult> takeTour(MainWindow& window, Themer& themer, const std::string& project, const std::string& folder)
{
    return Tour(window, themer, project, folder).take();
}

} // namespace gatehouse::workbench
