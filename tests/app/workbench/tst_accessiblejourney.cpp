// The whole way by accessible actions alone: what a person does who speaks to the machine or has a switch. No key and no pointer
// event is sent here. And whatever can be acted on, in every workspace and on every page, has a name and a role that says something.
#include "tests/app/workbench/accessibletree.h"
#include "tests/support/testmain.h"

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const QString pressAction = QStringLiteral("Press");
const QString toggleAction = QStringLiteral("Toggle");
const QString nextPageAction = QStringLiteral("Next Page");

AccessibleProgram::Wanted pushButton(const QString& name)
{
    return [name](const Accessible& object) {
        return (object.role == u"push button" || object.role == u"button") && object.name == name && object.is(Shown::Enabled);
    };
}

// Of the window's pages, not of a pane's: those lie deeper.
std::vector<Accessible> pageTabs(const AccessibleProgram& program)
{
    std::vector<Accessible> tabs;
    for (const Accessible& object : program.tree())
        if (object.role == u"page tab" && (tabs.empty() || object.trail.count(u'›') == tabs.front().trail.count(u'›')))
            tabs.push_back(object);
    return tabs;
}

// A window of its own on a bus of its own.
struct Scene {
    Scene()
    {
        if (stage.problem.isEmpty())
            stage.problem = bus.start(stage.desktop, stage.cli);
        if (!stage.problem.isEmpty())
            return;
        window = std::make_unique<Workbench>(stage.desktop, stage.cli, stage.project());
        program = std::make_unique<AccessibleProgram>(bus);
        if (!window->awaitActive() || !program->awaitProgram())
            stage.problem = QStringLiteral("the program did not come to the accessibility bus");
    }
    Stage stage;
    AccessibilityBus bus;
    std::unique_ptr<Workbench> window;
    std::unique_ptr<AccessibleProgram> program;
};

} // namespace

class TestAccessibleJourney : public TestCase {
    Q_OBJECT

    // What can be acted on or have the focus, but can't be told apart or says nothing of itself.
    static QStringList faultsOf(const AccessibleProgram& program, const QString& where)
    {
        static const QStringList empty{QStringLiteral("unknown"), QString(), QStringLiteral("invalid role"), QStringLiteral("filler")};
        QStringList faults;
        for (const Accessible& object : program.tree()) {
            const bool focusable = object.is(Shown::Focusable);
            if (object.name.trimmed().isEmpty() && (focusable || !program.actionsOf(object).isEmpty()))
                faults << QStringLiteral("%1: no name:%2").arg(where, object.trail);
            // Qt has no better role for an area that scrolls: with a name it says what it is.
            if (focusable && empty.contains(object.role) && (object.role != u"filler" || object.name.isEmpty()))
                faults << QStringLiteral("%1: no role:%2").arg(where, object.trail);
        }
        return faults;
    }

    static bool chooseWorkspace(const AccessibleProgram& program, const QString& name)
    {
        const auto chosen = [name](const Accessible& object) { return object.role == u"radio button" && object.name == name; };
        return program.act(qPrintable(name), chosen, toggleAction);
    }

    static bool openWorkflow(const AccessibleProgram& program)
    {
        return program.press("the workflow", accessible(QStringLiteral("tree item"), QStringLiteral("credit-note"))) &&
            program.await("the sample's agent", accessible(QStringLiteral("list item"), QStringLiteral("repairer, "))).has_value();
    }

    // The row below its section's.
    static bool openFirstPolicy(const AccessibleProgram& program)
    {
        const std::vector<Accessible> all = program.tree();
        const auto section = std::ranges::find_if(all, accessible(QStringLiteral("tree item"), QStringLiteral("Policies")));
        if (section == all.end() || std::next(section) == all.end())
            return false;
        const QString path = std::next(section)->path;
        return program.press("the policy", [path](const Accessible& object) { return object.path == path; });
    }

    // As far as the card, which has been read whole.
    static bool openAndReadTheCard(const AccessibleProgram& program, const CommandLine& cli)
    {
        return program.press("Run", pushButton(QStringLiteral("Run"))) && becomes([&] { return !openApproval(cli).empty(); }) &&
            program.press("Review…", pushButton(QStringLiteral("Review the request: apply_patch"))) &&
            program.insist(accessible(QStringLiteral("list"), QStringLiteral("What will run, whole")), nextPageAction,
                           accessible(QStringLiteral("label"), QStringLiteral("Everything has been on screen.")));
    }

private Q_SLOTS:
    void everythingThatCanBeActedOnHasANameAndARole()
    {
        Scene scene;
        QVERIFY2(scene.stage.problem.isEmpty(), qPrintable(scene.stage.problem));
        const AccessibleProgram& program = *scene.program;
        QVERIFY(program.await("the project's Run button", pushButton(QStringLiteral("Run"))));
        QVERIFY(openAndReadTheCard(program, scene.stage.cli));
        QVERIFY(openFirstPolicy(program));
        QVERIFY(openWorkflow(program));
        const std::vector<Accessible> tabs = pageTabs(program);
        QVERIFY(tabs.size() >= 5);
        QStringList faults;
        for (const char* workspace : {"Author", "Run", "Approve", "Evidence"}) {
            QVERIFY(chooseWorkspace(program, QString::fromLatin1(workspace)));
            for (const Accessible& tab : tabs) {
                QVERIFY(program.press(qPrintable(tab.name), [&](const Accessible& object) { return object.path == tab.path; }));
                faults << faultsOf(program, QStringLiteral("%1, %2").arg(QLatin1StringView(workspace), tab.name));
            }
        }
        faults.removeDuplicates();
        QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
    }

    void aTaskIsRunReadAndApproved()
    {
        Scene scene;
        QVERIFY2(scene.stage.problem.isEmpty(), qPrintable(scene.stage.problem));
        const AccessibleProgram& program = *scene.program;
        const CommandLine& cli = scene.stage.cli;
        const std::string task = "Mend the credit note, by accessible actions alone.";
        QVERIFY(program.await("the project's Run button", pushButton(QStringLiteral("Run"))));
        QVERIFY(program.write("the task", accessible(QStringLiteral("text"), QStringLiteral("Task")), QString::fromStdString(task)));
        QVERIFY(openAndReadTheCard(program, cli));
        const auto arms = pushButton(QStringLiteral("Approve apply_patch: arms, asks again"));
        const auto confirms = pushButton(QStringLiteral("Confirm the approval of apply_patch"));
        QVERIFY(program.insist(arms, pressAction, confirms));
        QCOMPARE(countOf(cli.records("last"), "approval.vote"), 0);
        QVERIFY(program.press("Confirm", confirms));
        QVERIFY(becomes([&] { return countOf(cli.records("last"), "run.finished") == 1; }));
        checkApproved(cli);
        QVERIFY(lastOf(cli.records("last"), "run.opened").dump().find(task) != std::string::npos);
        QVERIFY(program.await("the receipt", accessible(QStringLiteral("label"), QStringLiteral("Confirmed by one person: "))));
        QVERIFY(program.press("Quit", accessible(QStringLiteral("menu item"), QStringLiteral("Quit"))));
        QVERIFY(scene.window->awaitEnd());
        QCOMPARE(scene.window->process().exitCode(), 0);
    }

    void aWorkflowIsWrittenAndSaved()
    {
        Scene scene;
        QVERIFY2(scene.stage.problem.isEmpty(), qPrintable(scene.stage.problem));
        const AccessibleProgram& program = *scene.program;
        const CommandLine& cli = scene.stage.cli;
        const std::string path = cli.project() + "/workflows/credit-note.workflow.json";
        QVERIFY(openWorkflow(program));
        // The menu is filled when it opens.
        const auto menu = accessible(QStringLiteral("menu item"), QStringLiteral("Workflow"));
        const auto adds = accessible(QStringLiteral("menu item"), QStringLiteral("Add agent"));
        QVERIFY(program.insist(menu, QStringLiteral("ShowMenu"), adds));
        QVERIFY(program.press("Add agent", adds));
        QVERIFY(program.act("Workflow", menu, QStringLiteral("ShowMenu"))); // closes it
        const auto row = [](const QString& beginning) { return accessible(QStringLiteral("tree item"), beginning); };
        QVERIFY(program.press("another row", row(QStringLiteral("repairer, agent"))));
        QVERIFY(program.press("the new agent in the outline", row(QStringLiteral("agent, agent"))));
        const auto name = [](const Accessible& object) { return object.role == u"text" && object.name == u"Name"; };
        QVERIFY(program.write("its name", name, QStringLiteral("checker")));
        QVERIFY(program.await("the renamed agent", row(QStringLiteral("checker, agent"))));
        QVERIFY(program.write("its instructions", accessible(QStringLiteral("text"), QStringLiteral("Instructions")),
                              QStringLiteral("Check what was mended.")));
        QVERIFY(program.press("Save", accessible(QStringLiteral("menu item"), QStringLiteral("Save"))));
        nlohmann::json workflow;
        QVERIFY(becomes([&] {
            workflow = nlohmann::json::parse(readFile(path), nullptr, false);
            return workflow.is_object() && workflow["agents"].contains("checker");
        }));
        GH_JSON(workflow["agents"]["checker"]["instructions"], "Check what was mended.");
        QCOMPARE(workflow["agents"].size(), std::size_t(2));
        QCOMPARE(cli.run({QStringLiteral("validate"), QString::fromStdString(path)}).status, 0);
    }
};

GATEHOUSE_TEST_MAIN(TestAccessibleJourney)
#include "tst_accessiblejourney.moc"
