// A workflow is written in a real window, once with the keyboard alone and once with the mouse alone. What came of it is read from
// the file's bytes and through the command line; the window is only asked what it shows.
#include "tests/app/workbench/desktop.h"
#include "tests/support/testmain.h"

#include <cmath>

using namespace gatehouse;
using namespace gatehouse::test;
using nlohmann::json;

namespace {

// Keys that Gatehouse does not know, in an odd spelling: both stay.
const std::string foreignLine = R"(  "x-owner" :   { "team":"Billing – Zürich",  "pager": 1.50 },)";

std::string workflowPath(const CommandLine& cli)
{
    return cli.project() + "/workflows/credit-note.workflow.json";
}

// The sample's workflow with keys of somebody else; its bytes.
std::string addForeignKeys(const CommandLine& cli)
{
    std::string text = readFile(workflowPath(cli));
    text.insert(text.find('\n') + 1, foreignLine + '\n');
    writeFile(workflowPath(cli), text);
    return text;
}

// The first line of the one that is not in the other in this order; a comma at a line's end may come or go. Empty: all are there.
std::string lostLine(const std::string& before, const std::string& after)
{
    const auto lines = [](const std::string& text) {
        QStringList out = QString::fromStdString(text).split(u'\n');
        for (QString& line : out)
            if (line.endsWith(u','))
                line.chop(1);
        return out;
    };
    const QStringList there = lines(after);
    qsizetype from = 0;
    for (const QString& line : lines(before)) {
        const qsizetype at = there.indexOf(line, from);
        if (at < 0)
            return line.toStdString();
        from = at + 1;
    }
    return {};
}

json parsed(const CommandLine& cli)
{
    return json::parse(readFile(workflowPath(cli)), nullptr, false);
}

QPointF placeOfAgent(const json& workflow, const std::string& name)
{
    const json layout = workflow.value("layout", json::object());
    const json place = layout.value("nodes", json::object()).value("agent:" + name, json());
    return place.is_array() && place.size() == 2 ? QPointF(place[0].get<double>(), place[1].get<double>()) : QPointF(NAN, NAN);
}

// A card of the canvas; a row of the outline.
Workbench::Wanted card(const QString& name)
{
    return [name](const Control& c) { return c.role == u"ListItem" && c.name.startsWith(name + QStringLiteral(", ")); };
}

Workbench::Wanted row(const QString& beginning)
{
    return [beginning](const Control& c) { return c.role == u"TreeItem" && c.name.startsWith(beginning); };
}

} // namespace

class TestCanvasJourney : public TestCase {
    Q_OBJECT

    static bool saved(const CommandLine& cli, const std::function<bool(const json&)>& holds)
    {
        return becomes([&] {
            const json workflow = parsed(cli);
            return workflow.is_object() && holds(workflow);
        });
    }

    static void checkValid(const CommandLine& cli)
    {
        const Finished judged = cli.run({QStringLiteral("validate"), QString::fromStdString(workflowPath(cli))});
        QVERIFY2(judged.status == 0, (judged.output + judged.error).c_str());
    }

    // From anywhere, as the keyboard goes: Tab, and Escape out of the text, where Tab indents.
    static bool backToCanvas(Workbench& window)
    {
        constexpr int mostSteps = 80;
        for (int i = 0; i < mostSteps; ++i) {
            const auto focus = window.find([](const Control& c) { return c.focused && c.role != u"Window"; });
            if (window.find([](const Control& c) { return c.focused && c.name == u"Canvas"; }))
                return true;
            window.step(focus && focus->name == u"Source" ? QStringLiteral("Escape") : QStringLiteral("Tab"));
        }
        return window.await("the canvas", focusedOn(QStringLiteral("Canvas")), 1).has_value();
    }

    static bool makeCurrent(Workbench& window, const QString& letters, const QString& name)
    {
        window.type(letters);
        return window.await(qPrintable(name), [&](const Control& c) { return card(name)(c) && c.focused && c.selected; }).has_value();
    }

    // Ctrl+Space, some letters, Enter; then its name.
    static bool addAgent(Workbench& window, const QString& name)
    {
        window.key(QStringLiteral("ctrl+space"));
        if (!window.await("what to insert", named(QStringLiteral("What to insert"))))
            return false;
        window.type(QStringLiteral("agent"));
        window.key(QStringLiteral("Return"));
        if (!window.await("the new agent", [](const Control& c) { return card(QStringLiteral("agent"))(c) && c.focused; }))
            return false;
        window.key(QStringLiteral("F2"));
        if (!window.await("its name", focusedOn(QStringLiteral("New name of agent"))))
            return false;
        window.type(name);
        window.key(QStringLiteral("Return"));
        return window.await("the renamed agent", [&](const Control& c) { return card(name)(c) && c.focused; }).has_value();
    }

    static bool instruct(Workbench& window, const QString& words)
    {
        window.key(QStringLiteral("Return"));
        if (!window.await("its instructions", focusedOn(QStringLiteral("Instructions"))))
            return false;
        window.key(QStringLiteral("ctrl+a"));
        window.type(words);
        return true;
    }

    static bool openByKeys(Workbench& window)
    {
        if (!window.tabTo("the project's tree", [](const Control& c) { return c.role == u"Tree" && c.name == u"Project"; }))
            return false;
        window.key(QStringLiteral("Home"));
        window.key(QStringLiteral("Down"));
        window.key(QStringLiteral("Return"));
        window.key(QStringLiteral("ctrl+1"));
        return window.await("the canvas", focusedOn(QStringLiteral("Canvas"))) &&
            window.await("the sample's agent", card(QStringLiteral("repairer")));
    }

private Q_SLOTS:
    void byKeyboardOnly()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        const CommandLine& cli = stage.cli;
        const std::string before = addForeignKeys(cli);
        Workbench window(stage.desktop, cli, stage.project());
        QVERIFY(window.awaitActive());
        QVERIFY(window.await("the project's Run button", button(QStringLiteral("Run"))));
        QVERIFY(openByKeys(window));

        QVERIFY(addAgent(window, QStringLiteral("checker")));
        QVERIFY(addAgent(window, QStringLiteral("scribe")));
        QVERIFY(makeCurrent(window, QStringLiteral("repa"), QStringLiteral("repairer")));
        window.key(QStringLiteral("ctrl+l"));
        window.type(QStringLiteral("check"));
        window.key(QStringLiteral("Return"));
        const auto handoff = row(QStringLiteral("checker, agent, handoff"));
        QVERIFY(window.await("the handoff", handoff));
        window.key(QStringLiteral("ctrl+z"));
        QVERIFY(window.awaitGone(handoff));
        window.key(QStringLiteral("ctrl+shift+z"));
        QVERIFY(window.await("the handoff again", handoff));

        // Copied, pasted, deleted again.
        QVERIFY(makeCurrent(window, QStringLiteral("scr"), QStringLiteral("scribe")));
        window.key(QStringLiteral("ctrl+c"));
        window.key(QStringLiteral("ctrl+v"));
        QVERIFY(window.await("the copy", [](const Control& c) { return card(QStringLiteral("scribe-2"))(c) && c.selected; }));
        window.key(QStringLiteral("Delete"));
        QVERIFY(window.awaitGone(card(QStringLiteral("scribe-2"))));

        // In the form, then back to the canvas and to the other one's form.
        QVERIFY(makeCurrent(window, QStringLiteral("check"), QStringLiteral("checker")));
        QVERIFY(instruct(window, QStringLiteral("Check what was mended.")));
        QVERIFY(backToCanvas(window));
        QVERIFY(makeCurrent(window, QStringLiteral("scr"), QStringLiteral("scribe")));
        QVERIFY(instruct(window, QStringLiteral("Write it down.")));
        QVERIFY(readFile(workflowPath(cli)) == before);
        window.key(QStringLiteral("ctrl+s"));
        QVERIFY(saved(cli, [](const json& workflow) { return workflow["agents"].contains("scribe"); }));

        const json workflow = parsed(cli);
        GH_JSON(workflow["agents"]["checker"]["instructions"], "Check what was mended.");
        GH_JSON(workflow["agents"]["scribe"]["instructions"], "Write it down.");
        GH_JSON(workflow["agents"]["repairer"]["handoffs"], json::array({"checker"}));
        QCOMPARE(workflow["agents"].size(), std::size_t(3));
        GH_JSON(workflow["entry"], "repairer");
        const std::string text = readFile(workflowPath(cli));
        QVERIFY(text.find(foreignLine + '\n') != std::string::npos);
        QVERIFY2(lostLine(before, text).empty(), lostLine(before, text).c_str());
        checkValid(cli);

        // F5 goes from the workflow to the page with its task. (Who hands off can't be run yet.)
        QVERIFY(window.insist([&] { window.key(QStringLiteral("F5")); },
                              [&] { return window.find(named(QStringLiteral("Task"))).has_value(); }));
        window.key(QStringLiteral("ctrl+q"));
        QVERIFY(window.awaitEnd());
        QCOMPARE(window.process().exitCode(), 0);
        QVERIFY(readFile(workflowPath(cli)) == text);
    }

    void byMouseOnly()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        const CommandLine& cli = stage.cli;
        const std::string before = addForeignKeys(cli);
        Workbench window(stage.desktop, cli, stage.project());
        QVERIFY(window.awaitActive());
        QVERIFY(
            window.click("the workflow in the tree", [](const Control& c) { return c.role == u"TreeItem" && c.name == u"credit-note"; }));
        const auto repairer = card(QStringLiteral("repairer"));
        const auto agent = card(QStringLiteral("agent"));
        const auto second = card(QStringLiteral("agent-2"));
        QVERIFY(window.await("the sample's agent", repairer));

        // From the buttons that lie on the canvas.
        QVERIFY(window.click("+ Agent", button(QStringLiteral("Add agent"))));
        QVERIFY(window.settle("the new agent", agent));
        QVERIFY(window.chooseMenu({QStringLiteral("File"), QStringLiteral("Save")}));
        QVERIFY(saved(cli, [](const json& workflow) { return workflow["agents"].contains("agent"); }));
        const QPointF placeBefore = placeOfAgent(parsed(cli), "agent");

        // It is dragged towards the middle, and stands on the grid where it was dropped.
        const auto from = window.settle("the new agent", agent);
        const auto canvas = window.find([](const Control& c) { return c.name == u"Canvas"; });
        QVERIFY(from && canvas);
        const bool leftwards = from->place.center().x() > canvas->place.center().x();
        window.drag(from->place.center(), from->place.center() + QPoint(leftwards ? -150 : 150, -20));
        QVERIFY(becomes([&] {
            const auto now = window.find(agent);
            return now && std::abs(now->place.x() - from->place.x()) > 100;
        }));
        const auto dropped = window.settle("the dragged agent", agent);
        QVERIFY(dropped);
        QVERIFY(window.chooseMenu({QStringLiteral("File"), QStringLiteral("Save")}));
        QVERIFY(saved(cli, [&](const json& workflow) { return placeOfAgent(workflow, "agent") != placeBefore; }));
        const QPointF place = placeOfAgent(parsed(cli), "agent");
        for (const qreal at : {place.x(), place.y()})
            QCOMPARE(std::fmod(at, 8), 0.0);
        const QPointF moved = place - placeBefore;
        const qreal zoom = (dropped->place.x() - from->place.x()) / moved.x();
        QVERIFY(zoom > 0.2 && zoom < 4.1);
        QVERIFY(std::abs(moved.y() * zoom - (dropped->place.y() - from->place.y())) < 3);

        // A wire from the port at its side to the other.
        const auto source = window.settle("the sample's agent", repairer);
        QVERIFY(source);
        window.drag(QPoint(source->place.right(), source->place.center().y()), dropped->place.center());
        QVERIFY(window.await("the handoff", row(QStringLiteral("agent, agent, handoff"))));

        // One more, which its own menu deletes; Undo of the Edit menu brings it back.
        QVERIFY(window.click("+ Agent", button(QStringLiteral("Add agent"))));
        QVERIFY(window.settle("the second", second));
        QVERIFY(window.click("the second", second, Workbench::Mouse::Right));
        QVERIFY(window.click("Delete", menuItem(QStringLiteral("Delete"))));
        QVERIFY(window.awaitGone(second));
        QVERIFY(window.chooseMenu({QStringLiteral("Edit"), QStringLiteral("Undo")}));
        QVERIFY(window.await("the second again", second));
        QVERIFY(window.chooseMenu({QStringLiteral("File"), QStringLiteral("Save")}));
        QVERIFY(saved(cli, [](const json& workflow) { return workflow["agents"].contains("agent-2"); }));

        const json workflow = parsed(cli);
        GH_JSON(workflow["agents"]["repairer"]["handoffs"], json::array({"agent"}));
        QCOMPARE(placeOfAgent(workflow, "agent"), place);
        QVERIFY(!std::isnan(placeOfAgent(workflow, "agent-2").x()));
        const std::string text = readFile(workflowPath(cli));
        QVERIFY(text.find(foreignLine + '\n') != std::string::npos);
        QVERIFY2(lostLine(before, text).empty(), lostLine(before, text).c_str());
    }
};

GATEHOUSE_TEST_MAIN(TestCanvasJourney)
#include "tst_canvasjourney.moc"
